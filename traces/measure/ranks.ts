/**
 * Midranks × 2, from 2: integers also for ties. `sorted` holds the same values ascending; a search a value is quicker
 * than sorting an order with a comparison function.
 */
export function doubledRanks(values: ArrayLike<number>, sorted: Float64Array): Float64Array {
  const ranks = new Float64Array(values.length);
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    const below = countBelow(sorted, value, false);
    const upTo = sorted[below + 1] === value ? countBelow(sorted, value, true) : below + 1;
    ranks[i] = below + upTo + 1;
  }
  return ranks;
}

/** Sorted values below `value`; with `orEqual` those equal to it too. */
function countBelow(sorted: Float64Array, value: number, orEqual: boolean): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (sorted[middle] < value || (orEqual && sorted[middle] === value)) low = middle + 1;
    else high = middle;
  }
  return low;
}
