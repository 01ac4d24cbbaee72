import { spansPerSlice, type Sliced } from "../model/sliced.ts";

const runLength = spansPerSlice / 4;

/** Sorts in place, as `order.sort(compare)` does, in slices: runs first, then merges. `compare` must be strict: 0 for none but the same. */
export function* sortSliced(order: Uint32Array, compare: (a: number, b: number) => number): Sliced<Uint32Array> {
  for (let first = 0; first < order.length; first += runLength) {
    order.subarray(first, first + runLength).sort(compare);
    yield;
  }
  let from = order;
  let to: Uint32Array = order.length > runLength ? new Uint32Array(order.length) : order;
  for (let width = runLength; width < order.length; width *= 2) {
    let budget = runLength;
    for (let first = 0; first < order.length; first += 2 * width) {
      const middle = Math.min(first + width, order.length);
      const end = Math.min(middle + width, order.length);
      let left = first;
      let right = middle;
      for (let at = first; at < end; at++) {
        const takesLeft = left < middle && (right >= end || compare(from[left], from[right]) < 0);
        to[at] = takesLeft ? from[left++] : from[right++];
        if (--budget > 0) continue;
        yield;
        budget = runLength;
      }
    }
    [from, to] = [to, from];
  }
  if (from !== order) order.set(from);
  return order;
}
