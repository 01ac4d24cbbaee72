import { axisTitle, type ChartAxis } from "./axis.ts";
import type { ChartTable } from "./chart-table.ts";
import type { LegendEntry } from "./legend.ts";
import { hollowShapes, type MarkShape, seriesLook } from "./marks.tsx";

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
  /** CSS color that means something beyond this chart: that of a side. */
  readonly color?: string;
}

export interface SeriesLook {
  readonly color: string;
  readonly shape: MarkShape;
}

/** Looks by series id. Hiding a series changes no other look. */
export function looksOf(series: readonly LineSeries[]): ReadonlyMap<string, SeriesLook> {
  const own = series.filter((each) => each.lookOf === undefined);
  const references = own.filter(({ role }) => role === "reference");
  const looks = new Map(
    own.map((each, index): [string, SeriesLook] => {
      const next = seriesLook(index);
      const look = each.color === undefined ? next : { ...next, color: each.color };
      const place = references.indexOf(each);
      return [each.id, place < 0 ? look : { ...look, shape: hollowShapes[place % hollowShapes.length] ?? look.shape }];
    }),
  );
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
      isHollow: each.role === "reference",
      isDashed: each.role === "model",
      ...(each.note === undefined ? {} : { note: each.note }),
    };
  });
}

/** All points, one a row, in the units of the axes and with digits enough for any further reckoning. */
export function lineTable(series: readonly LineSeries[], x: ChartAxis, y: ChartAxis): ChartTable {
  const ends = y.unit.symbol === "" ? ["Low", "High"] : [`Low, ${y.unit.symbol}`, `High, ${y.unit.symbol}`];
  return {
    columns: [
      { title: "Series", align: "start" },
      { title: axisTitle(x), align: "end" },
      { title: axisTitle(y), align: "end" },
      ...ends.map((title) => ({ title, align: "end" }) as const),
      { title: "n", align: "end" },
      { title: "Note", align: "start" },
    ],
    rows: series.flatMap((each) =>
      each.points.map((point) => [
        each.title,
        cellNumber(point.x, x),
        cellNumber(point.y, y),
        point.low == null ? null : cellNumber(point.low, y),
        point.high == null ? null : cellNumber(point.high, y),
        point.count ?? null,
        [point.label, point.excluded].filter((word) => word !== undefined).join("; "),
      ]),
    ),
  };
}

/** Six digits: more than any time is sure of. Whole numbers stay as they are. */
function cellNumber(value: number, { unit }: ChartAxis): number {
  const shown = value / unit.size;
  return Number.isInteger(shown) ? shown : Number(shown.toPrecision(6));
}
