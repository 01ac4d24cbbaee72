/** The numbers behind a chart: shown instead of it, read by screen readers, written as CSV. */
export interface ChartTable {
  readonly columns: readonly ChartColumn[];
  readonly rows: readonly (readonly ChartCell[])[];
}

export interface ChartColumn {
  /** With its unit: "Time per item, ns". */
  readonly title: string;
  readonly align: "start" | "end";
}

/** Null is written as nothing in CSV and as "not collected" on the screen. */
export type ChartCell = string | number | null;

/** RFC 4180, all digits, with a line feed after every line. Texts that a spreadsheet would run as a formula get an apostrophe. */
export function toCsv(table: ChartTable): string {
  const lines = [table.columns.map((column) => column.title), ...table.rows];
  return lines.map((cells) => `${cells.map(csvCell).join(",")}\n`).join("");
}

function csvCell(cell: ChartCell): string {
  if (cell === null) return "";
  if (typeof cell === "number") return String(cell);
  const safe = /^[=+\-@\t\r]/.test(cell) ? `'${cell}` : cell;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
