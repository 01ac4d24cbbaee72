import { measureDependence } from "./autocorrelation.ts";
import type { BenchResult } from "./bench-report.ts";
import { percentileInterval } from "./bootstrap.ts";
import { drawMedian } from "./draw-median.ts";
import { isCounted } from "./equal-work.ts";
import type { Interval } from "./estimate.ts";
import { createRandom } from "./random.ts";

/** How many times as fast one result is as another. */
export interface SpeedRatio {
  /** Median of the reference over the median of the result, of one run. */
  readonly value: number;
  /** 95 %; null: too few samples, or only summaries are known. */
  readonly interval: Interval | null;
  /** The run goes on: its samples, and with them the interval, come at its end. */
  readonly isGrowing: boolean;
  /** The result is its own reference. */
  readonly isReference: boolean;
}

/** The estimator, for people. */
export const speedRatioMethod =
  "ratio of the medians of one run, 95 % interval by bootstrap of both medians (2,000 draws), where neighboring samples depend on each other from the number of independent ones";

const draws = 2000;
const alpha = 0.05;
/** As for the interval of a median: fewer samples have none at 95 %. */
const leastSamples = 6;

/**
 * How many times as fast as `reference`; null where one does not count or is not checked, or is computed by an emulated
 * adapter and the other not, for no claim of speed rests on that. The same samples give the same interval.
 */
export function speedRatio(result: BenchResult, reference: BenchResult): SpeedRatio | null {
  if (!isCounted(result) || !isCounted(reference) || result.software !== reference.software) return null;
  if (result === reference) return { value: 1, interval: null, isGrowing: false, isReference: true };
  if (isUnchecked(result, reference)) return null;
  const value = (reference.medianMs ?? 0) / (result.medianMs ?? 0);
  return {
    value,
    interval: intervalOf(result.samplesMs, reference.samplesMs),
    isGrowing: [result, reference].some(isGrowing),
    isReference: false,
  };
}

/** Whether outputs of one of two results are still to be held against a reference. */
export function isUnchecked(result: BenchResult, reference: BenchResult): boolean {
  return [result, reference].some(({ unchecked }) => unchecked === true);
}

/** Samples of a run that was cut off never come. */
function isGrowing({ sampleCount, samplesMs, outcome }: BenchResult): boolean {
  return sampleCount > samplesMs.length && outcome !== "stopped";
}

/** Whether the two cannot be told apart: the interval holds 1. */
export function holdsOne({ interval }: SpeedRatio): boolean {
  return interval !== null && interval[0] <= 1 && interval[1] >= 1;
}

/** By the samples of the result, then by those of the reference: several views ask, and each answer takes 1 to 2 ms. */
const known = new WeakMap<readonly number[], WeakMap<readonly number[], Interval>>();

function intervalOf(samples: readonly number[], reference: readonly number[]): Interval | null {
  if (Math.min(samples.length, reference.length) < leastSamples) return null;
  const own = known.get(samples) ?? new WeakMap<readonly number[], Interval>();
  known.set(samples, own);
  const interval = own.get(reference) ?? drawInterval(samples, reference);
  own.set(reference, interval);
  return interval;
}

function drawInterval(samples: readonly number[], reference: readonly number[]): Interval {
  const own = toSide(samples);
  const other = toSide(reference);
  const random = createRandom(`speed-up ${samples.length} ${samples[0]} ${reference.length} ${reference[0]}`);
  const ratios = Float64Array.from(
    { length: draws },
    () => drawMedian(other.sorted, random, other.effectiveN) / drawMedian(own.sorted, random, own.effectiveN),
  );
  return percentileInterval(ratios, alpha);
}

function toSide(samples: readonly number[]): { readonly sorted: Float64Array; readonly effectiveN: number } {
  return { sorted: Float64Array.from(samples).sort(), effectiveN: measureDependence(samples).effectiveN };
}
