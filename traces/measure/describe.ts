import { selectRank } from "../model/select-rank.ts";

/** Median; the mean of the two middle values of an even number. NaN without values. Does not reorder. */
export function medianOf(values: ArrayLike<number>): number {
  return medianInPlace(new Float64Array(values));
}

/** As `medianOf`, reorders `values` [0, n). */
export function medianInPlace(values: Float64Array, n: number = values.length): number {
  if (n === 0) return Number.NaN;
  const half = n >>> 1;
  const upper = selectRank(values, 0, n, half);
  if (n % 2 === 1) return upper;
  let lower = -Infinity;
  for (let i = 0; i < half; i++) if (values[i] > lower) lower = values[i];
  return lower + (upper - lower) / 2;
}

export function meanOf(values: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i];
  return sum / values.length;
}

/** With n − 1; 0 for one value. */
export function standardDeviationOf(values: ArrayLike<number>): number {
  if (values.length < 2) return 0;
  const mean = meanOf(values);
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += (values[i] - mean) ** 2;
  return Math.sqrt(sum / (values.length - 1));
}

/** Linear between order statistics (type 7 of Hyndman & Fan), so that it mirrors: Q(p) of x is −Q(1 − p) of −x. */
export function quantileOfSorted(sorted: ArrayLike<number>, p: number): number {
  if (sorted.length === 0) return Number.NaN;
  const at = p * (sorted.length - 1);
  const low = Math.floor(at);
  const high = Math.min(low + 1, sorted.length - 1);
  return sorted[low] + (at - low) * (sorted[high] - sorted[low]);
}

export interface Outliers {
  readonly quartiles: readonly [q1: number, median: number, q3: number];
  /** Indices beyond 1.5 interquartile ranges, far ones left out. */
  readonly mild: readonly number[];
  /** Beyond 3. */
  readonly far: readonly number[];
}

/** Tukey's fences. Outliers are marked, never deleted. */
export function markOutliers(values: ArrayLike<number>): Outliers {
  const sorted = new Float64Array(values).sort();
  const q1 = quantileOfSorted(sorted, 0.25);
  const q3 = quantileOfSorted(sorted, 0.75);
  const range = q3 - q1;
  const mild: number[] = [];
  const far: number[] = [];
  for (let i = 0; i < values.length; i++) {
    const beyond = Math.max(q1 - values[i], values[i] - q3);
    if (beyond > 3 * range) far.push(i);
    else if (beyond > 1.5 * range) mild.push(i);
  }
  return { quartiles: [q1, quantileOfSorted(sorted, 0.5), q3], mild, far };
}
