import { classes } from "./css.ts";
import styles from "./NameInMiddle.module.css";

const css = classes(styles);

/** Letters that stay in front of the ending, and the most of both together. */
const keptLetters = 8;
const longestEnd = 22;
/** With fewer letters before its end a name has no middle to lose, and loses its end. */
const leastHead = 5;

/** The name of a file in one line: where the room is short it loses letters of its middle, since its end often says which of several it is. */
export function NameInMiddle({
  name,
  whole = name,
}: {
  readonly name: string;
  /** What it is called where `name` is short for it: the name for who hears it. */
  readonly whole?: string;
}) {
  const longEnd = endOf(name);
  const hasMiddle = name.length - longEnd.length >= leastHead;
  const end = hasMiddle ? longEnd : name;
  return (
    <span className={css("name")}>
      {end === whole ? null : <span className="visually-hidden">{whole}</span>}
      {hasMiddle ? (
        <span className={css("head")} aria-hidden>
          {name.slice(0, name.length - end.length)}
        </span>
      ) : null}
      <span className={css("end")} aria-hidden={end !== whole}>
        {end}
      </span>
    </span>
  );
}

/** The last letters of a name with its ending: "-step-gpu.trace.json" of "training-step-gpu.trace.json". */
export function endOf(name: string): string {
  const ending = /(?:\.[A-Za-z]\w{0,9})*$/.exec(name)?.[0] ?? "";
  return name.slice(-Math.min(longestEnd, ending.length + keptLetters));
}
