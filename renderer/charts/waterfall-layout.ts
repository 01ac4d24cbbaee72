import { placeAxis, type PlacedAxis } from "./axis.ts";
import type { ChangeTone } from "./change.ts";
import type { Unit } from "../../traces/model/format-units.ts";

/** One row of a waterfall. Values in ns. */
export type WaterfallRow =
  | { readonly kind: "total"; readonly id: string; readonly title: string; readonly valueNs: number }
  | {
      readonly kind: "change";
      readonly id: string;
      readonly title: string;
      readonly deltaNs: number;
      readonly tone: ChangeTone;
      /** Interval of the delta, where one is known. */
      readonly lowNs?: number | null;
      readonly highNs?: number | null;
      /** In quieter letters: "count −12 ms, speed +3 ms". */
      readonly note?: string;
      /** Only in one side. */
      readonly presence?: "added" | "removed";
    };

export interface PlacedBar {
  readonly row: WaterfallRow;
  readonly topPx: number;
  readonly leftPx: number;
  readonly widthPx: number;
  /** Where the row ends: the line to the next one starts here. */
  readonly endPx: number;
  readonly whisker: readonly [fromPx: number, toPx: number] | null;
}

export interface WaterfallLayout {
  readonly axis: PlacedAxis;
  readonly bars: readonly PlacedBar[];
  /** Columns: titles end here, bars lie between, numbers start here. */
  readonly barsFromPx: number;
  readonly barsToPx: number;
  readonly heightPx: number;
}

export const waterfallRowPx = 26;
export const waterfallHeadPx = 22;
const footPx = 8;
const numbersPx = 212;
const minBarPx = 1.5;

/**
 * Rows from top to bottom, each change starting where the one before ended, so that the last total stands at the sum.
 * The axis does not start at 0 when all totals lie far above the changes: it then covers what moves and says so by its
 * ticks.
 */
export function layoutWaterfall(rows: readonly WaterfallRow[], unit: Unit, widthPx: number): WaterfallLayout {
  const barsFromPx = Math.round(Math.min(380, Math.max(140, widthPx * 0.3)));
  const barsToPx = Math.max(barsFromPx + 60, widthPx - numbersPx);
  const levels = runningLevels(rows);
  const reached = levels.flatMap(({ fromNs, toNs }, index) =>
    rows[index]?.kind === "total" ? [toNs] : [fromNs, toNs],
  );
  const axis = placeAxis(
    { title: "", unit, scale: "linear" },
    [...reached, ...intervalEnds(rows, levels)],
    { fromPx: barsFromPx, toPx: barsToPx, tickPx: 84 },
    { fromZero: !isFarFromZero(reached) },
  );
  const place = (valueNs: number): number => axis.toPx(valueNs) ?? barsFromPx;
  const bars = rows.map((row, index): PlacedBar => {
    const { fromNs, toNs } = levels[index] ?? { fromNs: 0, toNs: 0 };
    const startPx =
      row.kind === "total" ? Math.min(barsFromPx, place(0) > barsFromPx ? place(0) : barsFromPx) : place(fromNs);
    const endPx = place(toNs);
    return {
      row,
      topPx: waterfallHeadPx + index * waterfallRowPx,
      leftPx: Math.min(startPx, endPx),
      widthPx: Math.max(minBarPx, Math.abs(endPx - startPx)),
      endPx,
      // Below 0 there is no room.
      whisker: whiskerOf(row, fromNs, (valueNs) => Math.max(barsFromPx, place(valueNs))),
    };
  });
  return { axis, bars, barsFromPx, barsToPx, heightPx: waterfallHeadPx + rows.length * waterfallRowPx + footPx };
}

interface RowLevel {
  readonly fromNs: number;
  readonly toNs: number;
}

/** Where whiskers end; what lies below 0 counts as 0. */
function intervalEnds(rows: readonly WaterfallRow[], levels: readonly RowLevel[]): readonly number[] {
  return rows.flatMap((row, index) =>
    row.kind === "total" || row.lowNs == null || row.highNs == null
      ? []
      : [row.lowNs, row.highNs].map((ns) => Math.max(0, (levels[index]?.fromNs ?? 0) + ns)),
  );
}

function runningLevels(rows: readonly WaterfallRow[]): readonly RowLevel[] {
  let level = 0;
  return rows.map((row) => {
    const fromNs = row.kind === "total" ? 0 : level;
    level = row.kind === "total" ? row.valueNs : level + row.deltaNs;
    return { fromNs, toNs: level };
  });
}

function isFarFromZero(values: readonly number[]): boolean {
  const low = values.reduce((least, value) => Math.min(least, value), Infinity);
  const high = values.reduce((most, value) => Math.max(most, value), -Infinity);
  return low > 0 && high - low < 0.25 * high;
}

function whiskerOf(
  row: WaterfallRow,
  fromNs: number,
  place: (valueNs: number) => number,
): readonly [number, number] | null {
  if (row.kind === "total" || row.lowNs == null || row.highNs == null) return null;
  return [place(fromNs + row.lowNs), place(fromNs + row.highNs)];
}
