import { releaseMoved } from "./staging-memory.ts";

const digitBits = 11;
const digitCount = 1 << digitBits;
const digitMask = digitCount - 1;
const smallest = 48;

type Durations = Float64Array | Uint32Array;

/**
 * Sorts `order` (ascending indices into `startNs`, `durationNs`) by start ascending, duration descending, index ascending.
 * Starts are finite integers, |start| ≤ 2^53. Least-significant-digit radix sort over the used bits of (start − min);
 * ties, which are few in real traces, are then put right one run at a time.
 */
export function sortByStart(
  order: Uint32Array,
  startNs: Float64Array,
  durationNs: Durations,
  scratch?: GroupScratch,
): void {
  if (order.length <= smallest) {
    insertionSort(order, 0, order.length, (a, b) => startNs[a] - startNs[b] || durationNs[b] - durationNs[a] || a - b);
    return;
  }
  const runs = findRuns(order, startNs, durationNs);
  if (runs !== null) return mergeRuns(order, runs, startNs, durationNs);
  // Of all spans, not of some.
  if (order.at(-1) === order.length - 1) {
    if (joinGroups(order, startNs, durationNs, scratch ?? createGroupScratch(order.length))) return;
    countUp(order);
  }
  radixSort(order, startNs);
  sortTies(order, startNs, durationNs);
}

/** Writes 0, 1, 2 and so on. */
export function countUp(values: Uint32Array): Uint32Array {
  for (let i = 0; i < values.length; i++) values[i] = i;
  return values;
}

/** Sorts `order` (indices into `keys`: integers, at most 2^53 from 0) by key; equal ones keep their order. */
export function sortStable(order: Uint32Array, keys: Float64Array): void {
  let i = 1;
  while (i < order.length && keys[order[i - 1]] <= keys[order[i]]) i++;
  if (i < order.length) radixSort(order, keys);
}

/** Room for as many spans as are sorted at once, or more; for many tracks it is made once. */
export interface GroupScratch {
  readonly next: Int32Array;
  readonly heads: Int32Array;
}

function createGroupScratch(length: number): GroupScratch {
  return { next: new Int32Array(length), heads: new Int32Array(length) };
}

/** Most steps that `joinGroups` makes back over groups and forward inside one, for each span on average. */
const stepsPerSpan = 4;

/**
 * Sorts what was written when it ended, children before parents, as most profilers do. Sorted groups lie one behind
 * another, each as a chain; a span that begins before some of the last groups takes them behind itself and becomes the
 * head of their group. One pass in the order of the file instead of one for every 11 bits of the starts; false where the
 * spans are not like that. `order`, of all spans, holds the tails of groups meanwhile, and anything after false.
 */
function joinGroups(
  order: Uint32Array,
  startNs: Float64Array,
  durationNs: Durations,
  { next, heads }: GroupScratch,
): boolean {
  const tails = order;
  const n = order.length;
  let groups = 0;
  let steps = n * stepsPerSpan;
  for (let i = 0; i < n; i++) {
    let tail = i;
    next[i] = -1;
    let behind = -1;
    while (groups > 0 && comesBefore(i, heads[groups - 1], startNs, durationNs)) {
      groups--;
      next[tails[groups]] = behind;
      if (behind < 0) tail = tails[groups];
      behind = heads[groups];
      if (steps-- === 0) return false;
    }
    next[i] = behind;
    const last = groups - 1;
    if (last >= 0 && comesBefore(i, tails[last], startNs, durationNs)) {
      // Equal to the head, or between the spans of the group: its place is found from the head on.
      let before = heads[last];
      while (!comesBefore(i, next[before], startNs, durationNs)) {
        before = next[before];
        if (steps-- === 0) return false;
      }
      if (behind >= 0) {
        next[tails[last]] = behind;
        tails[last] = tail;
      }
      next[i] = next[before];
      next[before] = i;
      continue;
    }
    heads[groups] = i;
    tails[groups++] = tail;
  }
  let at = 0;
  for (let group = 0; group < groups; group++) for (let i = heads[group]; i >= 0; i = next[i]) order[at++] = i;
  return true;
}

/** Beyond as many runs a radix sort is quicker. */
const mostRuns = 64;

/**
 * Where ascending runs begin, the length of `order` last; null when there are many. Tables of a file that are read one
 * after another leave few: each is in order, or nearly so. `order` ascends, so equal spans are in order too.
 */
function findRuns(order: Uint32Array, startNs: Float64Array, durationNs: Durations): number[] | null {
  const runs = [0];
  for (let i = 1; i < order.length; i++) {
    if (!comesBefore(order[i], order[i - 1], startNs, durationNs)) continue;
    if (runs.length === mostRuns) return null;
    runs.push(i);
  }
  runs.push(order.length);
  return runs;
}

