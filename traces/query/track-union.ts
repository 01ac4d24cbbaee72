import type { Column } from "../model/column.ts";
import { durationOf, longDuration, type Trace } from "../model/trace.ts";
import { endOfTrack, isTimed, trackRange, type Selection } from "./scope.ts";
import { spansPerSlice, type Sliced } from "../model/sliced.ts";
import { mostCellBits, TimeCells } from "./time-cells.ts";

/** Cells of a window: where tracks are few, as many as the nearest caches hold. */
const fewestCells = 1 << 13;
/** Where they are many, so many that what is looked at of each lies side by side in memory. */
const cellsOfTrack = 16;
const mostCells = 1 << 22;
/** With more cells a time than this, cells get wider. */
const mostCellsOfTime = 4;
/** With more than one in so many times in the list, cells get narrower. */
const leastTimesOfListed = 4;
/** Cells that are added up in the time in which a span is looked at. */
const cellsOfSpan = 4;
const tracksPerSlice = 1 << 14;
/** Spans looked at before what was found is marked: it stays in the nearest cache. */
const spansAtOnce = 1 << 11;

/**
 * Time in which at least one closed span of whole tracks runs, ns. Window of time after window: what starts in it on
 * each track, track by track as the columns lie in memory, is marked in cells. Nothing is sorted where spans are about
 * as long as cells, and a heap of the tracks would wait for memory at each step.
 */
export function* uniteTracks(selection: Selection): Sliced<number> {
  const tracks = yield* findTracks(selection);
  const only = onlyTrack(tracks);
  if (only >= 0) return yield* uniteTrack(selection, tracks, only);
  const wanted = Math.min(tracks.spanCount, mostCells, Math.max(fewestCells, tracks.length * cellsOfTrack));
  const cells = new TimeCells(2 ** Math.ceil(Math.log2(Math.max(2, wanted))));
  const pass = new WindowPass(selection, tracks, cells);
  let cellBits = bitsOf((tracks.lastNs - tracks.firstNs) / tracks.spanCount);
  let totalNs = tracks.reachedNs > selection.startNs ? tracks.reachedNs - selection.startNs : 0;
  let firstNs = Math.max(tracks.firstNs, tracks.reachedNs);
  // Windows may be small: what they take is counted over several of them.
  let budget = spansPerSlice;
  while (firstNs < Infinity) {
    const endNs = firstNs + cells.cellCount * 2 ** cellBits;
    cells.start(firstNs, cellBits);
    pass.start(firstNs, endNs);
    while (!pass.run()) {
      budget -= spansAtOnce;
      if (budget > 0) continue;
      yield;
      budget = spansPerSlice;
    }
    if (pass.isFull) {
      cellBits = Math.max(0, cellBits - 3);
      continue;
    }
    totalNs += yield* cells.coveredNs();
    budget -= spansAtOnce + cells.cellCount / cellsOfSpan;
    const following = pass.finish();
    if (following.reachedNs > endNs) totalNs += following.reachedNs - endNs;
    firstNs = following.startNs < Infinity ? Math.max(following.startNs, following.reachedNs) : Infinity;
    if (cells.listed * leastTimesOfListed > cells.added) cellBits = Math.max(0, cellBits - 1);
    else if (cells.added * mostCellsOfTime < cells.cellCount) cellBits = Math.min(mostCellBits, cellBits + 1);
  }
  return cutToEnd(selection, totalNs, Math.max(tracks.reachedNs, pass.reachedNs));
}

/** Of the nanosecond in which the range ends, all or nothing is covered. */
function cutToEnd({ endNs }: Selection, totalNs: number, reachedNs: number): number {
  return reachedNs > endNs ? totalNs - (reachedNs - endNs) : totalNs;
}

/** The one that all spans are on, -1 where there are several. */
function onlyTrack({ length, at, end, spanCount }: Tracks): number {
  for (let track = 0; track < length; track++)
    if (at[track] < end[track]) return end[track] - at[track] === spanCount ? track : -1;
  return -1;
}

/** The spans of one track come in the order of their starts. */
function* uniteTrack(selection: Selection, { at, end, reachedNs }: Tracks, track: number): Sliced<number> {
  const busy = { totalNs: reachedNs > selection.startNs ? reachedNs - selection.startNs : 0, reachedNs };
  for (let first: number = at[track]; first < end[track]; first += spansPerSlice) {
    addInOrder(selection, busy, first, Math.min(end[track], first + spansPerSlice));
    yield;
  }
  return cutToEnd(selection, busy.totalNs, busy.reachedNs);
}

