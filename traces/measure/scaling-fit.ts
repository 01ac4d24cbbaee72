import { quantileOfSorted } from "./describe.ts";
import { studentQuantile } from "./distributions.ts";
import { drawMedian } from "./draw-median.ts";
import { fitLine, type LineFit } from "./line-fit.ts";
import { createRandom } from "./random.ts";

/*
 * How time grows with a size. Two models, both by least squares: t = a + c·s (fixed cost and cost per item) and
 * t = k·s^p. Intervals at 95 %: where every point has its repetitions, by drawing them again within each size and
 * fitting again; from summaries alone, Student's t of the residuals, which two points cannot give.
 */

export interface ScalingPoint {
  readonly size: number;
  /** Whole time at this size, ms. */
  readonly timeMs: number;
  /** Its repetitions, ms; empty when only a summary is known. */
  readonly samplesMs: readonly number[];
}

export interface Estimate {
  readonly value: number;
  /** 95 % interval; null: undefined, too few points. */
  readonly low: number | null;
  readonly high: number | null;
}

export interface ScalingFit {
  readonly pointCount: number;
  /** Different sizes among them. */
  readonly sizeCount: number;
  readonly smallest: number;
  readonly largest: number;
  /** a of t = a + c·s, ms. */
  readonly fixedMs: Estimate;
  /** c, ms. */
  readonly perItemMs: Estimate;
  /** p of t = k·s^p. */
  readonly exponent: Estimate;
  /** The same with the interval (Student) that the scatter of the sizes around the power law leaves, one row a size. */
  readonly scatteredExponent: Estimate;
  /**
   * p of the mean of each size, with its interval: interruptions take their part of the mean at every size, but of the
   * median only where most samples are long enough to meet one. Null from summaries alone.
   */
  readonly meanExponent: Estimate | null;
  /** p of the quickest sample of each size, which a busy machine delays least; null from summaries alone. */
  readonly quickestExponent: number | null;
  /** Repetitions of the point that has fewest; 0: known by a summary alone. Below five, draws are of no use. */
  readonly fewestSamples: number;
  /** k, ms. */
  readonly scaleMs: number;
  /** Largest difference of two times, as a part of their mean. */
  readonly spread: number;
  /** Root mean square of the relative residuals of each model. */
  readonly affineError: number;
  readonly powerError: number;
  /** Both models fitted to repetitions drawn again; null from summaries alone. */
  readonly draws: readonly FitDraw[] | null;
}

/** Parameters of both models for one drawing of the repetitions. */
export interface FitDraw {
  readonly fixedMs: number;
  readonly perItemMs: number;
  readonly exponent: number;
  readonly scaleMs: number;
}

const redraws = 400;
/** Repetitions that a point needs, to be drawn again. */
export const leastSamples = 5;

/** Fits both models; null below two different sizes. Sizes and times must be positive. */
export function fitScaling(points: readonly ScalingPoint[]): ScalingFit | null {
  const sizes = points.map(({ size }) => size);
  const sizeCount = new Set(sizes).size;
  if (sizeCount < 2) return null;
  const times = points.map(({ timeMs }) => timeMs);
  const fewestSamples = Math.min(...points.map(({ samplesMs }) => samplesMs.length));
  const isSampled = fewestSamples >= leastSamples;
  // Noise of repetitions is a part of the time, so that small sizes count as much as large ones.
  const weights = isSampled ? times.map((time) => time ** -2) : times.map(() => 1);
  const affine = isSampled ? fitWeighted(sizes, times, weights) : fitLine(pair(sizes, times));
  const power = fitLine(pair(sizes.map(Math.log), times.map(Math.log)));
  const draws = isSampled ? drawAgain(points, weights) : null;
  const scaleMs = Math.exp(power.a);
  return {
    pointCount: points.length,
    sizeCount,
    smallest: Math.min(...sizes),
    largest: Math.max(...sizes),
    fixedMs: toEstimate(
      affine.a,
      affine.aHalf,
      draws?.map(({ fixedMs }) => fixedMs),
    ),
    perItemMs: toEstimate(
      affine.c,
      affine.cHalf,
      draws?.map(({ perItemMs }) => perItemMs),
    ),
    exponent: toEstimate(
      power.c,
      power.cHalf,
      draws?.map(({ exponent }) => exponent),
    ),
    scatteredExponent: toEstimate(power.c, power.cHalf, undefined),
    meanExponent: isSampled ? meanExponentOf(points, fewestSamples) : null,
    quickestExponent: isSampled ? quickestExponentOf(points) : null,
    fewestSamples,
    scaleMs,
    spread: ((Math.max(...times) - Math.min(...times)) * times.length) / times.reduce((sum, time) => sum + time, 0),
    affineError: relativeError(sizes, times, (size) => affine.a + affine.c * size),
    powerError: relativeError(sizes, times, (size) => scaleMs * size ** power.c),
    draws,
  };
}

