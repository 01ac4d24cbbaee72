import { meanOf, quantileOfSorted } from "./describe.ts";
import { normalCdf, normalQuantile } from "./distributions.ts";
import type { Interval } from "./estimate.ts";
import type { Random } from "./random.ts";

/** A number made from two samples; must not keep or change them. */
export type TwoSampleStatistic = (a: Float64Array, b: Float64Array) => number;

export interface BootstrapSide {
  readonly values: Float64Array;
  /** Length of the moving blocks; 1 resamples single values. */
  readonly blockLength: number;
  /** A stream of its own, so that exchanging the sides exchanges the draws. */
  readonly random: Random;
}

/** `resamples` values of the statistic, in order of drawing. */
export function drawStatistic(
  a: BootstrapSide,
  b: BootstrapSide,
  statistic: TwoSampleStatistic,
  resamples: number,
): Float64Array {
  const drawnA = new Float64Array(a.values.length);
  const drawnB = new Float64Array(b.values.length);
  const draws = new Float64Array(resamples);
  for (let draw = 0; draw < resamples; draw++) {
    resample(a, drawnA);
    resample(b, drawnB);
    draws[draw] = statistic(drawnA, drawnB);
  }
  return draws;
}

/** Fills `indices` with a moving-block resample of [0, n): overlapping blocks, the last one cut (Künsch 1989). */
export function resampleIndices(random: Random, blockLength: number, indices: Uint32Array): void {
  const n = indices.length;
  const starts = n - blockLength + 1;
  for (let at = 0; at < n;) {
    const start = random.below(starts);
    for (let i = 0; i < blockLength && at < n; i++) indices[at++] = start + i;
  }
}

function resample({ values, blockLength, random }: BootstrapSide, into: Float64Array): void {
  const starts = values.length - blockLength + 1;
  for (let at = 0; at < into.length;) {
    const start = random.below(starts);
    for (let i = 0; i < blockLength && at < into.length; i++) into[at++] = values[start + i];
  }
}

/** End points at the α/2 and 1 − α/2 quantiles. Sorts `draws`. */
export function percentileInterval(draws: Float64Array, alpha: number): Interval {
  draws.sort();
  return [quantileOfSorted(draws, alpha / 2), quantileOfSorted(draws, 1 - alpha / 2)];
}

/**
 * Bias-corrected and accelerated end points; percentile ones where a correction is not finite. Sorts `draws`.
 * Two-sample acceleration from the jackknife of both groups, blocks left out as wholes.
 * Efron & Tibshirani, An Introduction to the Bootstrap, sections 14.3 and 22.
 */
export function bcaInterval(
  draws: Float64Array,
  alpha: number,
  { a, b, statistic }: { readonly a: BootstrapSide; readonly b: BootstrapSide; readonly statistic: TwoSampleStatistic },
): Interval {
  const estimate = statistic(a.values, b.values);
  draws.sort();
  let below = 0;
  let equal = 0;
  for (const draw of draws) {
    if (draw < estimate) below++;
    else if (draw === estimate) equal++;
  }
  const bias = normalQuantile((below + equal / 2) / draws.length);
  const acceleration = accelerationOf([
    jackknife(a, (left) => statistic(left, b.values)),
    jackknife(b, (left) => statistic(a.values, left)),
  ]);
  if (!Number.isFinite(bias) || !Number.isFinite(acceleration)) return percentileInterval(draws, alpha);
  const endPoint = (tail: number): number => {
    const z = bias + normalQuantile(tail);
    return quantileOfSorted(draws, normalCdf(bias + z / (1 - acceleration * z)));
  };
  return [endPoint(alpha / 2), endPoint(1 - alpha / 2)];
}

function jackknife({ values, blockLength }: BootstrapSide, statistic: (left: Float64Array) => number): Float64Array {
  const n = values.length;
  const count = n - blockLength + 1;
  const left = new Float64Array(n - blockLength);
  const results = new Float64Array(count);
  for (let start = 0; start < count; start++) {
    left.set(values.subarray(0, start));
    left.set(values.subarray(start + blockLength), start);
    results[start] = statistic(left);
  }
  return results;
}

/** a = ⅙·Σ_g ΣU³/n_g³ ÷ (Σ_g ΣU²/n_g²)^(3/2), U_i = (n_g − 1)(θ̄ − θ_i). */
function accelerationOf(groups: readonly Float64Array[]): number {
  let cubes = 0;
  let squares = 0;
  for (const group of groups) {
    const n = group.length;
    const mean = meanOf(group);
    for (const value of group) {
      const influence = (n - 1) * (mean - value);
      cubes += influence ** 3 / n ** 3;
      squares += influence ** 2 / n ** 2;
    }
  }
  return cubes / 6 / squares ** 1.5;
}
