import { normalTwoSided } from "./distributions.ts";
import { doubledRanks } from "./ranks.ts";

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
  const { sumA, tieSum, sorted } = rankTogether(a, b);
  const n = a.length;
  const m = b.length;
  const u = (sumA - n * (n + 1)) / 2;
  if (n > largestExactTest || m > largestExactTest) return { u, p: normalP(u, n, m, tieSum), exact: false };
  if (tieSum === 0) return { u, p: Math.min(1, 2 * nullOf(n, m)[Math.min(u, n * m - u)]), exact: true };
  const total = n + m;
  // All equal: every permutation is as extreme.
  if (tieSum === total ** 3 - total) return { u, p: 1, exact: true };
  return { u, p: permutationP(doubledRanks(sorted, sorted), n, sumA), exact: true };
}

interface JointRanks {
  /** Σ of the midranks of a, × 2. */
  readonly sumA: number;
  /** Σ(t³ − t) over groups of ties. */
  readonly tieSum: number;
  readonly sorted: Float64Array;
}

function rankTogether(a: ArrayLike<number>, b: ArrayLike<number>): JointRanks {
  const left = new Float64Array(a).sort();
  const right = new Float64Array(b).sort();
  const sorted = new Float64Array(left.length + right.length);
  let sumA = 0;
  let tieSum = 0;
  let i = 0;
  let j = 0;
  while (i + j < sorted.length) {
    const begin = i + j;
    const value = j >= right.length || left[i] <= right[j] ? left[i] : right[j];
    const before = i;
    while (i < left.length && left[i] === value) i++;
    while (j < right.length && right[j] === value) j++;
    // What is no number equals nothing, not even itself; it comes last and stands alone.
    if (i + j === begin)
      if (i < left.length) i++;
      else j++;
    const end = i + j;
    sorted.fill(value, begin, end);
    tieSum += (end - begin) ** 3 - (end - begin);
    sumA += (i - before) * (begin + 1 + end);
  }
  return { sumA, tieSum, sorted };
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
