import { sideLetter, type SideName } from "../state/compare-sides.ts";
import { classes } from "./css.ts";
import styles from "./SideBadge.module.css";

const css = classes(styles);

/** A or B: the letter that follows a side of the comparison through the window. */
export function SideBadge({ side }: { readonly side: SideName }) {
  return (
    <span className={css("badge", side)} title={side} aria-hidden>
      {sideLetter(side)}
    </span>
  );
}
