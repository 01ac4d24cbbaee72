import { type DragEvent, type ReactNode, useRef, useState } from "react";
import { useAppStore } from "../state/store.ts";
import { classes } from "../ui/css.ts";
import styles from "./DropZone.module.css";

const css = classes(styles);

/** Takes files dropped anywhere on the window. */
export function DropZone({ children }: { readonly children: ReactNode }) {
  const store = useAppStore();
  const [isOver, setIsOver] = useState(false);
  // Enter and leave come for every child; the window is left when they balance.
  const depth = useRef(0);
  const carriesFiles = (event: DragEvent): boolean => event.dataTransfer.types.includes("Files");
  return (
    <div
      className={css("zone")}
      onDragEnter={(event) => {
        if (!carriesFiles(event)) return;
        depth.current++;
        setIsOver(true);
      }}
      onDragLeave={(event) => {
        if (!carriesFiles(event)) return;
        depth.current = Math.max(0, depth.current - 1);
        if (depth.current === 0) setIsOver(false);
      }}
      onDragOver={(event) => {
        if (!carriesFiles(event)) return;
        event.preventDefault();
        event.dataTransfer.dropEffect = "copy";
      }}
      onDrop={(event) => {
        if (!carriesFiles(event)) return;
        event.preventDefault();
        depth.current = 0;
        setIsOver(false);
        void store.getState().openDropped([...event.dataTransfer.files]);
      }}
    >
      {children}
      {isOver ? <div className={css("veil")}>Drop to open</div> : null}
    </div>
  );
}
