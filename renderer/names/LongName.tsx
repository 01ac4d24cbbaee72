import { classes } from "../ui/css.ts";
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
  if (pieces.length < 2) return <span className={css("plain")}>{only?.text ?? whole}</span>;
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
          {text}
        </span>
      ))}
    </span>
  );
}
