import { durationOf, longDuration, SpanFlag } from "../model/trace.ts";
import { endOfTrack, isAccepted, isOpenEnded, trackRange, type Selection } from "./scope.ts";
import { SliceHeap } from "./slice-heap.ts";
import { spansPerSlice, type Sliced } from "./sliced.ts";

/** Steps through heap and sources between two pauses. */
const stepsPerSlice = 1 << 12;
const rowsPerSlice = 1 << 14;

/** How looking for the next span went. */
const Found = { none: 0, span: 1, notYet: 2 } as const;
type Found = (typeof Found)[keyof typeof Found];

/** Spans in order of their starts, source by source. */
interface Sources {
  readonly length: number;
  /** Of the span last found, cut to the range. */
  readonly startNs: number;
  readonly endNs: number;
  /** Finds the next wanted span that ends after `coveredTo`; `notYet`: looked at many, and goes on when called again. */
  next(source: number, coveredTo: number): Found;
}

/**
 * Calls `emit` with the times in which at least one closed span of the selection runs: disjoint, ascending, touching
 * ones joined, cut to the selection's range. Tracks are in order of their starts, and so are rows; a heap merges them.
 *
 *   track 0   ────────      ────
 *   track 1     ──────────
 *   emits     ────────────  ────
 */
export function* mergeBusy(selection: Selection, emit: (startNs: number, endNs: number) => void): Sliced<void> {
  const sources = yield* createSources(selection);
  const merge = new HeapMerge(sources, new Join(emit));
  while (!merge.run(stepsPerSlice)) yield;
}

/** With more rows, finding their spans one by one costs more than passing those inside. */
const mostOutermostRows = 4096;
/** So many spans are passed in the time that finding one in its row takes. */
const passedSpans = 4;

function* createSources(selection: Selection): Sliced<Sources> {
  const { trace, kinds, names, selected, row, begin, end } = selection;
  if (!selection.wholeTracks) return new RowSources(selection, selected);
  const isEachTimed = kinds === null && names === null && trace.spans.flags === undefined;
  if (!isEachTimed || selection.length > mostOutermostRows) return yield* createTracks(selection);
  // The outermost spans cover the others.
  const isOutermost = selected.map((is, slice) => (trace.rows.depth[row[slice]] === 0 ? is : 0));
  let spans = 0;
  isOutermost.forEach((is, slice) => (spans += is * (end[slice] - begin[slice])));
  return spans * passedSpans > selection.spanCount
    ? yield* createTracks(selection)
    : new RowSources(selection, isOutermost);
}

class HeapMerge {
  readonly #sources: Sources;
  readonly #join: Join;
  readonly #heap: SliceHeap;
  /** By source, of the span whose start is in the heap. */
  readonly #ends: Float64Array;
  #started = 0;

  constructor(sources: Sources, join: Join) {
    this.#sources = sources;
    this.#join = join;
    this.#heap = new SliceHeap(sources.length);
    this.#ends = new Float64Array(sources.length);
  }

