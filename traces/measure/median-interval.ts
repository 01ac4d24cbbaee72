export interface Interval {
  readonly low: number;
  readonly high: number;
}

/** Median of unsorted values; NaN for none. */
export function medianOf(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  if (sorted.length === 0) return Number.NaN;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/**
 * The 95 % interval of the median by order statistics: [x₍ₖ₎, x₍ₙ₊₁₋ₖ₎] with the largest k for which
 * P(Bin(n, ½) < k) ≤ 2.5 %. Assumes nothing of the distribution. Null below six values, where no such k exists.
 * Source: Conover, Practical Nonparametric Statistics, 3.2.
 */
export function medianInterval(values: readonly number[]): Interval | null {
  const rank = lowerRank(values.length);
  if (rank < 1) return null;
  const sorted = values.toSorted((a, b) => a - b);
  return { low: sorted[rank - 1], high: sorted[values.length - rank] };
}

/** Largest k with P(Bin(n, ½) ≤ k − 1) ≤ 0.025; 0 when there is none. */
function lowerRank(n: number): number {
  // Beyond, 2^-n leaves the range of a double; the normal approximation is exact to a rank there.
  if (n > 1000) return Math.floor((n - 1.959964 * Math.sqrt(n)) / 2);
  let probability = 2 ** -n;
  let sum = probability;
  let rank = 0;
  while (sum <= 0.025) {
    rank++;
    probability *= (n - rank + 1) / rank;
    sum += probability;
  }
  return rank;
}
