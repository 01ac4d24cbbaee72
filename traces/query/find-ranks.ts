import { selectRank } from "../model/select-rank.ts";
import { runSliced, spansPerSlice, type Sliced } from "../model/sliced.ts";

/** Values of equal size to this many bits share a bucket. */
const digits = 5;
const longBucket = 28 << digits;
/** As many values, or fewer, are not worth counting. */
const fewValues = 1024;

/** The values that would stand at `ranks` (ascending, from 0) were `values` sorted; may reorder them. Whole numbers ≥ 0. */
export function findRanks(values: Float64Array, ranks: readonly number[]): number[] {
  return values.length <= fewValues ? selectRanks(values, ranks) : runSliced(findRanksOfMany(values, ranks));
}

/**
 * As `findRanks`, with pauses. Exact: counts the values in buckets a thirty-second of their size wide, with no branch to
 * guess wrong, and selects among those in the buckets of the ranks.
 */
export function* findRanksOfMany(values: Float64Array, ranks: readonly number[]): Sliced<number[]> {
  const counts = new Uint32Array(longBucket + 1);
  for (let begin = 0; begin < values.length; begin += spansPerSlice) {
    if (begin > 0) yield;
    countBuckets(values, begin, Math.min(begin + spansPerSlice, values.length), counts);
  }
  const hits = findBuckets(ranks, counts);
  const gathered = new Float64Array(hits.reduce((sum, { isFirst, count }) => sum + (isFirst ? count : 0), 0));
  // Where the next value of a bucket goes; -1 for buckets without a rank.
  const places = new Int32Array(longBucket + 1).fill(-1);
  for (const { bucket, place } of hits) places[bucket] = place;
  for (let begin = 0; begin < values.length; begin += spansPerSlice) {
    if (begin > 0) yield;
    gather(values, begin, Math.min(begin + spansPerSlice, values.length), places, gathered);
  }
  const found: number[] = [];
  for (const { place, count, rank } of hits) {
    if (count > spansPerSlice) yield;
    found.push(selectRank(gathered, place, place + count, place + rank));
  }
  return found;
}

function countBuckets(values: Float64Array, begin: number, end: number, counts: Uint32Array): void {
  for (let i = begin; i < end; i++) counts[bucketOf(values[i])]++;
}

function gather(values: Float64Array, begin: number, end: number, places: Int32Array, gathered: Float64Array): void {
  for (let i = begin; i < end; i++) {
    const bucket = bucketOf(values[i]);
    if (places[bucket] >= 0) gathered[places[bucket]++] = values[i];
  }
}

function selectRanks(values: Float64Array, ranks: readonly number[]): number[] {
  let begin = 0;
  return ranks.map((rank) => {
    const value = selectRank(values, begin, values.length, rank);
    begin = rank;
    return value;
  });
}

interface BucketOfRank {
  readonly bucket: number;
  readonly count: number;
  /** Rank among the values of the bucket. */
  readonly rank: number;
  /** Where these values are gathered. */
  readonly place: number;
  /** No smaller rank has this bucket. */
  readonly isFirst: boolean;
}

function findBuckets(ranks: readonly number[], counts: Uint32Array): BucketOfRank[] {
  let bucket = 0;
  let before = 0;
  let place = 0;
  let gathered = 0;
  let last = -1;
  return ranks.map((rank) => {
    while (rank >= before + counts[bucket]) before += counts[bucket++];
    const isFirst = bucket !== last;
    if (isFirst) {
      place = gathered;
      gathered += counts[bucket];
    }
    last = bucket;
    return { bucket, count: counts[bucket], rank: rank - before, place, isFirst };
  });
}

/** Ascending with the value: small ones have a bucket each, those of 2^32 and more share the last. */
function bucketOf(value: number): number {
  if (value > 0xffffffff) return longBucket;
  const whole = value >>> 0;
  if (whole < 1 << digits) return whole;
  const exponent = 31 - Math.clz32(whole);
  return ((exponent - digits + 1) << digits) + ((whole >>> (exponent - digits)) & ((1 << digits) - 1));
}
