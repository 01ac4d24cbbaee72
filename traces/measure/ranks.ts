/**
 * Midranks × 2, from 2: integers also for ties. `sorted` holds the same values ascending; two searches a value are
 * quicker than sorting an order with a comparison function.
 */
export function doubledRanks(values: ArrayLike<number>, sorted: Float64Array): Float64Array {
  const ranks = new Float64Array(values.length);
  for (let i = 0; i < values.length; i++)
    ranks[i] = countBelow(sorted, values[i], false) + countBelow(sorted, values[i], true) + 1;
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
