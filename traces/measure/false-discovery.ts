/** Benjamini–Hochberg: adjusted p of each test, monotone from the largest down; NaN entries are no tests and stay. */
export function adjustP(p: ArrayLike<number>): Float64Array {
  const tested: number[] = [];
  for (let i = 0; i < p.length; i++) if (!Number.isNaN(p[i])) tested.push(i);
  tested.sort((i, j) => p[j] - p[i]);
  const adjusted = new Float64Array(p.length).fill(Number.NaN);
  let smallest = 1;
  tested.forEach((index, fromLargest) => {
    const rank = tested.length - fromLargest;
    smallest = Math.min(smallest, (p[index] * tested.length) / rank);
    adjusted[index] = smallest;
  });
  return adjusted;
}
