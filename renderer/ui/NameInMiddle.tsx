import { isTurning } from "../names/isolate.ts";
import { classes } from "./css.ts";
import styles from "./NameInMiddle.module.css";

const css = classes(styles);

/** Letters that stay in front of the ending, and the most of both together. */
const keptLetters = 8;
const longestEnd = 22;
/** So many more where the end then begins with a word. */
const mostOver = 6;
/** A last word of fewer tells nothing apart. */
const leastLetters = 2;
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
  const isOnePiece = isTurning(name);
  const hasMiddle = !isOnePiece && name.length - longEnd.length >= leastHead;
  const end = hasMiddle ? longEnd : name;
  const head = name.slice(0, name.length - end.length);
  return (
    <span className={css("name")}>
      {end === whole ? null : <span className="visually-hidden">{whole}</span>}
      {hasMiddle ? (
        <span className={css("head", head.includes(" ") && "words")} aria-hidden>
          {head}
        </span>
      ) : null}
      <span className={css("end")} aria-hidden={end !== whole} dir={isOnePiece ? "auto" : undefined}>
        {end}
      </span>
    </span>
  );
}

/**
 * The last words of a name with its ending: "-gpu.trace.json" of "training-step-gpu.trace.json". Begins with what
 * separates it from the word before; inside a word only where that alone is too long.
 */
export function endOf(name: string): string {
  const ending = /(?:\.[A-Za-z]\w{0,9})*$/.exec(name)?.[0] ?? "";
  const wanted = name.length - Math.min(longestEnd, ending.length + keptLetters);
  const limits = wordLimits(name.slice(0, name.length - ending.length));
  const before = (most: number): number | undefined =>
    limits.findLast((at) => at <= wanted && name.length - at <= most);
  const after = limits.find((at) => at > wanted && name.length - ending.length - at > leastLetters);
  return name.slice(Math.max(0, before(longestEnd) ?? after ?? before(longestEnd + mostOver) ?? wanted));
}

/** Where the words behind the first one begin, with the last sign before each. */
function wordLimits(text: string): readonly number[] {
  return Array.from(text.matchAll(/[-_. :,/\\](?=[^-_. :,/\\])/g), ({ index }) => index);
}
