import { shorten, toOneLine } from "./printable.ts";

export interface TableColumn {
  readonly title: string;
  /** "point": decimal points one below the other. */
  readonly align: "left" | "right" | "point";
}

export interface TableStyle {
  /** Characters a line may have; null: as long as it needs. */
  readonly columns: number | null;
  readonly color: boolean;
}

/** Aligned lines, title line first. The last column takes the rest of the line and is cut in the middle to fit. */
export function formatTable(
  columns: readonly TableColumn[],
  rows: readonly (readonly string[])[],
  style: TableStyle,
): string {
  const cells = alignPoints(
    columns,
    rows.map((row) => row.map(toOneLine)),
  );
  const widths = columns.map(({ title }, index) =>
    cells.reduce((widest, row) => Math.max(widest, (row[index] ?? "").length), title.length),
  );
  const last = columns.length - 1;
  const used = widths.slice(0, last).reduce((sum, width) => sum + width + gap.length, 0);
  const room = style.columns === null ? Infinity : Math.max(smallestLast, style.columns - used);
  const toLine = (row: readonly string[]): string =>
    columns
      .map(({ align }, index) => {
        const text = index === last ? shorten(row[index] ?? "", room) : (row[index] ?? "");
        if (align !== "left") return text.padStart(widths[index] ?? 0);
        return index === last ? text : text.padEnd(widths[index] ?? 0);
      })
      .join(gap)
      .trimEnd();
  const title = toLine(columns.map((column) => column.title));
  return `${[style.color ? `\x1b[2m${title}\x1b[0m` : title, ...cells.map(toLine)].join("\n")}\n`;
}

/** Adds spaces behind numbers with fewer decimals than the one with most in their column. */
function alignPoints(
  columns: readonly TableColumn[],
  rows: readonly (readonly string[])[],
): readonly (readonly string[])[] {
  const tailOf = (text: string): number =>
    text.length - (/[.]/.exec(text)?.index ?? /[^\d\u2009<\u2212]/.exec(text)?.index ?? text.length);
  const tails = columns.map(({ align }, index) =>
    align === "point" ? rows.reduce((most, row) => Math.max(most, tailOf(row[index] ?? "")), 0) : 0,
  );
  return rows.map((row) =>
    row.map(
      (text, index) =>
        text +
        " ".repeat(
          Math.max(0, (tails[index] ?? 0) - (columns[index]?.align === "point" ? tailOf(text) : (tails[index] ?? 0))),
        ),
    ),
  );
}

/** "key  value" lines. */
export function formatFacts(facts: readonly (readonly [key: string, value: string])[], style: TableStyle): string {
  const width = facts.reduce((widest, [key]) => Math.max(widest, toOneLine(key).length), 0);
  const room = style.columns === null ? Infinity : Math.max(smallestLast, style.columns - width - gap.length);
  return facts
    .map(([key, value]) => `${toOneLine(key).padEnd(width)}${gap}${shorten(toOneLine(value), room)}\n`)
    .join("");
}

export function formatHeading(text: string, style: TableStyle): string {
  return style.color ? `\n\x1b[1m${toOneLine(text)}\x1b[0m\n` : `\n${toOneLine(text)}\n`;
}

const gap = "  ";
const smallestLast = 24;
