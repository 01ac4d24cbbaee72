import type { ReactNode } from "react";
import { LongName } from "../names/LongName.tsx";
import { shortName } from "../names/short-name.ts";
import type { PiecesOf } from "../names/tell-apart.ts";
import { classes } from "../ui/css.ts";
import { joinPath } from "../names/isolate.ts";
import styles from "./NamePath.module.css";

const css = classes(styles);

/** A name, or the names that lead to it, the last one standing out. */
export function NamePath({
  path,
  piecesOf,
  mark,
  title,
}: {
  readonly path: readonly string[];
  /** What tells the last name from those above and below it. */
  readonly piecesOf: PiecesOf;
  readonly mark: ReactNode;
  readonly title: string;
}) {
  const last = path.at(-1) ?? "";
  return (
    <span className={css("line")} title={title}>
      {mark}
      {path.length > 1 ? <span className={css("outer")}>{joinPath(path.slice(0, -1).map(shortName))} ›</span> : null}
      <span className={css("last")}>
        <LongName pieces={piecesOf(last)} whole={last} />
      </span>
    </span>
  );
}
