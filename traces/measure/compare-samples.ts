import { measureDependence, type Dependence } from "./autocorrelation.ts";
import { bcaInterval, drawStatistic, type BootstrapSide } from "./bootstrap.ts";
import type { Change } from "./conclude.ts";
import { meanOf, medianOf, quantileOfSorted, standardDeviationOf } from "./describe.ts";
import { normalQuantile } from "./distributions.ts";
import { cliffsDeltaFromU, nameEffect } from "./effect-size.ts";
import type { Interval, IntervalMethod, SampleSummary } from "./estimate.ts";
import { differencesOf, type Differences } from "./hodges-lehmann.ts";
import { testShape } from "./kolmogorov-smirnov.ts";
import { cumulativeU, lowerQuantile, type NullDistribution, testRanks } from "./mann-whitney.ts";
import { createRandom } from "./random.ts";
import { relativeInterval, relativeOf } from "./relative.ts";

/** Observations of one side in time order: steps, or runs. */
export interface Sample {
  readonly values: Float64Array;
  /** Names the stream of random numbers of this side; the same inputs give the same draws. */
  readonly seed: string;
}

export interface SampleOptions {
  readonly alpha: number;
  /** Draws where steps depend on each other; 0: the order statistics at the effective n serve instead. */
  readonly resamples: number;
  /** Neighbours in time may depend on each other (steps), or not (runs, repetitions in random order). */
  readonly ordered: boolean;
  /** Both sides are one and the same recording: every difference is 0, by definition and not by luck. */
  readonly sameRecording: boolean;
}

/** Compares two samples. Keeps the null distributions of the sizes it met, so make one for many rows. */
export interface SampleComparer {
  compare(before: Sample, after: Sample, options: SampleOptions): Change;
}

/** Sides up to this size get exact quantiles. */
const largestExactInterval = 50;

export function createSampleComparer(): SampleComparer {
  const distributions = new Map<string, Float64Array>();
  const nullDistribution = (n: number, m: number): Float64Array => {
    // U is symmetric in n and m.
    const key = `${Math.min(n, m)},${Math.max(n, m)}`;
    const known = distributions.get(key) ?? cumulativeU(Math.min(n, m), Math.max(n, m));
    distributions.set(key, known);
    return known;
  };
  return {
    compare: (before, after, options) => compareSamples(before, after, options, nullDistribution),
  };
}

function compareSamples(before: Sample, after: Sample, options: SampleOptions, nullOf: NullDistribution): Change {
  const a = before.values;
  const b = after.values;
  const dependence = { a: dependenceOf(a, options.ordered), b: dependenceOf(b, options.ordered) };
  // Everything but the dependence of neighbors asks for the order of size.
  const sorted = { a: a.slice().sort(), b: b.slice().sort() };
  const summaries = { before: summarize(sorted.a, dependence.a), after: summarize(sorted.b, dependence.b) };
  const middle = (summaries.before.median + summaries.after.median) / 2;
  const differences = differencesOf(sorted.a, sorted.b);
  const shift = a.length > 0 && b.length > 0 ? differences.median() : Number.NaN;
  const base = { ...summaries, shift, relative: relativeOf(shift, middle) };
  if (options.sameRecording) return { ...base, ...unchanged, level: 1 - options.alpha };
  if (a.length < 2 || b.length < 2)
    return {
      ...base,
      shiftInterval: null,
      relativeInterval: null,
      level: 1 - options.alpha,
      equivalenceInterval: null,
      method: "none",
      p: null,
      shapeP: null,
      cliffsDelta: null,
      effect: null,
      notes: ["one observation on a side: the change is what was seen, without a test"],
    };
  const bounds = intervalsOf(before, after, dependence, options, { nullOf, differences });
  // Medians of 0 on both sides are no level that a change could be a part of; all values 0 are the same.
  const isRare = middle === 0 && (sorted.a[0] < sorted.a[a.length - 1] || sorted.b[0] < sorted.b[b.length - 1]);
  const ranks = testRanks(sorted.a, sorted.b, nullOf);
  const isFree = dependence.a.blockLength === 1 && dependence.b.blockLength === 1;
  const tested = isFree
    ? { p: ranks.p, shapeP: testShape(sorted.a, sorted.b).p }
    : testBlocks(a, b, dependence, nullOf);
  const cliffsDelta = cliffsDeltaFromU(ranks.u, a.length, b.length);
  return {
    ...base,
    shiftInterval: bounds.main,
    relativeInterval: isRare ? null : seenWithin(relativeInterval(bounds.main, middle), sorted),
    equivalenceInterval: isRare ? null : seenWithin(relativeInterval(bounds.equivalence, middle), sorted),
    level: bounds.level,
    method: bounds.method,
    ...tested,
    cliffsDelta,
    effect: nameEffect(cliffsDelta),
    notes: [...bounds.notes, ...notesOn(a, b), ...(isRare ? [rareNote] : [])],
  };
}

/**
 * Not beyond the ratios of values that were seen: the change of a shift as large as the level itself would be, up to
 * "nothing is left" although every value after is positive.
 */
function seenWithin([low, high]: Interval, { a, b }: { readonly a: Float64Array; readonly b: Float64Array }): Interval {
  if (a[0] <= 0 || b[0] <= 0) return [low, high];
  const [least, most] = [b[0] / a[a.length - 1] - 1, b[b.length - 1] / a[0] - 1];
  return [Math.min(Math.max(low, least), most), Math.min(Math.max(high, least), most)];
}

const rareNote = "fewer than half of the observations of a side have it: there is no usual value to compare";