  /** Goes on for so many steps; true at the end. */
  run(steps: number): boolean {
    const sources = this.#sources;
    const heap = this.#heap;
    const join = this.#join;
    const ends = this.#ends;
    while (this.#started < sources.length) {
      const found = sources.next(this.#started, -Infinity);
      if (found === Found.notYet) return false;
      ends[this.#started] = sources.endNs;
      if (found === Found.span) heap.push(this.#started, sources.startNs);
      this.#started++;
    }
    for (let step = 0; step < steps; step++) {
      if (heap.size === 0) {
        join.finish();
        return true;
      }
      const source = heap.top;
      // Again after `notYet`, which changes nothing.
      join.add(heap.topKey, ends[source]);
      const found = sources.next(source, join.endNs);
      if (found === Found.notYet) return false;
      ends[source] = sources.endNs;
      if (found === Found.none) heap.pop();
      else heap.replaceTop(source, sources.startNs);
    }
    return false;
  }
}

/** Joins times that come in order of their starts, where they touch or overlap; those of no length are left out. */
class Join {
  endNs = -Infinity;
  #startNs = 0;
  readonly #emit: (startNs: number, endNs: number) => void;

  constructor(emit: (startNs: number, endNs: number) => void) {
    this.#emit = emit;
  }

  add(startNs: number, endNs: number): void {
    if (startNs > this.endNs) {
      this.finish();
      this.#startNs = startNs;
      this.endNs = endNs;
    } else if (endNs > this.endNs) this.endNs = endNs;
  }

  finish(): void {
    if (this.endNs > this.#startNs) this.#emit(this.#startNs, this.endNs);
  }
}

/** Whole tracks by id, as the columns lie in memory: first what reaches into the range, then what starts in it. */
class TrackSources implements Sources {
  length = 0;
  startNs = 0;
  endNs = 0;
  readonly #selection: Selection;
  readonly #at: Uint32Array;
  readonly #end: Uint32Array;
  /** By track, last one first. */
  readonly #earlier = new Map<number, number[]>();
  readonly #acceptsAll: boolean;

  /** `most`: of tracks. */
  constructor(selection: Selection, most: number) {
    this.#selection = selection;
    this.#at = new Uint32Array(most);
    this.#end = new Uint32Array(most);
    this.#acceptsAll = selection.kinds === null && selection.names === null;
  }

  add(begin: number, end: number, reachIn: number[]): void {
    this.#at[this.length] = begin;
    this.#end[this.length] = end;
    if (reachIn.length > 0)
      this.#earlier.set(
        this.length,
        reachIn.sort((a, b) => b - a),
      );
    this.length++;
  }

  next(source: number, coveredTo: number): Found {
    if (this.#earlier.size > 0) {
      const earlier = this.#earlier.get(source);
      for (let span = earlier?.pop(); span !== undefined; span = earlier?.pop())
        if (this.#take(span, span + 1, coveredTo) === span) return Found.span;
    }
    const first = this.#at[source];
    const end = this.#end[source];
    const stop = Math.min(end, first + spansPerSlice);
    const span = this.#take(first, stop, coveredTo);
    if (span < stop) {
      this.#at[source] = span + 1;
      return Found.span;
    }
    this.#at[source] = stop;
    return stop < end ? Found.notYet : Found.none;
  }

  /** The first of spans [first, stop) that is wanted and ends after `coveredTo`, `stop` for none. */
  #take(first: number, stop: number, coveredTo: number): number {
    const { spans } = this.#selection.trace;
    const { startNs, packedDurationNs, flags } = spans;
    for (let span = first; span < stop; span++) {
      const packed = packedDurationNs[span];
      const start = startNs[span];
      const end = start + (packed === longDuration ? durationOf(spans, span) : packed);
      if (end <= coveredTo || (flags !== undefined && (flags[span] & SpanFlag.openEnded) !== 0)) continue;
      if (!this.#acceptsAll && !isAccepted(this.#selection, span)) continue;
      this.startNs = Math.max(start, this.#selection.startNs);
      this.endNs = Math.min(end, this.#selection.endNs);
      return span;
    }
    return stop;
  }
}

function* createTracks(selection: Selection): Sliced<TrackSources> {
  const { rows, tracks } = selection.trace;
  const sources = new TrackSources(selection, Math.min(selection.length, tracks.length));
  for (let slice = 0; slice < selection.length;) {
    const { begin, end } = trackRange(selection, slice);
    const nextTrack = endOfTrack(selection, slice);
    const reachIn: number[] = [];
    if (selection.startNs === -Infinity) slice = nextTrack;
    for (; slice < nextTrack; slice++) {
      const first = rows.span[selection.begin[slice]];
      if (first < begin) reachIn.push(first);
      if (slice % rowsPerSlice === 0) yield;
    }
    sources.add(begin, end, reachIn);
  }
  return sources;
}

/** Rows are disjoint: what is covered is passed by a binary search, not span by span. */
class RowSources implements Sources {
  readonly length: number;
  startNs = 0;
  endNs = 0;
  readonly #selection: Selection;
  readonly #isAsked: Uint8Array;
  readonly #cursor: Uint32Array;

  /** `isAsked`: 1 for slices that take part. */
  constructor(selection: Selection, isAsked: Uint8Array) {
    this.length = selection.length;
    this.#selection = selection;
    this.#isAsked = isAsked;
    this.#cursor = selection.begin.slice();
  }

  next(slice: number, coveredTo: number): Found {
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
    this.startNs = Math.max(trace.spans.startNs[span], from);
    this.endNs = Math.min(trace.spans.startNs[span] + durationOf(trace.spans, span), to);
    return Found.span;
  }
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
  return !isOpenEnded(selection.trace, span) && isAccepted(selection, span);
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
