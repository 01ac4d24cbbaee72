import type { ChartAxis } from "./axis.ts";
import type { ChartTable } from "./chart-table.ts";
import type { LegendEntry } from "./legend.ts";
import { type MarkShape, seriesLook } from "./marks.tsx";

/** A measured value at a place, with its interval where there is one. */
export interface LinePoint {
  readonly x: number;
  readonly y: number;
  /** Ends of the interval; absent or null: not known. */
  readonly low?: number | null;
  readonly high?: number | null;
  /** Replicates behind the value. */
  readonly count?: number;
  /** Words for the read-out: "C60, 60 atoms". */
  readonly label?: string;
  /** Shown hollow with this reason: "outside the accuracy tolerance". */
  readonly excluded?: string;
}

export interface LineSeries {
  readonly id: string;
  readonly title: string;
  /** In quieter letters: device and precision, source of a reference. */
  readonly note?: string;
  /**
   * measured: line, marks, interval band. reference: hollow marks without a line, for values that were not measured
   * here. model: a plain line without marks, for fits and ideals.
   */
  readonly role: "measured" | "reference" | "model";
  /** In order of x. */
  readonly points: readonly LinePoint[];
  /** Look of another series, for a model of it. Absent: the next free look. */
  readonly lookOf?: string;
}

export interface SeriesLook {
  readonly color: string;
  readonly shape: MarkShape;
}

/** Looks by series id. Hiding a series changes no other look. */
export function looksOf(series: readonly LineSeries[]): ReadonlyMap<string, SeriesLook> {
  const own = series.filter((each) => each.lookOf === undefined);
  const looks = new Map(own.map((each, index) => [each.id, seriesLook(index)]));
  for (const each of series) {
    const borrowed = each.lookOf === undefined ? undefined : looks.get(each.lookOf);
    if (!looks.has(each.id)) looks.set(each.id, borrowed ?? seriesLook(looks.size));
  }
  return looks;
}

export function legendOf(series: readonly LineSeries[]): readonly LegendEntry[] {
  const looks = looksOf(series);
  return series.map((each) => {
    const look = looks.get(each.id) ?? seriesLook(0);
    return {
      id: each.id,
      title: each.title,
      color: look.color,
      sign: each.role === "model" ? "line" : look.shape,
      ...(each.note === undefined ? {} : { note: each.note }),
    };
  });
}

/** All points, one a row, in base units. */
export function lineTable(
  series: readonly LineSeries[],
  x: ChartAxis,
  y: ChartAxis,
  baseUnits: { readonly x: string; readonly y: string },
): ChartTable {
  const head = (axis: ChartAxis, unit: string): string => (unit === "" ? axis.title : `${axis.title}, ${unit}`);
  return {
    columns: [
      { title: "Series", align: "start" },
      { title: head(x, baseUnits.x), align: "end" },
      { title: head(y, baseUnits.y), align: "end" },
      { title: "Low", align: "end" },
      { title: "High", align: "end" },
      { title: "n", align: "end" },
      { title: "Note", align: "start" },
    ],
    rows: series.flatMap((each) =>
      each.points.map((point) => [
        each.title,
        point.x,
        point.y,
        point.low ?? null,
        point.high ?? null,
        point.count ?? null,
        [point.label, point.excluded].filter((word) => word !== undefined).join("; "),
      ]),
    ),
  };
}
