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
  /** How it was measured, by title: each has a column of its own in the table, "Backend" → "onnxruntime-cpu". */
  readonly facts?: Readonly<Record<string, string | number | null>>;
  /** Shown hollow with this reason: "outside the accuracy tolerance". */
  readonly excluded?: string;
}

export interface LineSeries {
  readonly id: string;
  readonly title: string;
  /** In quieter letters: device and precision, source of a reference. */
  readonly note?: string;
  /** Name in a legend where it stands below the series whose look it has: "affine fit". Absent: `title`. */
  readonly partTitle?: string;
  /**
   * measured: line, marks, interval band. marks: hollow marks without a line. model: a line without marks, dashed where
   * it is the fit of another series. Grey, since they were not measured here: reference, hollow marks; ideal, a dotted
   * line.
   */
  readonly role: "measured" | "marks" | "model" | "reference" | "ideal";
  /** What its rows are in the table: "roof". Absent: what its role says. */
  readonly kind?: string;
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
  /** SVG dash pattern of the line; absent: solid. */
  readonly dash?: string;
}

const neutralColor = "var(--series-neutral)";
const fitDash = "5 4";
const idealDash = "1.5 3";

/** Looks by series id. Hiding a series changes no other look; what was not measured here takes no color from what was. */
export function looksOf(series: readonly LineSeries[]): ReadonlyMap<string, SeriesLook> {
  const looks = new Map<string, SeriesLook>();
  const counts = { colored: 0, hollow: 0 };
  const hollowShape = (): MarkShape => hollowShapes[counts.hollow++ % hollowShapes.length] ?? "square";
  for (const { id, role, color, lookOf } of series) {
    if (lookOf !== undefined) continue;
    if (role === "ideal") looks.set(id, { color: color ?? neutralColor, shape: "circle", dash: idealDash });
    else if (role === "reference") looks.set(id, { color: color ?? neutralColor, shape: hollowShape() });
    else {
      const next = seriesLook(counts.colored++);
      const look = color === undefined ? next : { ...next, color };
      looks.set(id, role === "marks" ? { ...look, shape: hollowShape() } : look);
    }
  }
  for (const { id, role, lookOf } of series) {
    if (lookOf === undefined) continue;
    const look = looks.get(lookOf) ?? seriesLook(looks.size);
    looks.set(id, role === "model" ? { ...look, dash: fitDash } : look);
  }
  return looks;
}

/** Marks of their own, without a line between them. */
export function isHollow(role: LineSeries["role"]): boolean {
  return role === "reference" || role === "marks";
}

/** Every point is outside of what counts: the chart has hollow marks of it and no line. */
function isExcluded({ role, points }: LineSeries): boolean {
  return role === "measured" && points.length > 0 && points.every(({ excluded }) => excluded !== undefined);
}

/** A line without marks: nothing of it can be pointed at. */
export function isPlainLine(role: LineSeries["role"]): boolean {
  return role === "model" || role === "ideal";
}

/** Every series, and below it those that have its look. */
export function legendOf(series: readonly LineSeries[]): readonly LegendEntry[] {
  const looks = looksOf(series);
  const ids = new Set(series.map(({ id }) => id));
  const isPart = ({ lookOf }: LineSeries): boolean => lookOf !== undefined && ids.has(lookOf);
  const toEntry = (each: LineSeries): LegendEntry => {
    const look: SeriesLook = looks.get(each.id) ?? seriesLook(0);
    return {
      id: each.id,
      title: each.title,
      color: look.color,
      sign: isPlainLine(each.role) ? "line" : look.shape,
      isHollow: isHollow(each.role) || isExcluded(each),
      ...(look.dash === undefined ? {} : { dash: look.dash }),
      ...(isPart(each) ? { partTitle: each.partTitle ?? each.title } : {}),
      ...(each.note === undefined ? {} : { note: each.note }),
    };
  };
  return series
    .flatMap((each) => (isPart(each) ? [] : [each, ...series.filter(({ lookOf }) => lookOf === each.id)]))
    .map(toEntry);
}

/** What a row of the table is, for filters of spreadsheets. */
const kindsOfRoles: Readonly<Record<LineSeries["role"], string>> = {
  measured: "measured",
  marks: "measured",
  model: "fit",
  reference: "published",
  ideal: "ideal",
};

/**
 * All points, one a row, in the units of the axes and with digits enough for any further reckoning: first what was
 * measured, then fits, ideals and what others have published, told by their kind.
 */
export function lineTable(series: readonly LineSeries[], x: ChartAxis, y: ChartAxis): ChartTable {
  const kindOf = ({ kind, role }: LineSeries): string => kind ?? kindsOfRoles[role];
  const isMeasured = (each: LineSeries): boolean => kindOf(each) === "measured";
  const ordered = series.toSorted((a, b) => Number(isMeasured(b)) - Number(isMeasured(a)));
  const hasKinds = new Set(series.map(kindOf)).size > 1;
  const facts = [
    ...new Set(ordered.flatMap(({ points }) => points.flatMap((point) => Object.keys(point.facts ?? {})))),
  ];
  const ends = y.unit.symbol === "" ? ["Low", "High"] : [`Low, ${y.unit.symbol}`, `High, ${y.unit.symbol}`];
  return {
    columns: [
      ...(hasKinds ? [{ title: "Kind", align: "start" } as const] : []),
      { title: "Series", align: "start" },
      { title: axisTitle(x), align: "end" },
      { title: axisTitle(y), align: "end" },
      ...ends.map((title) => ({ title, align: "end" }) as const),
      { title: "n", align: "end" },
      ...facts.map((title) => ({ title, align: "start" }) as const),
      { title: "Note", align: "start" },
    ],
    rows: ordered.flatMap((each) =>
      each.points.map((point) => [
        ...(hasKinds ? [kindOf(each)] : []),
        each.title,
        cellNumber(point.x, x),
        cellNumber(point.y, y),
        point.low == null ? unknownIn(each) : cellNumber(point.low, y),
        point.high == null ? unknownIn(each) : cellNumber(point.high, y),
        point.count ?? unknownIn(each),
        ...facts.map((title) => point.facts?.[title] ?? ""),
        [point.label, point.excluded].filter((word) => word !== undefined).join("; "),
      ]),
    ),
  };
}

/** A line that was computed has no samples to collect. */
function unknownIn({ role }: LineSeries): "" | null {
  return isPlainLine(role) ? "" : null;
}

/** Six digits: more than any time is sure of. Whole numbers stay as they are. */
function cellNumber(value: number, { unit }: ChartAxis): number {
  const shown = value / unit.size;
  return Number.isInteger(shown) ? shown : Number(shown.toPrecision(6));
}
