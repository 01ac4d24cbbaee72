/** Disjoint times, ascending, ns: start and end in turns. Touching ones are joined. */
export type Intervals = readonly number[];

/** Collects times that come in ascending order of their starts; they may overlap. */
export function createIntervals(): { add(startNs: number, endNs: number): void; readonly intervals: Intervals } {
  const intervals: number[] = [];
  return {
    intervals,
    add(startNs, endNs) {
      if (endNs <= startNs) return;
      const last = intervals.length - 1;
      if (last < 0 || startNs > intervals[last]) intervals.push(startNs, endNs);
      else if (endNs > intervals[last]) intervals[last] = endNs;
    },
  };
}

/** Times that are in both. */
export function intersect(a: Intervals, b: Intervals): Intervals {
  const both = createIntervals();
  let i = 0;
  let j = 0;
  while (i < a.length && j < b.length) {
    both.add(Math.max(a[i], b[j]), Math.min(a[i + 1], b[j + 1]));
    if (a[i + 1] < b[j + 1]) i += 2;
    else j += 2;
  }
  return both.intervals;
}

/** Times of `a` that are not in `b`. */
export function subtract(a: Intervals, b: Intervals): Intervals {
  const rest = createIntervals();
  let j = 0;
  for (let i = 0; i < a.length; i += 2) {
    let start = a[i];
    const end = a[i + 1];
    while (j < b.length && b[j + 1] <= start) j += 2;
    for (let k = j; k < b.length && b[k] < end; k += 2) {
      rest.add(start, Math.min(b[k], end));
      start = Math.max(start, b[k + 1]);
    }
    rest.add(start, end);
  }
  return rest.intervals;
}

/** Times that are in either. */
export function unite(a: Intervals, b: Intervals): Intervals {
  const all = createIntervals();
  let i = 0;
  let j = 0;
  while (i < a.length || j < b.length) {
    if (j >= b.length || (i < a.length && a[i] <= b[j])) {
      all.add(a[i], a[i + 1]);
      i += 2;
    } else {
      all.add(b[j], b[j + 1]);
      j += 2;
    }
  }
  return all.intervals;
}

/** Length of the part in [startNs, endNs), ns. */
export function lengthWithin(intervals: Intervals, startNs: number, endNs: number): number {
  let low = 0;
  let high = intervals.length / 2;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (intervals[2 * middle + 1] <= startNs) low = middle + 1;
    else high = middle;
  }
  let length = 0;
  for (let i = 2 * low; i < intervals.length && intervals[i] < endNs; i += 2)
    length += Math.min(endNs, intervals[i + 1]) - Math.max(startNs, intervals[i]);
  return length;
}

/** Length of all, ns. */
export function lengthOf(intervals: Intervals): number {
  return lengthWithin(intervals, -Infinity, Infinity);
}
