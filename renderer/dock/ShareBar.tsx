import type { SpanKindName } from "../../traces/model/span-kind.ts";
import { usePalette } from "../theme/theme.ts";
import { classes } from "../ui/css.ts";
import styles from "./ShareBar.module.css";

const css = classes(styles);

/** A part of a whole as a bar with its number. */
export function ShareBar({
  fraction,
  kind,
  text,
}: {
  readonly fraction: number;
  readonly kind: SpanKindName;
  readonly text: string;
}) {
  const palette = usePalette();
  return (
    <span className={css("share")}>
      <span className={css("track")} aria-hidden>
        <span
          className={css("bar")}
          style={{ width: `${Math.min(1, Math.max(0, fraction)) * 100}%`, background: palette.kindFill[kind] }}
        />
      </span>
      <span className={css("number")}>{text}</span>
    </span>
  );
}
