import { medianInPlace, quantileOfSorted } from "./describe.ts";
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
export function shiftOf(a: ArrayLike<number>, b: ArrayLike<number>): number {
  return differencesOf(new Float64Array(a).sort(), new Float64Array(b).sort()).median();
}

function fillDifferences(a: ArrayLike<number>, b: ArrayLike<number>, table: Float64Array): void {
  let at = 0;
  for (let i = 0; i < a.length; i++) for (let j = 0; j < b.length; j++) table[at++] = b[j] - a[i];
}

/** As parts of the spread: around the median, and beyond the ends of its intervals. */
const firstGuesses: readonly number[] = [0, -0.25, 0.25];

function rangeOf(sorted: Float64Array): number {
  return quantileOfSorted(sorted, 0.75) - quantileOfSorted(sorted, 0.25);
}

function clampRank(rank: number, count: number): number {
  return Math.min(count, Math.max(1, rank));
}

/**
 * The value is narrowed down, a count of pairs below it costs one walk along both samples, until what is left costs no
 * more than that: guesses by the counts at both ends, every other one by halves, so that outliers cannot stall it.
 */
function countedDifferences(a: Float64Array, b: Float64Array): Differences {
  const count = a.length * b.length;
  const fewEnough = a.length + b.length;
  const countUpTo = (value: number): number => {
    let pairs = 0;
    let j = 0;
    for (let i = 0; i < a.length; i++) {
      while (j < b.length && b[j] - a[i] <= value) j++;
      pairs += j;
    }
    return pairs;
  };
  // What was counted for one rank narrows down the next: values ascending, with the pairs up to each.
  const least = b[0] - a[a.length - 1];
  const values = [least, b[b.length - 1] - a[0]];
  const counts = [countUpTo(least), count];
  const note = (value: number, upTo: number): void => {
    const at = counts.findIndex((known) => known >= upTo);
    values.splice(at, 0, value);
    counts.splice(at, 0, upTo);
  };
  // Outliers make both ends poor guesses; what is asked for lies near the middle.
  const scale = Math.hypot(rangeOf(a), rangeOf(b));
  const center = quantileOfSorted(b, 0.5) - quantileOfSorted(a, 0.5);
  for (const part of firstGuesses) {
    const value = center + part * scale;
    if (value > values[0] && value < values[values.length - 1]) note(value, countUpTo(value));
  }
  const ranked = (wanted: number): number => {
    const rank = clampRank(wanted, count);
    const above = counts.findIndex((known) => known >= rank);
    if (above === 0) return least;
    let low = values[above - 1];
    let upToLow = counts[above - 1];
    let high = values[above];
    let upToHigh = counts[above];
    for (let round = 0; upToHigh - upToLow > fewEnough; round++) {
      const part = round % 2 === 0 ? (rank - 0.5 - upToLow) / (upToHigh - upToLow) : 0.5;
      const middle = low + (high - low) * part;
      // Neighboring doubles, with many equal differences; or a guess that moves nothing, where halves go on.
      if (round % 2 === 0 && (middle <= low || middle >= high)) continue;
      if (middle <= low || middle >= high) return high;
      const upTo = countUpTo(middle);
      note(middle, upTo);
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