/** Whether span `a` has to stand before span `b`; false for equal ones. */
function comesBefore(a: number, b: number, startNs: Float64Array, durationNs: Durations): boolean {
  return startNs[a] < startNs[b] || (startNs[a] === startNs[b] && durationNs[a] > durationNs[b]);
}

/** Merges neighboring runs until one is left; of equal spans that of the earlier run comes first. */
function mergeRuns(order: Uint32Array, runs: readonly number[], startNs: Float64Array, durationNs: Durations): void {
  let from = order;
  let to: Uint32Array = runs.length > 2 ? new Uint32Array(order.length) : order;
  let bounds = runs;
  while (bounds.length > 2) {
    const next = [0];
    for (let run = 0; run + 1 < bounds.length; run += 2) {
      const middle = bounds[run + 1];
      const end = bounds[run + 2] ?? middle;
      mergePair(from, to, bounds[run], middle, end, startNs, durationNs);
      next.push(end);
    }
    bounds = next;
    [from, to] = [to, from];
  }
  if (from !== order) order.set(from);
}

/** Merges [begin, middle) and [middle, end) of `from` into `to`. */
// oxlint-disable-next-line max-params -- the inner loop of the sort
function mergePair(
  from: Uint32Array,
  to: Uint32Array,
  begin: number,
  middle: number,
  end: number,
  startNs: Float64Array,
  durationNs: Durations,
): void {
  let left = begin;
  let right = middle;
  let at = begin;
  while (left < middle && right < end) {
    to[at++] = comesBefore(from[right], from[left], startNs, durationNs) ? from[right++] : from[left++];
  }
  to.set(from.subarray(left, middle), at);
  to.set(from.subarray(right, end), at + middle - left);
}

function radixSort(order: Uint32Array, startNs: Float64Array): void {
  const n = order.length;
  let min = Infinity;
  let max = -Infinity;
  for (let i = 0; i < n; i++) {
    const start = startNs[order[i]];
    if (start < min) min = start;
    if (start > max) max = start;
  }
  const range = max - min;
  if (range === 0) return;
  // Starts exceed the 32 bits of the shift operators: keys are (start - min) in two halves.
  const low = new Uint32Array(startNs.length);
  const buffer = new Uint32Array(n);
  for (let i = 0; i < n; i++) low[order[i]] = (startNs[order[i]] - min) >>> 0;
  let sorted = radixPasses(order, buffer, low, Math.min(range, 0xffffffff));
  if (range > 0xffffffff) {
    const high = low;
    for (let i = 0; i < n; i++) high[order[i]] = (startNs[order[i]] - min) / 2 ** 32;
    const other = sorted === order ? buffer : order;
    sorted = radixPasses(sorted, other, high, Math.floor(range / 2 ** 32));
  }
  if (sorted !== order) order.set(sorted);
  releaseMoved([low, buffer]);
}

/** Stable passes over the digits of `keys` up to `largest`; returns the buffer that holds the result. */
function radixPasses(order: Uint32Array, buffer: Uint32Array, keys: Uint32Array, largest: number): Uint32Array {
  const n = order.length;
  const counts = new Uint32Array(digitCount);
  let from = order;
  let to = buffer;
  for (let shift = 0; shift < 32 && largest >= 2 ** shift; shift += digitBits) {
    counts.fill(0);
    for (let i = 0; i < n; i++) counts[(keys[from[i]] >>> shift) & digitMask]++;
    let sum = 0;
    for (let d = 0; d < digitCount; d++) {
      const count = counts[d];
      counts[d] = sum;
      sum += count;
    }
    for (let i = 0; i < n; i++) {
      const index = from[i];
      to[counts[(keys[index] >>> shift) & digitMask]++] = index;
    }
    const swap = from;
    from = to;
    to = swap;
  }
  return from;
}

function sortTies(order: Uint32Array, startNs: Float64Array, durationNs: Durations): void {
  const n = order.length;
  const byDuration = (a: number, b: number): number => durationNs[b] - durationNs[a] || a - b;
  let begin = 0;
  while (begin < n) {
    const start = startNs[order[begin]];
    let end = begin + 1;
    let sorted = true;
    while (end < n && startNs[order[end]] === start) {
      if (durationNs[order[end]] > durationNs[order[end - 1]]) sorted = false;
      end++;
    }
    if (!sorted) {
      if (end - begin <= smallest) insertionSort(order, begin, end, byDuration);
      else order.subarray(begin, end).sort(byDuration);
    }
    begin = end;
  }
}

function insertionSort(
  order: Uint32Array,
  begin: number,
  end: number,
  compare: (a: number, b: number) => number,
): void {
  for (let i = begin + 1; i < end; i++) {
    const value = order[i];
    let j = i - 1;
    while (j >= begin && compare(order[j], value) > 0) {
      order[j + 1] = order[j];
      j--;
    }
    order[j + 1] = value;
  }
}
