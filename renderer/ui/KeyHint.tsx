import { classes } from "./css.ts";
import styles from "./KeyHint.module.css";
import { formatShortcut, isMac } from "./shortcut.ts";

const css = classes(styles);

/** A keyboard shortcut as keys. */
export function KeyHint({
  shortcut,
  tone = "onSurface",
}: {
  readonly shortcut: string;
  readonly tone?: "onSurface" | "onTooltip";
}) {
  return (
    <span className={css("keys", tone)}>
      {formatShortcut(shortcut, isMac()).map((key) => (
        <kbd key={key} className={css("key")}>
          {key}
        </kbd>
      ))}
    </span>
  );
}