/** Adds what spans [begin, end) cover behind what was reached before them. */
function addInOrder(
  selection: Selection,
  busy: { totalNs: number; reachedNs: number },
  begin: number,
  end: number,
): void {
  const { spans } = selection.trace;
  const { startNs, packedDurationNs } = spans;
  const lastNs = lastNsOf(selection);
  const takesAll = isEachTimed(selection);
  let { totalNs, reachedNs } = busy;
  for (let span = begin; span < end; span++) {
    const start = startNs[span];
    const packed = packedDurationNs[span];
    const endNs = Math.min(start + (packed === longDuration ? durationOf(spans, span) : packed), lastNs);
    if (endNs <= reachedNs || (!takesAll && !isTimed(selection, span))) continue;
    totalNs += endNs - Math.max(start, reachedNs);
    reachedNs = endNs;
  }
  busy.totalNs = totalNs;
  busy.reachedNs = reachedNs;
}

const isEachTimed = ({ kinds, names, trace: { spans } }: Selection): boolean =>
  kinds === null && names === null && spans.flags === undefined;

/** Where spans are cut: cells take whole nanoseconds. */
const lastNsOf = ({ endNs }: Selection): number => Math.ceil(endNs);

/** Cells of so many bits are at most this wide, unless it is below 1 ns. */
const bitsOf = (widthNs: number): number => (widthNs > 1 ? Math.min(mostCellBits, Math.floor(Math.log2(widthNs))) : 0);

/** The spans of each track that start in the range, as ids [at, end). */
interface Tracks {
  readonly length: number;
  readonly at: Uint32Array;
  readonly end: Uint32Array;
  readonly spanCount: number;
  /** None of them starts outside; infinite for none. */
  readonly firstNs: number;
  readonly lastNs: number;
  /** Spans from before the range reach so far. */
  readonly reachedNs: number;
}

function* findTracks(selection: Selection): Sliced<Tracks> {
  const { rows, spans } = selection.trace;
  const { startNs } = spans;
  if (selection.wholeTrace) return allTracks(selection.trace);
  const most = Math.min(selection.length, spans.firstOfTrack.length - 1);
  const at = new Uint32Array(most);
  const end = new Uint32Array(most);
  let length = 0;
  let spanCount = 0;
  let firstNs = Infinity;
  let lastNs = -Infinity;
  let reachedNs = -Infinity;
  for (let slice = 0, steps = 1; slice < selection.length; steps++) {
    const track = rows.track[selection.row[slice]];
    const range = trackRange(selection, track);
    const nextTrack = endOfTrack(selection, slice, track);
    if (steps % tracksPerSlice === 0) yield;
    if (selection.startNs === -Infinity) slice = nextTrack;
    for (; slice < nextTrack; slice++) {
      const first = rows.span[selection.begin[slice]];
      if (first < range.begin && isTimed(selection, first))
        reachedNs = Math.max(reachedNs, startNs[first] + durationOf(spans, first));
      if (slice % tracksPerSlice === 0) yield;
    }
    if (range.begin === range.end) continue;
    at[length] = range.begin;
    end[length++] = range.end;
    spanCount += range.end - range.begin;
    if (startNs[range.begin] < firstNs) firstNs = startNs[range.begin];
    if (startNs[range.end - 1] > lastNs) lastNs = startNs[range.end - 1];
  }
  return { length, at, end, spanCount, firstNs, lastNs, reachedNs: Math.min(reachedNs, lastNsOf(selection)) };
}

/** Some of them may have no spans. */
function allTracks({ spans: { firstOfTrack, length: spanCount }, meta }: Trace): Tracks {
  const length = firstOfTrack.length - 1;
  const at = copyOf(firstOfTrack.subarray(0, length));
  const end = copyOf(firstOfTrack.subarray(1));
  // No span lies outside of the trace.
  const firstNs = spanCount > 0 ? 0 : Infinity;
  return { length, at, end, spanCount, firstNs, lastNs: meta.durationNs, reachedNs: -Infinity };
}

function copyOf(column: Column): Uint32Array {
  const copy = new Uint32Array(column.length);
  copy.set(column);
  return copy;
}

