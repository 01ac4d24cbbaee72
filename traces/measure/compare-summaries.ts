import { unchanged } from "./compare-samples.ts";
import type { Change } from "./conclude.ts";
import { studentQuantile, studentTwoSided } from "./distributions.ts";
import type { Interval, SampleSummary } from "./estimate.ts";
import { relativeInterval, relativeOf } from "./relative.ts";

/** What a result file says of a benchmark without its single values. */
export interface SummaryStatistics {
  readonly mean: number;
  /** With n − 1. */
  readonly standardDeviation: number;
  readonly n: number;
}

export interface WelchTest {
  /** (mean of a − mean of b) / standard error. */
  readonly t: number;
  /** Welch–Satterthwaite. */
  readonly degreesOfFreedom: number;
  readonly p: number;
  readonly standardError: number;
}

/** Welch's t test from summaries. */
export function testMeans(a: SummaryStatistics, b: SummaryStatistics): WelchTest {
  const variance = (side: SummaryStatistics): number => side.standardDeviation ** 2 / side.n;
  const standardError = Math.sqrt(variance(a) + variance(b));
  const t = (a.mean - b.mean) / standardError;
  const degreesOfFreedom = standardError ** 4 / (variance(a) ** 2 / (a.n - 1) + variance(b) ** 2 / (b.n - 1));
  return { t, degreesOfFreedom, p: studentTwoSided(t, degreesOfFreedom), standardError };
}

/** Compares means where single values are not in the file; no ranks, so no distribution-free statement. */
export function compareSummaries(
  before: SummaryStatistics,
  after: SummaryStatistics,
  alpha: number,
  sameRecording = false,
): Change {
  const shift = after.mean - before.mean;
  const middle = (after.mean + before.mean) / 2;
  const base = {
    before: toSample(before),
    after: toSample(after),
    shift,
    relative: relativeOf(shift, middle),
    level: 1 - alpha,
    shapeP: null,
    cliffsDelta: null,
    effect: null,
  };
  if (sameRecording) return { ...base, ...unchanged };
  const untested = {
    ...base,
    shiftInterval: null,
    relativeInterval: null,
    equivalenceInterval: null,
    method: "none",
    p: null,
  } as const;
  if (before.n < 2 || after.n < 2)
    return { ...untested, notes: ["one observation on a side: the change is what was seen, without a test"] };
  const test = testMeans(before, after);
  if (!Number.isFinite(test.t)) return { ...untested, notes: ["no spread on either side: nothing to test against"] };
  const intervalAt = (level: number): Interval => {
    const half = studentQuantile(1 - level, test.degreesOfFreedom) * test.standardError;
    return [shift - half, shift + half];
  };
  return {
    ...base,
    shiftInterval: intervalAt(alpha),
    relativeInterval: relativeInterval(intervalAt(alpha), middle),
    equivalenceInterval: relativeInterval(intervalAt(2 * alpha), middle),
    method: "summary",
    p: test.p,
    notes: ["from mean, standard deviation and n: the file holds no single values (Welch's t)"],
  };
}

function toSample({ mean, standardDeviation, n }: SummaryStatistics): SampleSummary {
  return {
    n,
    effectiveN: n,
    median: mean,
    mean,
    standardDeviation,
    min: Number.NaN,
    max: Number.NaN,
  };
}
