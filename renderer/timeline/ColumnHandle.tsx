import type { KeyboardEvent, PointerEvent } from "react";
import styles from "./ColumnHandle.module.css";

const minPx = 120;
const maxPx = 640;
const stepPx = 16;

/** The edge between track names and tracks: dragged, or moved with the arrow keys. */
export function ColumnHandle({
  widthPx,
  onChange,
}: {
  readonly widthPx: number;
  readonly onChange: (px: number) => void;
}) {
  const change = (px: number): void => onChange(Math.round(Math.min(maxPx, Math.max(minPx, px))));
  const onPointerDown = (event: PointerEvent<HTMLHRElement>): void => {
    if (event.button === 0) event.currentTarget.setPointerCapture(event.pointerId);
  };
  const onPointerMove = (event: PointerEvent<HTMLHRElement>): void => {
    if (!event.currentTarget.hasPointerCapture(event.pointerId)) return;
    change(event.clientX - (event.currentTarget.parentElement?.getBoundingClientRect().left ?? 0));
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key !== "ArrowLeft" && event.key !== "ArrowRight") return;
    event.preventDefault();
    change(widthPx + (event.key === "ArrowLeft" ? -stepPx : stepPx));
  };
  return (
    // A separator with a value is a control: the rules below think of one that only divides.
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions
    <hr
      className={styles["handle"]}
      style={{ left: widthPx - 3 }}
      aria-orientation="vertical"
      aria-label="Width of the track names"
      aria-valuenow={widthPx}
      aria-valuemin={minPx}
      aria-valuemax={maxPx}
      // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
      tabIndex={0}
      onPointerDown={onPointerDown}
      onPointerMove={onPointerMove}
      onKeyDown={onKeyDown}
    />
  );
}
