import type { GridColumn } from "./DataGrid.tsx";

/** Px that a column without a width of its own takes at least. */
export const minRestPx = 160;

export interface FittedColumns<Row> {
  readonly shown: readonly GridColumn<Row>[];
  readonly folded: readonly GridColumn<Row>[];
}

/**
 * The columns that fit into `widthPx`: those without a `foldOrder` always, then one after another from the largest on,
 * each if there is room for it. Before the width is known all are shown. What the reader has `chosen` of those that may
 * fold goes before any width.
 */
export function fitColumns<Row>(
  columns: readonly GridColumn<Row>[],
  widthPx: number,
  chosen: ReadonlySet<string> | null,
): FittedColumns<Row> {
  const foldable = columns
    .filter(({ foldOrder }) => foldOrder !== undefined)
    .toSorted((a, b) => (b.foldOrder ?? 0) - (a.foldOrder ?? 0));
  const folded = new Set<GridColumn<Row>>();
  let freePx = widthPx === 0 ? Infinity : widthPx - widthOf(columns.filter((each) => !foldable.includes(each)));
  for (const column of foldable) {
    const columnPx = widthOf([column]);
    if (chosen === null ? columnPx > freePx : !chosen.has(column.id)) folded.add(column);
    else freePx -= columnPx;
  }
  const part = (isFolded: boolean): readonly GridColumn<Row>[] =>
    columns.filter((column) => folded.has(column) === isFolded);
  return { shown: part(false), folded: part(true) };
}

export function widthOf<Row>(columns: readonly GridColumn<Row>[]): number {
  return columns.reduce((sum, { widthPx = minRestPx }) => sum + widthPx, 0);
}
