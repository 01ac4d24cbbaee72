import type { Column } from "../model/column.ts";
import { durationOf } from "../model/trace.ts";
import { BusyTimes } from "./busy-times.ts";
import { isTimed, type Selection } from "./scope.ts";
import { SliceHeap } from "./slice-heap.ts";
import { spansPerSlice, type Sliced } from "../model/sliced.ts";
import { uniteTracks } from "./track-union.ts";

/** Steps through heap and rows between two pauses. */
const stepsPerSlice = 1 << 12;

/**
 * Time in which at least one closed span of the selection runs, cut to its range, ns.
 *
 *   track 0   ────────      ────
 *   track 1     ──────────
 *   busy      ────────────  ────
 */
export function* computeBusyNs(selection: Selection): Sliced<number> {
  const rows = rowsToMerge(selection);
  if (rows === null) return yield* uniteTracks(selection);
  const busy = new BusyTimes();
  const merge = new RowMerge(selection, rows, busy);
  while (!merge.run(stepsPerSlice)) yield;
  busy.finish();
  return busy.totalNs;
}

/** With more rows, finding their spans one by one costs more than passing those inside. */
const mostOutermostRows = 4096;
/** So many spans are passed in the time that finding one in its row takes. */
const passedSpans = 4;

/** 1 for slices whose rows are to be merged; null: whole tracks take less. */
function rowsToMerge(selection: Selection): Column | null {
  const { trace, kinds, names, selected, row, begin, end } = selection;
  if (!selection.wholeTracks) return selected;
  const isEachTimed = kinds === null && names === null && trace.spans.flags === undefined;
  if (!isEachTimed || selection.length > mostOutermostRows) return null;
  // The outermost spans cover the others.
  const isOutermost = new Uint8Array(selection.length);
  let spans = 0;
  for (let slice = 0; slice < selection.length; slice++) {
    if (selected[slice] === 0 || trace.rows.depth[row[slice]] > 0) continue;
    isOutermost[slice] = 1;
    spans += end[slice] - begin[slice];
  }
  return spans * passedSpans > selection.spanCount ? null : isOutermost;
}

/** How looking for the next span went. */
const Found = { none: 0, span: 1, notYet: 2 } as const;
type Found = (typeof Found)[keyof typeof Found];

/**
 * Rows in order of their starts, which a heap merges. Spans of a row are disjoint: what is covered is passed by a binary
 * search, not span by span.
 */
class RowMerge {
  readonly #selection: Selection;
  readonly #isAsked: Column;
  readonly #busy: BusyTimes;
  readonly #heap: SliceHeap;
  /** By slice: where to look on, and the end of the span whose start is in the heap. */
  readonly #cursor: Uint32Array;
  readonly #ends: Float64Array;
  #started = 0;
  /** Of the span last found, cut to the range. */
  #startNs = 0;
  #endNs = 0;

  /** `isAsked`: 1 for slices that take part. */
  constructor(selection: Selection, isAsked: Column, busy: BusyTimes) {
    this.#selection = selection;
    this.#isAsked = isAsked;
    this.#busy = busy;
    this.#heap = new SliceHeap(selection.length);
    this.#cursor = new Uint32Array(selection.length);
    for (let slice = 0; slice < selection.length; slice++) this.#cursor[slice] = selection.begin[slice];
    this.#ends = new Float64Array(selection.length);
  }

  /** Goes on for so many steps; true at the end. */
  run(steps: number): boolean {
    const heap = this.#heap;
    const busy = this.#busy;
    const ends = this.#ends;
    while (this.#started < this.#selection.length) {
      const found = this.#next(this.#started, -Infinity);
      if (found === Found.notYet) return false;
      ends[this.#started] = this.#endNs;
      if (found === Found.span) heap.push(this.#started, this.#startNs);
      this.#started++;
    }
    for (let step = 0; step < steps; step++) {
      if (heap.size === 0) return true;
      const slice = heap.top;
      // Again after `notYet`, which changes nothing.
      busy.add(heap.topKey, ends[slice]);
      const found = this.#next(slice, busy.endNs);
      if (found === Found.notYet) return false;
      ends[slice] = this.#endNs;
      if (found === Found.none) heap.pop();
      else heap.replaceTop(slice, this.#startNs);
    }
    return false;
  }

  /** Finds the next wanted span that ends after `coveredTo`; `notYet`: looked at many, and goes on when called again. */
  #next(slice: number, coveredTo: number): Found {
    const { trace, end: ends, startNs: from, endNs: to } = this.#selection;
    if (this.#isAsked[slice] === 0) return Found.none;
    const end = ends[slice];
    let position = gallopToEnd(this.#selection, this.#cursor[slice], end, coveredTo);
    const stop = Math.min(end, position + spansPerSlice);
    while (position < stop && !isTimed(this.#selection, trace.rows.span[position])) position++;
    this.#cursor[slice] = position;
    if (position === stop) return position < end ? Found.notYet : Found.none;
    this.#cursor[slice]++;
    const span = trace.rows.span[position];
    this.#startNs = Math.max(trace.spans.startNs[span], from);
    this.#endNs = Math.min(trace.spans.startNs[span] + durationOf(trace.spans, span), to);
    return Found.span;
  }
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
