import type { ReactNode } from "react";
import { classes } from "./css.ts";
import styles from "./Empty.module.css";

const css = classes(styles);

/** What stands where there is nothing to show: why, and what to do about it. */
export function Empty({
  title,
  children,
  actions,
}: {
  readonly title: string;
  readonly children?: ReactNode;
  readonly actions?: ReactNode;
}) {
  return (
    <div className={css("empty")}>
      <p className={css("title")}>{title}</p>
      {children === undefined ? null : <div className={css("text")}>{children}</div>}
      {actions === undefined ? null : <div className={css("actions")}>{actions}</div>}
    </div>
  );
}
