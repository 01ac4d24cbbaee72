import type { WorkloadFacts } from "../../../native-bench/plan/catalog.ts";
import type { BenchResult } from "../../../traces/measure/bench-report.ts";
import type { ScalingFit } from "../../../traces/measure/scaling-fit.ts";
import { predictIntervalMs, predictMs, type ScalingAxis } from "../../../traces/measure/scaling-regime.ts";
import { formatCount } from "../../../traces/model/format-units.ts";
import type { LinePoint, LineSeries } from "../../charts/line-series.ts";
import { type AxisChoice, itemsTimed, type ScalingMember, type ScalingSeries } from "./scaling-series.ts";

export type Quantity = "perItem" | "total" | "rate";

/** Curves, fits, the ideal of the first series and published figures, as the chart wants them. Times in ns. */
export function linesOf(
  series: readonly ScalingSeries[],
  choice: AxisChoice,
  quantity: Quantity,
  published: WorkloadFacts["published"],
): readonly LineSeries[] {
  const all = resultsOf(series);
  const lines: LineSeries[] = series.map((one) => {
    const note = ownParts(one, all);
    return {
      id: one.id,
      title: one.title,
      ...(note === "" ? {} : { note }),
      role: "measured",
      points: one.results.map((member) => toLinePoint(member, quantity, choice.axis)),
    };
  });
  for (const one of series) {
    // A line through points that allow any would be a claim.
    if (one.fit === null || one.regime === null || one.regime.name === "undecided") continue;
    const { fit, regime } = one;
    const points = curve(fit, (size) => predictMs(fit, regime, size), choice, quantity).map((point) =>
      withBand(point, predictIntervalMs(fit, regime, point.x), choice, quantity),
    );
    lines.push({
      id: `${one.id} fit`,
      title: `${one.title}: ${regime.title.toLowerCase()} fit`,
      partTitle: `${regime.title.toLowerCase()} fit`,
      role: "model",
      lookOf: one.id,
      points,
    });
  }
  const ideal = idealOf(series, choice, quantity);
  if (ideal !== null) lines.push(ideal);
  for (const each of published ?? []) {
    if (each.axis !== choice.id && each.axis !== choice.axis.many) continue;
    const points = each.points.map(({ size, timeMs, note }) => ({
      x: size,
      y: quantityOf(timeMs, itemsAt(size, choice), quantity),
      label: `published, ${each.source}${note === undefined ? "" : `: ${note}`}`,
    }));
    lines.push({
      id: `published ${each.title}`,
      title: `published: ${each.title}`,
      note: each.source,
      role: "reference",
      points,
    });
  }
  return lines;
}

/** A batch that costs what one item costs; a system that costs in proportion to its size. */
function idealOf(series: readonly ScalingSeries[], choice: AxisChoice, quantity: Quantity): LineSeries | null {
  const own = series.find(({ fit }) => fit !== null);
  const first = own?.results.find(({ size }) => size === own.fit?.smallest);
  if (own === undefined || first === undefined || own.fit === null) return null;
  const startMs = (first.result.medianMs ?? 0) * itemsTimed(first.result, choice.axis);
  const isBatch = choice.axis.kind === "batch";
  const model = (size: number): number => (isBatch ? startMs : (startMs * size) / first.size);
  const words = isBatch ? "a batch costs what its first costs" : "in proportion to the size";
  return {
    id: "ideal",
    title: series.length > 1 ? `ideal of ${own.title}: ${words}` : `ideal: ${words}`,
    role: "ideal",
    points: curve(own.fit, model, choice, quantity),
  };
}

const curvePoints = 48;

function curve(
  { smallest, largest }: Pick<ScalingFit, "smallest" | "largest">,
  timeMs: (size: number) => number,
  choice: AxisChoice,
  quantity: Quantity,
): readonly LinePoint[] {
  return Array.from({ length: curvePoints }, (_, i) => {
    const size = smallest * (largest / smallest) ** (i / (curvePoints - 1));
    return { x: size, y: quantityOf(timeMs(size), itemsAt(size, choice), quantity) };
  });
}

/** Where another measurement is to be expected. */
function withBand(
  point: LinePoint,
  interval: ReturnType<typeof predictIntervalMs>,
  choice: AxisChoice,
  quantity: Quantity,
): LinePoint {
  if (interval === null) return point;
  const items = itemsAt(point.x, choice);
  const ends = [interval.low, interval.high].map((timeMs) => quantityOf(timeMs, items, quantity));
  return { ...point, low: Math.min(...ends), high: Math.max(...ends) };
}

function toLinePoint({ size, result, facts }: ScalingMember, quantity: Quantity, axis: ScalingAxis): LinePoint {
  const { medianMs, lowMs, highMs, sampleCount, outcome, reason } = result;
  const items = itemsTimed(result, axis);
  const at = (perItemMs: number): number => quantityOf(perItemMs * items, items, quantity);
  const ends = lowMs === null || highMs === null ? [null, null] : [at(lowMs), at(highMs)].toSorted((a, b) => a - b);
  return {
    x: size,
    y: at(medianMs ?? 0),
    low: ends[0] ?? null,
    high: ends[1] ?? null,
    count: sampleCount,
    facts,
    ...(outcome === "excluded" ? { excluded: reason ?? "outside its tolerance" } : {}),
  };
}

const msNs = 1e6;

/** ns of a step or an item, or items a second. */
function quantityOf(timeMs: number, items: number, quantity: Quantity): number {
  if (quantity === "rate") return (items * 1000) / timeMs;
  return (quantity === "perItem" ? timeMs / items : timeMs) * msNs;
}

function itemsAt(size: number, { axis }: AxisChoice): number {
  return axis.kind === "batch" ? size : 1;
}

/**
 * What all the curves hold for: "onnxruntime-cpu, Xeon, float32, after 5 to 40 steps of warm-up". Device and precision
 * only where they are the same for all; the legend has them elsewhere.
 */
export function measuredWith(series: readonly ScalingSeries[]): string {
  const results = resultsOf(series);
  const backends = [...new Set(results.map(({ backend }) => backend))].join(" and ");
  const shared = computerParts.map((part) => sharedPart(results, part));
  return [backends, ...shared, warmUpWords(results)].filter((word) => word !== null && word !== "").join(", ");
}

function warmUpWords(results: readonly BenchResult[]): string {
  if (results.length === 0) return "";
  const steps = results.map(({ warmupSteps }) => warmupSteps);
  const ends = [...new Set([Math.min(...steps), Math.max(...steps)])];
  if (ends.every((count) => count === 0)) return "without warm-up";
  return `after ${ends.map((count) => formatCount(count)).join(" to ")} steps of warm-up`;
}

/** What tells where and how a result was computed, each in its words; null where it has none. */
type ComputerPart = (result: BenchResult) => string | null;
const computerParts: readonly ComputerPart[] = [
  ({ device, software }) => (software && device !== null ? `${device}, software` : device),
  ({ precision }) => precision,
];

/** Null where the results differ in it. */
function sharedPart(results: readonly BenchResult[], part: ComputerPart): string | null {
  const found = new Set(results.map(part));
  const [only] = found;
  return found.size === 1 ? (only ?? null) : null;
}

/** What this curve has of its own: "int8". */
function ownParts({ results: [first] }: ScalingSeries, all: readonly BenchResult[]): string {
  if (first === undefined) return "";
  return computerParts.flatMap((part) => (sharedPart(all, part) === null ? (part(first.result) ?? []) : [])).join(", ");
}

function resultsOf(series: readonly ScalingSeries[]): readonly BenchResult[] {
  return series.flatMap((one) => one.results.map(({ result }) => result));
}
