import { normalTwoSided } from "./distributions.ts";

/** Sides up to this size are tested exactly. */
const largestExactTest = 20;

export interface RankTest {
  /** Pairs in which a > b, ties half. */
  readonly u: number;
  /** Two-sided. */
  readonly p: number;
  readonly exact: boolean;
}

/** P(U ≤ k) of untied samples, k = 0 … n·m; see `cumulativeU`. */
export type NullDistribution = (n: number, m: number) => Float64Array;

/**
 * Mann–Whitney, two-sided. Exact up to 20 values a side: from the null distribution of U without ties, else by counting
 * subsets by rank sum, midranks doubled to integers, so that the permutations of the very values decide. Above, normal
 * with tie and continuity correction (Hollander, Wolfe & Chicken, Nonparametric Statistical Methods, 3rd ed., 4.1).
 */
export function testRanks(
  a: ArrayLike<number>,
  b: ArrayLike<number>,
  nullOf: NullDistribution = cumulativeU,
): RankTest {
  const { doubled, tieSum } = rankTogether(a, b);
  const n = a.length;
  const m = b.length;
  let sumA = 0;
  for (let i = 0; i < n; i++) sumA += doubled[i];
  const u = (sumA - n * (n + 1)) / 2;
  if (n > largestExactTest || m > largestExactTest) return { u, p: normalP(u, n, m, tieSum), exact: false };
  if (tieSum === 0) return { u, p: Math.min(1, 2 * nullOf(n, m)[Math.min(u, n * m - u)]), exact: true };
  const total = n + m;
  // All equal: every permutation is as extreme.
  if (tieSum === total ** 3 - total) return { u, p: 1, exact: true };
  return { u, p: permutationP(doubled, n, sumA), exact: true };
}

/** Midranks × 2 of a, then b; and Σ(t³ − t) over groups of ties. */
function rankTogether(a: ArrayLike<number>, b: ArrayLike<number>): { doubled: Float64Array; tieSum: number } {
  const total = a.length + b.length;
  const valueAt = (i: number): number => (i < a.length ? a[i] : b[i - a.length]);
  const order = Uint32Array.from({ length: total }, (_, i) => i).sort((i, j) => valueAt(i) - valueAt(j));
  const doubled = new Float64Array(total);
  let tieSum = 0;
  for (let begin = 0; begin < total;) {
    let end = begin + 1;
    while (end < total && valueAt(order[end]) === valueAt(order[begin])) end++;
    for (let i = begin; i < end; i++) doubled[order[i]] = begin + 1 + end;
    const ties = end - begin;
    tieSum += ties ** 3 - ties;
    begin = end;
  }
  return { doubled, tieSum };
}

/**
 * 2·min(P(S ≤ s), P(S ≥ s)) over all subsets of `size` of the doubled midranks. Only sums up to the nearer tail are
 * counted, on the mirrored ranks where that is the upper one. Counts fit a double exactly: C(40, 20) < 2^37.
 */
function permutationP(doubled: Float64Array, size: number, sumA: number): number {
  const mirrorSum = size * 2 * (doubled.length + 1) - sumA;
  const isLower = sumA <= mirrorSum;
  const ranks = isLower ? doubled : doubled.map((rank) => 2 * (doubled.length + 1) - rank);
  const tail = isLower ? sumA : mirrorSum;
  const counts = Array.from({ length: size + 1 }, () => new Float64Array(tail + 1));
  counts[0][0] = 1;
  let all = 1;
  for (let item = 0; item < ranks.length; item++) {
    const rank = ranks[item];
    for (let k = Math.min(size, item + 1); k > 0; k--) {
      const from = counts[k - 1];
      const to = counts[k];
      for (let sum = tail; sum >= rank; sum--) to[sum] += from[sum - rank];
    }
  }
  for (let i = 1; i <= size; i++) all *= (ranks.length - size + i) / i;
  const inTail = counts[size].reduce((sum, count) => sum + count, 0);
  return Math.min(1, (2 * inTail) / Math.round(all));
}

function normalP(u: number, n: number, m: number, tieSum: number): number {
  const total = n + m;
  const variance = ((n * m) / 12) * (total + 1 - tieSum / (total * (total - 1)));
  if (variance <= 0) return 1;
  const distance = Math.max(0, Math.abs(u - (n * m) / 2) - 0.5);
  return normalTwoSided(distance / Math.sqrt(variance));
}

/**
 * Null distribution of U for n and m untied values: P(U ≤ k), k = 0 … n·m.
 * Recurrence over the largest value: f(n, m, k) = f(n − 1, m, k − m) + f(n, m − 1, k), as Gaussian binomials.
 */
export function cumulativeU(n: number, m: number): Float64Array {
  const largest = n * m;
  let counts = new Float64Array(largest + 1);
  counts[0] = 1;
  // Π (1 − x^(m+i)) / (1 − x^i), i = 1 … n: multiply, then divide, in place; probabilities, so that nothing overflows.
  for (let i = 1; i <= n; i++) {
    for (let k = largest; k >= m + i; k--) counts[k] -= counts[k - m - i];
    for (let k = i; k <= largest; k++) counts[k] += counts[k - i];
    const scale = i / (m + i);
    counts = counts.map((count) => count * scale);
  }
  let sum = 0;
  return counts.map((probability) => (sum += Math.max(0, probability)));
}

/** Smallest q with P(U ≤ q) ≥ `tail`, at least 1: the rank at which an interval of level 1 − 2·tail ends. */
export function lowerQuantile(cumulative: Float64Array, tail: number): number {
  let q = 0;
  // Half an ulp of slack: sums of many probabilities.
  while (q < cumulative.length - 1 && cumulative[q] < tail * (1 - 1e-12)) q++;
  return Math.max(1, q);
}