/** What holds of two sides that are the same recording. */
export const unchanged = {
  shift: 0,
  relative: 0,
  shiftInterval: [0, 0],
  relativeInterval: [0, 0],
  equivalenceInterval: [0, 0],
  method: "exact",
  p: 1,
  shapeP: 1,
  cliffsDelta: 0,
  effect: "negligible",
  notes: ["both sides are the same recording"],
} as const;

interface BothDependences {
  readonly a: Dependence;
  readonly b: Dependence;
}

function dependenceOf(values: Float64Array, ordered: boolean): Dependence {
  return ordered ? measureDependence(values) : { rho: 0, tau: 1, effectiveN: values.length, blockLength: 1 };
}

/** `values` ascending. */
function summarize(values: Float64Array, { effectiveN }: Pick<Dependence, "effectiveN">): SampleSummary {
  return {
    n: values.length,
    effectiveN,
    median: quantileOfSorted(values, 0.5),
    mean: values.length === 0 ? Number.NaN : meanOf(values),
    standardDeviation: standardDeviationOf(values),
    min: values[0] ?? Infinity,
    max: values.at(-1) ?? -Infinity,
  };
}

interface Bounds {
  readonly main: Interval;
  /** That `main` reaches; 1 − α where it can. */
  readonly level: number;
  /** At 1 − 2α. */
  readonly equivalence: Interval;
  readonly method: IntervalMethod;
  readonly notes: readonly string[];
}

/** Where neighbours depend on each other, medians of blocks take the place of the values: blocks hardly do. */
function intervalsOf(
  before: Sample,
  after: Sample,
  dependence: BothDependences,
  { alpha }: SampleOptions,
  known: RankedParts,
): Bounds {
  const { a, b } = dependence;
  if (a.blockLength === 1 && b.blockLength === 1)
    return rankedBounds(before.values.length, after.values.length, alpha, known);
  const [left, right] = [blockMedians(before.values, a.blockLength), blockMedians(after.values, b.blockLength)];
  const differences = differencesOf(left.slice().sort(), right.slice().sort());
  const bounds = rankedBounds(left.length, right.length, alpha, { nullOf: known.nullOf, differences });
  const note = `neighbouring steps depend on each other: medians of blocks of ${a.blockLength} and ${b.blockLength} are compared`;
  return { ...bounds, notes: [note, ...bounds.notes] };
}

interface RankedParts {
  readonly nullOf: NullDistribution;
  readonly differences: Differences;
}

/** Order statistics of all n·m differences: [D(q), D(nm + 1 − q)]. Bauer 1972. */
function rankedBounds(n: number, m: number, alpha: number, { nullOf, differences }: RankedParts): Bounds {
  const isExact = n <= largestExactInterval && m <= largestExactInterval;
  const notes: string[] = [];
  let reached = 1 - alpha;
  const at = (level: number, isMain: boolean): Interval => {
    if (!isExact) return interval(normalRank(n, m, level));
    const cumulative = nullOf(n, m);
    const q = lowerQuantile(cumulative, level / 2);
    const missed = 2 * cumulative[q - 1];
    if (isMain && q === 1) {
      reached = Math.min(reached, 1 - missed);
      notes.push(
        `${n} and ${m} observations: the widest interval there is, level ${(100 * (1 - missed)).toFixed(1)} %`,
      );
    }
    return interval(q);
  };
  const interval = (q: number): Interval => [differences.ranked(q), differences.ranked(differences.count + 1 - q)];
  const main = at(alpha, true);
  return {
    main,
    level: reached,
    equivalence: at(2 * alpha, false),
    method: isExact ? "exact" : "normal",
    notes,
  };
}

/** Rank of the lower end, normal approximation of U. */
function normalRank(n: number, m: number, alpha: number): number {
  const spread = Math.sqrt((n * m * (n + m + 1)) / 12);
  return Math.max(1, Math.round((n * m) / 2 + normalQuantile(alpha / 2) * spread));
}

/** Tests medians of blocks: neighbors depend on each other, blocks hardly do. */
function testBlocks(
  a: Float64Array,
  b: Float64Array,
  dependence: BothDependences,
  nullOf: NullDistribution,
): { readonly p: number; readonly shapeP: number } {
  const left = blockMedians(a, dependence.a.blockLength);
  const right = blockMedians(b, dependence.b.blockLength);
  return { p: testRanks(left, right, nullOf).p, shapeP: testShape(left, right).p };
}

/** Medians of contiguous blocks; a last block shorter than half joins the one before. */
function blockMedians(values: Float64Array, blockLength: number): Float64Array {
  if (blockLength === 1) return values;
  const count = Math.max(1, Math.round(values.length / blockLength));
  return Float64Array.from({ length: count }, (_, block) =>
    medianOf(values.subarray(block * blockLength, block === count - 1 ? values.length : (block + 1) * blockLength)),
  );
}

function notesOn(a: Float64Array, b: Float64Array): readonly string[] {
  return Math.min(a.length, b.length) < 4 ? ["fewer than 4 observations on a side can never be significant"] : [];
}

/** Interval of the difference of means (BCa), for what adds up: means do, medians do not. */
export function meanShiftInterval(before: Sample, after: Sample, options: SampleOptions): Interval | null {
  if (before.values.length < 2 || after.values.length < 2) return null;
  const side = ({ values, seed }: Sample): BootstrapSide => ({
    values,
    blockLength: dependenceOf(values, options.ordered).blockLength,
    random: createRandom(seed),
  });
  const statistic = (a: Float64Array, b: Float64Array): number => meanOf(b) - meanOf(a);
  const draws = drawStatistic(side(before), side(after), statistic, options.resamples);
  return bcaInterval(draws, options.alpha, { a: side(before), b: side(after), statistic });
}
