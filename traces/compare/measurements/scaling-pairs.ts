import { findIdleBatchOne } from "../../measure/integrity/rules.ts";
import { medianInterval } from "../../measure/median-interval.ts";
import { type Measurement, type MeasurementSet, summarize } from "../../measure/measurement.ts";
import { fitScaling } from "../../measure/scaling-fit.ts";
import { nameRegime, type ScalingAxis } from "../../measure/scaling-regime.ts";
import { areSameItems } from "../../measure/same-items.ts";
import { formatNumber } from "../../model/format-units.ts";
import type { ScalingCurve, ScalingCurvePoint, ScalingPair } from "./measurement-comparison.ts";
import { scaleOf, unitOf } from "./time-units.ts";

interface Member {
  readonly size: number;
  /** Of a whole step. */
  readonly samplesMs: readonly number[];
  readonly medianMs: number;
  readonly count: number | null;
  /** Items of a step; null when the file does not say. */
  readonly itemsPerStep: number | null;
  /** Atoms of an item; null when the file does not say. */
  readonly itemSize: number | null;
}

/** "4", "batch=4", "BM_Sort/64", "test_sort[64]": a number that stands alone or behind one of these signs. */
const sizeWord = /(?<=^|[=/[,])\d+(?:\.\d+)?(?=$|[\]/,])/g;
/** Times per item repeat those of steps. */
const perItem = /(?:^|_)per_/i;

/** Series whose names differ in one number, on both sides over at least two sizes each. */
export function pairCurves(
  before: readonly MeasurementSet[],
  after: readonly MeasurementSet[],
): readonly ScalingPair[] {
  const [left, right] = [groupBySize(before), groupBySize(after)];
  const pairs = [...left].flatMap(([title, a]): ScalingPair[] => {
    const b = right.get(title);
    if (b === undefined || sizesOf(a) < 2 || sizesOf(b) < 2) return [];
    const axisTitle = axisTitleOf(title);
    const axis = axisOf(axisTitle, [...a, ...b]);
    return [{ title, axis, axisTitle, before: toCurve(a, axis), after: toCurve(b, axis) }];
  });
  // What was repeated was what the benchmark is about; setup times are taken once.
  const isRepeated = ({ before: curve }: ScalingPair): boolean => curve.points.some(({ count }) => count !== 1);
  return [...pairs.filter(isRepeated), ...pairs.filter((pair) => !isRepeated(pair))];
}

function sizesOf(members: readonly Member[]): number {
  return new Set(members.map(({ size }) => size)).size;
}

function groupBySize(sets: readonly MeasurementSet[]): ReadonlyMap<string, readonly Member[]> {
  const groups = new Map<string, Member[]>();
  for (const { measurements } of sets)
    for (const measurement of measurements) {
      if (unitOf(measurement) !== "ns" || perItem.test(measurement.path.at(-1) ?? "")) continue;
      const member = toMember(measurement);
      if (!(member.medianMs > 0)) continue;
      for (const { title, size } of namesBySize(measurement.path)) {
        const group = groups.get(title) ?? [];
        groups.set(title, group);
        group.push({ ...member, size });
      }
    }
  return groups;
}

/** The name once for each number in it, with "#" in its place. */
function* namesBySize(path: readonly string[]): Iterable<{ readonly title: string; readonly size: number }> {
  for (const [at, word] of path.entries())
    for (const match of word.matchAll(sizeWord)) {
      const size = Number(match[0]);
      if (!(size > 0)) continue;
      const named = `${word.slice(0, match.index)}#${word.slice(match.index + match[0].length)}`;
      yield { title: path.with(at, named).join(" / "), size };
    }
}

function toMember(measurement: Measurement): Omit<Member, "size"> {
  const toMs = (scaleOf(measurement) * (measurement.itemsPerStep ?? 1)) / 1e6;
  const { n, median, mean } = summarize(measurement);
  return {
    samplesMs: measurement.values.map((value) => value * toMs),
    medianMs: (median ?? mean ?? Number.NaN) * toMs,
    count: n,
    itemsPerStep: measurement.itemsPerStep ?? null,
    itemSize: measurement.itemSize ?? null,
  };
}

/** The word that says what the number counts: its own key, else the word before it. */
function axisTitleOf(title: string): string {
  const words = title.split(" / ");
  const at = words.findIndex((word) => word.includes("#"));
  const key = /([\w ]+)=#/.exec(words[at] ?? "")?.[1];
  if (key !== undefined) return key;
  return words[at] === "#" && at > 0 ? (words[at - 1] ?? "size").replaceAll("_", " ") : "size";
}

/** A batch where the file says that steps grow in items, as the Scaling view has it; else where its name says so. */
function axisOf(title: string, members: readonly Member[]): ScalingAxis {
  const counts = members.flatMap(({ itemsPerStep }) => itemsPerStep ?? []);
  const isBatch = counts.length === members.length ? new Set(counts).size > 1 : /batch/i.test(title);
  return isBatch
    ? { kind: "batch", one: "item", many: "items" }
    : { kind: "size", one: "unit of size", many: title === "size" ? "units of size" : title };
}

function toCurve(members: readonly Member[], axis: ScalingAxis): ScalingCurve {
  const sorted = mergeRuns(members);
  const isIdle = axis.kind === "batch" && isFirstIdle(sorted);
  const largest = sorted.at(-1);
  const exclusionOf = ({ itemSize }: Member, at: number): string | null => {
    if (isIdle && at === 0) return "answered from a cache, not fitted";
    if (axis.kind === "size" || areSameItems(itemSize, largest?.itemSize ?? null)) return null;
    return `other items, ${formatNumber(itemSize ?? 0)} atoms each, not fitted`;
  };
  const points = sorted.map((member, at) => toPoint(member, exclusionOf(member, at)));
  const counted = sorted.filter((_member, at) => points[at]?.excluded === null);
  const fit = fitScaling(counted.map(({ size, medianMs, samplesMs }) => ({ size, timeMs: medianMs, samplesMs })));
  return { points, fit, regime: fit === null ? null : nameRegime(fit, axis) };
}

/** The same size in several files of a side: the same measurement again. */
function mergeRuns(members: readonly Member[]): readonly Member[] {
  const bySize = new Map<number, Member>();
  for (const member of members) {
    const known = bySize.get(member.size);
    const samplesMs = [...(known?.samplesMs ?? []), ...member.samplesMs];
    const { median } = summarize({ values: samplesMs, stated: null });
    bySize.set(
      member.size,
      known === undefined
        ? member
        : { ...member, samplesMs, medianMs: median ?? member.medianMs, count: samplesMs.length },
    );
  }
  return [...bySize.values()].sort((x, y) => x.size - y.size);
}

function isFirstIdle(sorted: readonly Member[]): boolean {
  const found = findIdleBatchOne(
    sorted.map(({ size, medianMs, samplesMs, count }) => ({
      place: "",
      path: [],
      batchSeries: "",
      sizeSeries: "",
      meanMs: medianMs,
      stdMs: null,
      count,
      samplesMs,
      isWarmedUp: false,
      batch: size,
      size: null,
    })),
  );
  return found.length > 0;
}

function toPoint({ size, medianMs, samplesMs, count }: Member, excluded: string | null): ScalingCurvePoint {
  const interval = medianInterval(samplesMs);
  return { size, medianMs, intervalMs: interval === null ? null : [interval.low, interval.high], count, excluded };
}
