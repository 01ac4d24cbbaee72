import { flagsOf, durationOf, SpanFlag } from "../model/trace.ts";
import { isAccepted, type Selection } from "./scope.ts";
import { spansPerSlice, type Sliced } from "./sliced.ts";

/** A step through heap and gallop costs about as much as looking at so many spans. */
const spansPerStep = 12;

/**
 * Calls `emit` with the times in which at least one closed span of the selection runs: disjoint, ascending, touching
 * ones joined, cut to the selection's range. Rows are sorted and disjoint, so this merges them with a heap; a row
 * that lies inside what is already covered is skipped by a binary search, not span by span.
 *
 *   row 0   ────────      ────
 *   row 1     ──────────
 *   emits   ────────────  ────
 */
export function* mergeBusy(selection: Selection, emit: (startNs: number, endNs: number) => void): Sliced<void> {
  const { trace, startNs: from, endNs: to } = selection;
  const { spans, rows } = trace;
  const cursor = selection.begin.slice();
  const heap = createSliceHeap(selection.length);
  let budget = spansPerSlice;

  /** Moves the row's cursor to its next wanted span that ends after `coveredTo`; false at the end of the row. */
  const advance = (slice: number, coveredTo: number): boolean => {
    const end = selection.end[slice];
    let position = gallopToEnd(selection, cursor[slice], end, coveredTo);
    while (position < end && !isTimed(selection, rows.span[position])) {
      position++;
      budget--;
    }
    cursor[slice] = position;
    return position < end;
  };

  for (let slice = 0; slice < selection.length; slice++) {
    if (selection.selected[slice] === 1 && advance(slice, -Infinity))
      heap.push(slice, spans.startNs[rows.span[cursor[slice]]]);
  }
  let start = 0;
  let end = -Infinity;
  while (heap.size > 0) {
    const slice = heap.pop();
    const span = rows.span[cursor[slice]];
    const spanStart = Math.max(spans.startNs[span], from);
    const spanEnd = Math.min(spans.startNs[span] + durationOf(spans, span), to);
    if (spanStart > end) {
      if (end > start) emit(start, end);
      start = spanStart;
      end = spanEnd;
    } else if (spanEnd > end) end = spanEnd;
    cursor[slice]++;
    if (advance(slice, end)) heap.push(slice, spans.startNs[rows.span[cursor[slice]]]);
    budget -= spansPerStep;
    if (budget > 0) continue;
    yield;
    budget = spansPerSlice;
  }
  if (end > start) emit(start, end);
}

/** Time in which at least one closed span of the selection runs, ns. */
export function* computeBusyNs(selection: Selection): Sliced<number> {
  let busyNs = 0;
  yield* mergeBusy(selection, (startNs, endNs) => {
    busyNs += endNs - startNs;
  });
  return busyNs;
}

function isTimed(selection: Selection, span: number): boolean {
  return (flagsOf(selection.trace.spans, span) & SpanFlag.openEnded) === 0 && isAccepted(selection, span);
}

/** First position in [position, end) whose span ends after `timeNs`: doubling steps, then a binary search. */
function gallopToEnd({ trace: { spans, rows } }: Selection, position: number, end: number, timeNs: number): number {
  const endsAfter = (at: number): boolean => {
    const span = rows.span[at];
    return spans.startNs[span] + durationOf(spans, span) > timeNs;
  };
  if (position >= end || endsAfter(position)) return position;
  let low = position;
  let step = 1;
  while (low + step < end && !endsAfter(low + step)) {
    low += step;
    step *= 2;
  }
  let high = Math.min(low + step, end);
  while (high - low > 1) {
    const middle = (low + high) >>> 1;
    if (endsAfter(middle)) high = middle;
    else low = middle;
  }
  return high;
}

/** Binary heap of small integers by a key, smallest key first; equal keys by smaller integer. */
export interface SliceHeap {
  readonly size: number;
  push(value: number, key: number): void;
  pop(): number;
}

export function createSliceHeap(capacity: number): SliceHeap {
  const values = new Uint32Array(capacity);
  const keys = new Float64Array(capacity);
  let size = 0;
  const isBefore = (key: number, value: number, at: number): boolean =>
    key < keys[at] || (key === keys[at] && value < values[at]);
  return {
    get size() {
      return size;
    },
    push(value, key) {
      let at = size++;
      while (at > 0) {
        const up = (at - 1) >>> 1;
        if (!isBefore(key, value, up)) break;
        keys[at] = keys[up];
        values[at] = values[up];
        at = up;
      }
      keys[at] = key;
      values[at] = value;
    },
    pop() {
      const top = values[0];
      size--;
      const key = keys[size];
      const value = values[size];
      let at = 0;
      for (;;) {
        let child = 2 * at + 1;
        if (child >= size) break;
        if (child + 1 < size && isBefore(keys[child + 1], values[child + 1], child)) child++;
        if (isBefore(key, value, child)) break;
        keys[at] = keys[child];
        values[at] = values[child];
        at = child;
      }
      keys[at] = key;
      values[at] = value;
      return top;
    },
  };
}
