import { selectRank } from "../model/select-rank.ts";

/** Values of equal size to this many bits share a bucket. */
const digits = 5;
const longBucket = 28 << digits;
const counts: Uint32Array = new Uint32Array(longBucket + 1);
/** Where the next value of a bucket goes; -1 for buckets without a rank. */
const places: Int32Array = new Int32Array(longBucket + 1);

/** As many values, or fewer, are not worth counting. */
const fewValues = 1024;

/**
 * The values that would stand at `ranks` (ascending, from 0) were `values` sorted; may reorder them. Whole numbers ≥ 0.
 * Exact: counts the values in buckets a thirty-second of their size wide, with no branch to guess wrong, and selects
 * among those in the buckets of the ranks.
 */
export function findRanks(values: Float64Array, ranks: readonly number[]): number[] {
  if (values.length <= fewValues) return selectRanks(values, ranks);
  counts.fill(0);
  for (let i = 0; i < values.length; i++) counts[bucketOf(values[i])]++;
  const hits = findBuckets(ranks);
  const gathered = new Float64Array(hits.reduce((sum, { isFirst, count }) => sum + (isFirst ? count : 0), 0));
  places.fill(-1);
  for (const { bucket, place } of hits) places[bucket] = place;
  for (let i = 0; i < values.length; i++) {
    const bucket = bucketOf(values[i]);
    if (places[bucket] >= 0) gathered[places[bucket]++] = values[i];
  }
  return hits.map(({ place, count, rank }) => selectRank(gathered, place, place + count, place + rank));
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

function findBuckets(ranks: readonly number[]): BucketOfRank[] {
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
