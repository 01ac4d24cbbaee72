import { flagsOf, durationOf, SpanFlag } from "../model/trace.ts";
import { enlarge } from "./enlarge.ts";
import { isAccepted, trackRange, type Selection } from "./scope.ts";
import { spansPerSlice, type Sliced } from "./sliced.ts";
import { orderByStart } from "./start-order.ts";

/** A step through heap and gallop costs about as much as looking at so many spans. */
const spansPerStep = 12;
const rowsPerSlice = 1 << 14;
/** Sources that a heap keeps in order. */
const mostInHeap = 64;
const atEnd = -1;
/** `next` has looked at many spans and will go on. */
const notYet = -2;

/** Spans in order of their starts, source by source. */
interface Sources {
  readonly length: number;
  /** The next wanted span that ends after `coveredTo`; the one before is passed. */
  next(source: number, coveredTo: number): number;
}

/**
 * Calls `emit` with the times in which at least one closed span of the selection runs: disjoint, ascending, touching
 * ones joined, cut to the selection's range. Tracks are in order of their starts, and so are rows, which merges them
 * with a heap.
 *
 *   track 0   ────────      ────
 *   track 1     ──────────
 *   emits     ────────────  ────
 */
export function* mergeBusy(selection: Selection, emit: (startNs: number, endNs: number) => void): Sliced<void> {
  const sources = selection.wholeTracks ? yield* createTracks(selection) : createRows(selection);
  yield* sources.length > mostInHeap ? mergeByOrder(selection, sources, emit) : mergeByHeap(selection, sources, emit);
}

function* mergeByHeap(
  { trace, startNs: from, endNs: to }: Selection,
  sources: Sources,
  emit: (startNs: number, endNs: number) => void,
): Sliced<void> {
  const { startNs } = trace.spans;
  const current = new Float64Array(sources.length);
  const heap = createSliceHeap(sources.length);
  for (let source = 0; source < sources.length; source++) {
    const span = yield* nextOf(sources, source, -Infinity);
    current[source] = span;
    if (span !== atEnd) heap.push(source, startNs[span]);
  }
  const joined = createJoin(emit);
  let budget = spansPerSlice;
  while (heap.size > 0) {
    const source = heap.top();
    const span = current[source];
    joined.add(Math.max(startNs[span], from), Math.min(startNs[span] + durationOf(trace.spans, span), to));
    let next = sources.next(source, joined.endNs());
    if (next === notYet) next = yield* nextOf(sources, source, joined.endNs());
    current[source] = next;
    if (next === atEnd) heap.pop();
    else heap.replaceTop(source, startNs[next]);
    budget -= spansPerStep;
    if (budget > 0) continue;
    yield;
    budget = spansPerSlice;
  }
  joined.finish();
}

/** Joins source by source, then brings what is left into order: with many sources a heap costs more. */
function* mergeByOrder(
  { trace, startNs: from, endNs: to }: Selection,
  sources: Sources,
  emit: (startNs: number, endNs: number) => void,
): Sliced<void> {
  const { spans } = trace;
  let starts = new Float64Array(sources.length);
  let ends = new Float64Array(sources.length);
  let length = 0;
  const keep = (start: number, end: number): void => {
    if (length === starts.length) {
      starts = enlarge(starts, new Float64Array(2 * length));
      ends = enlarge(ends, new Float64Array(2 * length));
    }
    starts[length] = start;
    ends[length++] = end;
  };
  let budget = spansPerSlice;
  for (let source = 0; source < sources.length; source++) {
    let start = 0;
    let end = -Infinity;
    for (;;) {
      let span = sources.next(source, end);
      if (span === notYet) span = yield* nextOf(sources, source, end);
      if (span === atEnd) break;
      const spanStart = Math.max(spans.startNs[span], from);
      const spanEnd = Math.min(spans.startNs[span] + durationOf(spans, span), to);
      if (spanStart > end) {
        if (end > start) keep(start, end);
        start = spanStart;
        end = spanEnd;
      } else if (spanEnd > end) end = spanEnd;
      budget -= spansPerStep;
      if (budget > 0) continue;
      yield;
      budget = spansPerSlice;
    }
    if (end > start) keep(start, end);
    budget -= spansPerStep;
  }
  const order = yield* orderByStart(starts.subarray(0, length));
  const joined = createJoin(emit);
  for (let i = 0; i < length; i++) {
    joined.add(starts[order[i]], ends[order[i]]);
    if (i % spansPerSlice === spansPerSlice - 1) yield;
  }
  joined.finish();
}

