import { classes } from "../ui/css.ts";
import { isTurning } from "./isolate.ts";
import type { NamePiece } from "./tell-apart.ts";
import styles from "./LongName.module.css";

const css = classes(styles);

/** A name in one line. Where the room is short it loses its end, then letters between the pieces that are kept. */
export function LongName({
  pieces,
  whole,
}: {
  readonly pieces: readonly NamePiece[];
  /** For who hears it. */
  readonly whole: string;
}) {
  const [only] = pieces;
  if (isTurning(whole))
    return (
      <span className={css("plain")} dir="auto">
        {inOneLine(pieces.map(({ text }) => text).join(""))}
      </span>
    );
  if (pieces.length < 2) return <span className={css("plain")}>{inOneLine(only?.text ?? whole)}</span>;
  return (
    <span className={css("name")}>
      <span className="visually-hidden">{whole}</span>
      {pieces.map(({ text, isKept }, index) => (
        <span
          // oxlint-disable-next-line react/no-array-index-key -- pieces of one text, in its order
          key={`${index} ${text}`}
          className={css("piece", isKept ? "kept" : index === pieces.length - 1 && "end")}
          aria-hidden
        >
          {inOneLine(text)}
        </span>
      ))}
    </span>
  );
}

/** Line breaks and tabs of a name as spaces: pieces keep the spaces at their ends, and so would keep the breaks. */
const inOneLine = (text: string): string => text.replaceAll(/[\t\n\v\f\r\u2028\u2029]/g, " ");
