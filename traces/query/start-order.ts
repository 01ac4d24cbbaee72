import { spansPerSlice, type Sliced } from "./sliced.ts";
import { sortSliced } from "./sliced-sort.ts";

/** Buckets up to this size are sorted by insertion. */
const smallBucket = 32;

/**
 * Indexes of `startsNs` in ascending order of value, equal ones in their own order. As many buckets of equal width as values,
 * then a sort of each: a few steps a value where they spread over the time, n log n where they crowd.
 */
export function* orderByStart(startsNs: Float64Array): Sliced<Uint32Array> {
  const { length } = startsNs;
  let lowest = Infinity;
  let highest = -Infinity;
  for (let i = 0; i < length; i++) {
    if (startsNs[i] < lowest) lowest = startsNs[i];
    if (startsNs[i] > highest) highest = startsNs[i];
    if (i % spansPerSlice === spansPerSlice - 1) yield;
  }
  const perNs = length / (highest - lowest + 1);
  const bucketOf = (startNs: number): number => Math.min(length - 1, Math.floor((startNs - lowest) * perNs));
  // Where a bucket begins, then where it goes on; after all, where it ends.
  const next = new Uint32Array(length + 1);
  for (let i = 0; i < length; i++) {
    next[bucketOf(startsNs[i]) + 1]++;
    if (i % spansPerSlice === spansPerSlice - 1) yield;
  }
  for (let bucket = 0; bucket < length; bucket++) next[bucket + 1] += next[bucket];
  yield;
  const order = new Uint32Array(length);
  for (let i = 0; i < length; i++) {
    order[next[bucketOf(startsNs[i])]++] = i;
    if (i % spansPerSlice === spansPerSlice - 1) yield;
  }
  const compare = (a: number, b: number): number => startsNs[a] - startsNs[b] || a - b;
  let budget = spansPerSlice;
  for (let bucket = 0, begin = 0; bucket < length; bucket++) {
    const end = next[bucket];
    if (end - begin > smallBucket) yield* sortSliced(order.subarray(begin, end), compare);
    else if (end - begin > 1) insertInOrder(order, begin, end, startsNs);
    budget -= 1 + end - begin;
    begin = end;
    if (budget > 0) continue;
    yield;
    budget = spansPerSlice;
  }
  return order;
}

function insertInOrder(order: Uint32Array, begin: number, end: number, startsNs: Float64Array): void {
  for (let i = begin + 1; i < end; i++) {
    const item = order[i];
    let at = i;
    for (; at > begin && startsNs[order[at - 1]] > startsNs[item]; at--) order[at] = order[at - 1];
    order[at] = item;
  }
}