/** As `next` of the source, pausing until it has found one. */
function* nextOf(sources: Sources, source: number, coveredTo: number): Sliced<number> {
  let next = sources.next(source, coveredTo);
  while (next === notYet) {
    yield;
    next = sources.next(source, coveredTo);
  }
  return next;
}

/** Joins times that come in order of their starts, where they touch or overlap; those of no length are left out. */
function createJoin(emit: (startNs: number, endNs: number) => void) {
  let start = 0;
  let end = -Infinity;
  return {
    endNs: () => end,
    add(startNs: number, endNs: number) {
      if (startNs > end) {
        if (end > start) emit(start, end);
        start = startNs;
        end = endNs;
      } else if (endNs > end) end = endNs;
    },
    finish() {
      if (end > start) emit(start, end);
    },
  };
}

/** Whole tracks by id, as the columns lie in memory: first what reaches into the range, then what starts in it. */
function* createTracks(selection: Selection): Sliced<Sources> {
  const { trace } = selection;
  const { rows, spans } = trace;
  const most = Math.min(selection.length, trace.tracks.length);
  const at = new Uint32Array(most);
  const end = new Uint32Array(most);
  /** By track, last one first. */
  const earlier = new Map<number, number[]>();
  let length = 0;
  for (let slice = 0; slice < selection.length; length++) {
    const range = trackRange(selection, slice);
    at[length] = range.begin;
    end[length] = range.end;
    const reachIn: number[] = [];
    for (; slice < selection.length && rows.track[selection.row[slice]] === range.id; slice++) {
      const first = rows.span[selection.begin[slice]];
      if (first < range.begin && isTimed(selection, first)) reachIn.push(first);
      if (slice % rowsPerSlice === 0) yield;
    }
    if (reachIn.length > 0)
      earlier.set(
        length,
        reachIn.sort((a, b) => b - a),
      );
  }
  return {
    length,
    next(source, coveredTo) {
      const reachIn = earlier.size > 0 ? earlier.get(source) : undefined;
      for (let span = reachIn?.pop(); span !== undefined; span = reachIn?.pop())
        if (spans.startNs[span] + durationOf(spans, span) > coveredTo) return span;
      const stop = Math.min(end[source], at[source] + spansPerSlice);
      for (let span = at[source]; span < stop; span++) {
        if (spans.startNs[span] + durationOf(spans, span) <= coveredTo || !isTimed(selection, span)) continue;
        at[source] = span + 1;
        return span;
      }
      at[source] = stop;
      return stop < end[source] ? notYet : atEnd;
    },
  };
}

/** Rows are disjoint: what is covered is passed by a binary search, not span by span. */
function createRows(selection: Selection): Sources {
  const { span } = selection.trace.rows;
  const cursor = selection.begin.slice();
  return {
    length: selection.length,
    next(slice, coveredTo) {
      if (selection.selected[slice] === 0) return atEnd;
      const end = selection.end[slice];
      let position = gallopToEnd(selection, cursor[slice], end, coveredTo);
      const stop = Math.min(end, position + spansPerSlice);
      while (position < stop && !isTimed(selection, span[position])) position++;
      cursor[slice] = position + 1;
      if (position < stop) return span[position];
      cursor[slice] = position;
      return position < end ? notYet : atEnd;
    },
  };
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
  top(): number;
  pop(): number;
  /** As `pop` and `push`, in one go. */
  replaceTop(value: number, key: number): void;
}

export function createSliceHeap(capacity: number): SliceHeap {
  const values = new Uint32Array(capacity);
  const keys = new Float64Array(capacity);
  let size = 0;
  const isBefore = (key: number, value: number, at: number): boolean =>
    key < keys[at] || (key === keys[at] && value < values[at]);
  /** Puts the entry where it belongs, from the top down. */
  const sink = (key: number, value: number): void => {
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
  };
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
    top: () => values[0],
    pop() {
      const top = values[0];
      size--;
      if (size > 0) sink(keys[size], values[size]);
      return top;
    },
    replaceTop(value, key) {
      sink(key, value);
    },
  };
}
