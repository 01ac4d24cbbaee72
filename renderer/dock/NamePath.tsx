import type { ReactNode } from "react";
import { classes } from "../ui/css.ts";
import styles from "./NamePath.module.css";

const css = classes(styles);

/** A name, or the names that lead to it, the last one standing out. */
export function NamePath({
  path,
  mark,
  title,
}: {
  readonly path: readonly string[];
  readonly mark: ReactNode;
  readonly title: string;
}) {
  return (
    <span className={css("line")} title={title}>
      {mark}
      {path.length > 1 ? <span className={css("outer")}>{path.slice(0, -1).join(" › ")} ›</span> : null}
      <span className={css("last")}>{path.at(-1) ?? ""}</span>
    </span>
  );
}
