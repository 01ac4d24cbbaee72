import { X } from "lucide-react";
import { Heading } from "react-aria-components";
import { useAppStore } from "../state/store.ts";
import { IconButton } from "../ui/Button.tsx";
import { classes } from "../ui/css.ts";
import { KeyHint } from "../ui/KeyHint.tsx";
import { ScrollArea } from "../ui/ScrollArea.tsx";
import { commandGroups, commands } from "./commands.ts";
import styles from "./HelpSheet.module.css";
import { Overlay } from "./Overlay.tsx";

const css = classes(styles);

const pointerGestures: readonly (readonly [gesture: string, what: string])[] = [
  ["Wheel", "Scroll the tracks"],
  ["Ctrl + wheel, pinch", "Zoom at the pointer"],
  ["Shift + wheel", "Move in time"],
  ["Drag", "Move in time and through tracks"],
  ["Shift + drag", "Select an area"],
  ["Drag on the ruler", "Select a range of time"],
  ["Double click on the ruler", "Set a bookmark"],
  ["Click", "Select a span"],
  ["Double click", "Zoom to a span"],
  ["Alt + drag", "Measure, caught by edges"],
];

/** All keys on one sheet. */
export function HelpSheet() {
  const store = useAppStore();
  const close = (): void => store.getState().showOverlay(null);
  return (
    <Overlay label="Keyboard shortcuts" size="sheet" onClose={close}>
      <div className={css("head")}>
        <Heading slot="title" className={css("heading")}>
          Keyboard shortcuts
        </Heading>
        <IconButton icon={<X size={16} />} label="Close" shortcut="Escape" onPress={close} placement="left" />
      </div>
      <ScrollArea className={css("columns")} label="Keys by group">
        {commandGroups.map((group) => {
          const keyed = commands.filter((command) => command.group === group && command.shortcuts.length > 0);
          return keyed.length === 0 ? null : (
            <section key={group} className={css("group")}>
              <h3 className={css("title")}>{group}</h3>
              {keyed.map((command) => (
                <div key={command.id} className={css("line")}>
                  <span>{command.title}</span>
                  <span className={css("keys")}>
                    {command.shortcuts.map((shortcut) => (
                      <KeyHint key={shortcut} shortcut={shortcut} />
                    ))}
                  </span>
                </div>
              ))}
            </section>
          );
        })}
        <section className={css("group")}>
          <h3 className={css("title")}>Pointer</h3>
          {pointerGestures.map(([gesture, what]) => (
            <div key={gesture} className={css("line")}>
              <span>{what}</span>
              <span className={css("gesture")}>{gesture}</span>
            </div>
          ))}
        </section>
      </ScrollArea>
    </Overlay>
  );
}
