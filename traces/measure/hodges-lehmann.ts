import { medianInPlace } from "./describe.ts";
import { selectRank } from "../model/select-rank.ts";

/** All differences are made where there are at most so many; else order statistics are found by counting. */
const largestTable = 8192;

/** All differences b − a of two ascending samples, asked for by rank. */
export interface Differences {
  readonly count: number;
  /** The rank-th smallest, from 1. */
  ranked(rank: number): number;
  median(): number;
}

/** `a` and `b` ascending. */
export function differencesOf(a: Float64Array, b: Float64Array): Differences {
  const count = a.length * b.length;
  if (count > largestTable) return countedDifferences(a, b);
  const table = new Float64Array(count);
  fillDifferences(a, b, table);
  return {
    count,
    ranked: (rank) => selectRank(table, 0, count, clampRank(rank, count) - 1),
    median: () => medianInPlace(table),
  };
}

/** Hodges–Lehmann shift of two samples in any order: the median of all differences b − a. */
export function shiftOf(a: ArrayLike<number>, b: ArrayLike<number>, scratch?: Float64Array): number {
  const count = a.length * b.length;
  if (count > largestTable) return differencesOf(Float64Array.from(a).sort(), Float64Array.from(b).sort()).median();
  const table = scratch !== undefined && scratch.length >= count ? scratch : new Float64Array(count);
  fillDifferences(a, b, table);
  return medianInPlace(table, count);
}

function fillDifferences(a: ArrayLike<number>, b: ArrayLike<number>, table: Float64Array): void {
  let at = 0;
  for (let i = 0; i < a.length; i++) for (let j = 0; j < b.length; j++) table[at++] = b[j] - a[i];
}

function clampRank(rank: number, count: number): number {
  return Math.min(count, Math.max(1, rank));
}

/** Bisection on the value, a count of pairs below it costs one walk along both samples, until the rest fits a table. */
function countedDifferences(a: Float64Array, b: Float64Array): Differences {
  const count = a.length * b.length;
  const countUpTo = (value: number): number => {
    let pairs = 0;
    let j = 0;
    for (let i = 0; i < a.length; i++) {
      while (j < b.length && b[j] - a[i] <= value) j++;
      pairs += j;
    }
    return pairs;
  };
  const ranked = (wanted: number): number => {
    const rank = clampRank(wanted, count);
    let low = b[0] - a[a.length - 1];
    let upToLow = countUpTo(low);
    if (upToLow >= rank) return low;
    let high = b[b.length - 1] - a[0];
    let upToHigh = count;
    while (upToHigh - upToLow > largestTable) {
      const middle = low + (high - low) / 2;
      // Neighbouring doubles: more equal differences than a table holds.
      if (middle <= low || middle >= high) return high;
      const upTo = countUpTo(middle);
      if (upTo >= rank) [high, upToHigh] = [middle, upTo];
      else [low, upToLow] = [middle, upTo];
    }
    const between = new Float64Array(upToHigh - upToLow);
    collectBetween(a, b, { low, high }, between);
    return selectRank(between, 0, between.length, rank - upToLow - 1);
  };
  return {
    count,
    ranked,
    median() {
      const upper = ranked((count >>> 1) + 1);
      if (count % 2 === 1) return upper;
      const lower = ranked(count >>> 1);
      return lower + (upper - lower) / 2;
    },
  };
}

/** Fills `into` with the differences in (low, high]. */
function collectBetween(
  a: Float64Array,
  b: Float64Array,
  { low, high }: { readonly low: number; readonly high: number },
  into: Float64Array,
): void {
  let at = 0;
  let first = 0;
  for (let i = 0; i < a.length; i++) {
    while (first < b.length && b[first] - a[i] <= low) first++;
    for (let j = first; j < b.length && b[j] - a[i] <= high; j++) into[at++] = b[j] - a[i];
  }
}