function quickestExponentOf(points: readonly ScalingPoint[]): number {
  const quickest = points.map(({ size, samplesMs }) => [Math.log(size), Math.log(Math.min(...samplesMs))] as const);
  return fitLine(quickest).c;
}

/** The slope is a weighted sum of the logarithms, whose variances are those of the means, relative and squared. */
function meanExponentOf(points: readonly ScalingPoint[], fewestSamples: number): Estimate {
  const logSizes = points.map(({ size }) => Math.log(size));
  const described = points.map(({ samplesMs }) => meanAndError(samplesMs));
  const value = fitLine(
    pair(
      logSizes,
      described.map(({ mean }) => Math.log(mean)),
    ),
  ).c;
  const middle = sum(logSizes) / logSizes.length;
  const spread = sum(logSizes.map((x) => (x - middle) ** 2));
  const variance = sum(
    described.map(({ mean, error }, i) => (((logSizes[i] - middle) / spread) * (error / mean)) ** 2),
  );
  return toEstimate(value, studentQuantile(0.95, fewestSamples - 1) * Math.sqrt(variance), undefined);
}

/** Mean and its standard error. */
function meanAndError(samples: readonly number[]): { readonly mean: number; readonly error: number } {
  const mean = sum(samples) / samples.length;
  const variance = sum(samples.map((sample) => (sample - mean) ** 2)) / (samples.length - 1);
  return { mean, error: Math.sqrt(variance / samples.length) };
}

/** t = a + c·x by weighted least squares; its intervals come from elsewhere. */
function fitWeighted(x: readonly number[], t: readonly number[], weights: readonly number[]): LineFit {
  const total = sum(weights);
  const meanX = sum(x.map((value, i) => value * weights[i])) / total;
  const meanT = sum(t.map((value, i) => value * weights[i])) / total;
  const spread = sum(x.map((value, i) => weights[i] * (value - meanX) ** 2));
  const c = sum(x.map((value, i) => weights[i] * (value - meanX) * (t[i] - meanT))) / spread;
  return { a: meanT - c * meanX, c, aHalf: null, cHalf: null };
}

function pair(x: readonly number[], t: readonly number[]): readonly (readonly [x: number, t: number])[] {
  return x.map((value, i) => [value, t[i]] as const);
}

/** Fits of repetitions drawn again, with replacement, within each size. Seeded: the same points, the same intervals. */
function drawAgain(points: readonly ScalingPoint[], weights: readonly number[]): FitDraw[] {
  const random = createRandom(`scaling ${points.map(({ size, timeMs }) => `${size}:${timeMs}`).join(" ")}`);
  const sizes = points.map(({ size }) => size);
  const logSizes = sizes.map(Math.log);
  const sorted = points.map(({ samplesMs }) => samplesMs.toSorted((a, b) => a - b));
  return Array.from({ length: redraws }, () => {
    const times = sorted.map((samples) => drawMedian(samples, random));
    const { a: fixedMs, c: perItemMs } = fitWeighted(sizes, times, weights);
    const { a: logScale, c: exponent } = fitLine(pair(logSizes, times.map(Math.log)));
    return { fixedMs, perItemMs, exponent, scaleMs: Math.exp(logScale) };
  });
}

function toEstimate(value: number, half: number | null, draws: readonly number[] | undefined): Estimate {
  if (draws !== undefined) {
    const sorted = draws.toSorted((a, b) => a - b);
    return { value, low: quantileOfSorted(sorted, 0.025), high: quantileOfSorted(sorted, 0.975) };
  }
  return { value, low: half === null ? null : value - half, high: half === null ? null : value + half };
}

function relativeError(x: readonly number[], y: readonly number[], model: (x: number) => number): number {
  return Math.sqrt(sum(x.map((value, i) => ((y[i] - model(value)) / y[i]) ** 2)) / x.length);
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
