/**
 * Moves the value of `rank` to its sorted place among [begin, end); before it what is ≤, behind it what is ≥.
 * Returns it. Hoare's selection.
 */
export function selectRank(values: Float64Array, begin: number, end: number, rank: number): number {
  let low = begin;
  let high = end - 1;
  while (low < high) {
    const pivot = medianOfThree(values[low], values[(low + high) >>> 1], values[high]);
    let i = low;
    let j = high;
    while (i <= j) {
      while (values[i] < pivot) i++;
      while (values[j] > pivot) j--;
      if (i > j) break;
      const value = values[i];
      values[i++] = values[j];
      values[j--] = value;
    }
    if (rank <= j) high = j;
    else if (rank >= i) low = i;
    else break;
  }
  return values[rank];
}

function medianOfThree(a: number, b: number, c: number): number {
  return Math.max(Math.min(a, b), Math.min(Math.max(a, b), c));
}
