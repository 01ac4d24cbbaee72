import type { ReactNode } from "react";
import styles from "./Answer.module.css";
import { classes } from "./css.ts";

const css = classes(styles);

/** What an answer of the engine shows; it fades when the question has changed and the next answer takes its time. */
export function Answer({ isStale, children }: { readonly isStale: boolean; readonly children: ReactNode }) {
  return (
    <div className={css("answer", isStale && "stale")} aria-busy={isStale}>
      {children}
    </div>
  );
}