/** Goes over all tracks once a window. */
class WindowPass {
  /** There was no room for a time; the window is to be begun anew. */
  isFull = false;
  /** How far times reach, of all windows so far. */
  reachedNs: number = -Infinity;
  readonly #selection: Selection;
  readonly #cells: TimeCells;
  readonly #takesAll: boolean;
  /** Of each track that is not at its end, the first span that no window has had, and that behind its last one. */
  #at: Uint32Array;
  #end: Uint32Array;
  #length: number;
  /** The same behind this window. */
  #nextAt: Uint32Array;
  #nextEnd: Uint32Array;
  #nextLength = 0;
  readonly #lastNs: number;
  #firstNs = -Infinity;
  #endNs = -Infinity;
  /** Earliest start behind the window. */
  #followingNs = Infinity;
  #windowReachedNs = -Infinity;
  #track = 0;
  /** Where to go on in the track, with the time that spans before it make: none where it has no length. */
  #place = 0;
  #openNs = -Infinity;
  #reachedNs = -Infinity;

  constructor(selection: Selection, { length, at, end }: Tracks, cells: TimeCells) {
    this.#selection = selection;
    this.#cells = cells;
    this.#takesAll = isEachTimed(selection);
    this.#lastNs = lastNsOf(selection);
    this.#at = at;
    this.#end = end;
    this.#length = length;
    this.#nextAt = new Uint32Array(length);
    this.#nextEnd = new Uint32Array(length);
  }

  /** Begins a window, the one behind the last or the same anew. */
  start(firstNs: number, endNs: number): void {
    this.#firstNs = firstNs;
    this.#endNs = endNs;
    this.#followingNs = Infinity;
    this.#windowReachedNs = -Infinity;
    this.isFull = false;
    this.#nextLength = 0;
    this.#begin(0);
  }

  /** Goes on for some spans or tracks; true when all have been seen, or there is no room. */
  run(): boolean {
    const ends = this.#end;
    for (let budget = spansAtOnce; this.#track < this.#length && budget > 0;) {
      const end = ends[this.#track];
      const first = this.#place;
      const stop = Math.min(end, first + budget);
      const place = this.#pass(first, stop);
      budget -= 1 + place - first;
      this.#place = place;
      // The rest of the track is for the next call.
      if (place === stop && stop < end) break;
      this.#leave(place, end);
    }
    return this.isFull || this.#track === this.#length;
  }

  /** Looks at spans of one track from `first` on; returns the first that starts behind the window, `stop` for none. */
  #pass(first: number, stop: number): number {
    const { spans } = this.#selection.trace;
    const { startNs, packedDurationNs } = spans;
    const lastNs = this.#lastNs;
    const windowEndNs = this.#endNs;
    const takesAll = this.#takesAll;
    const cells = this.#cells;
    let isFull = this.isFull;
    let open = this.#openNs;
    let reached = this.#reachedNs;
    let span = first;
    for (; span < stop; span++) {
      const start = startNs[span];
      if (start >= windowEndNs) break;
      const packed = packedDurationNs[span];
      const endNs = Math.min(start + (packed === longDuration ? durationOf(spans, span) : packed), lastNs);
      if (endNs <= reached || endNs === start || (!takesAll && !isTimed(this.#selection, span))) continue;
      if (start > reached) {
        if (open < reached && !cells.add(open, reached)) isFull = true;
        open = start;
      }
      reached = endNs;
    }
    this.isFull = isFull;
    this.#openNs = open;
    this.#reachedNs = reached;
    return span;
  }

  /** Goes on to the next track. Of this one, spans from `place` on are for the next window. */
  #leave(place: number, end: number): void {
    const reached = this.#reachedNs;
    if (this.#openNs < reached) {
      if (reached > this.#windowReachedNs) this.#windowReachedNs = reached;
      if (!this.#cells.add(this.#openNs, Math.min(reached, this.#endNs))) this.isFull = true;
    }
    if (place < end) {
      const start = this.#selection.trace.spans.startNs[place];
      if (start < this.#followingNs) this.#followingNs = start;
      this.#nextAt[this.#nextLength] = place;
      this.#nextEnd[this.#nextLength++] = end;
    }
    this.#begin(this.#track + 1);
  }

  #begin(track: number): void {
    this.#track = track;
    this.#place = this.#at[track];
    this.#openNs = this.#firstNs;
    this.#reachedNs = this.#firstNs;
  }

  /** Ends the window; returns the earliest start behind it, Infinity for none, and how far its times reach. */
  finish(): { readonly startNs: number; readonly reachedNs: number } {
    [this.#at, this.#nextAt] = [this.#nextAt, this.#at];
    [this.#end, this.#nextEnd] = [this.#nextEnd, this.#end];
    this.#length = this.#nextLength;
    this.reachedNs = Math.max(this.reachedNs, this.#windowReachedNs);
    return { startNs: this.#followingNs, reachedNs: this.#windowReachedNs };
  }
}
