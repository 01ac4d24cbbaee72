import { durationOf, longDuration } from "../model/trace.ts";
import { endOfTrack, isTimed, trackRange, type Selection } from "./scope.ts";
import { spansPerSlice, type Sliced } from "./sliced.ts";
import { TimeList } from "./time-list.ts";
import type { BusyTimes } from "./busy-times.ts";

/** Times of a window: where tracks are few, as many as the nearest caches hold. */
const leastInWindow = 1 << 13;
/** Where they are many, so many of each at once: they lie in the same line of memory. */
const timesOfTrack = 4;
/** A window with so many times more is cut. */
const mostTimesMore = 2;
const rowsPerSlice = 1 << 14;

/**
 * Adds the times of closed spans of whole tracks. Window of time after window: what starts in it on each track, track by
 * track as the columns lie in memory, is brought into order. A heap of the tracks takes longer: it waits for memory at
 * each step, and steps grow with the tracks.
 */
export function* addTracks(selection: Selection, busy: BusyTimes): Sliced<void> {
  const tracks = yield* findTracks(selection, busy);
  const target = Math.max(leastInWindow, tracks.length * timesOfTrack);
  const pass = new WindowPass(selection, tracks, new TimeList(Math.min(target * mostTimesMore, tracks.spanCount)));
  let { firstNs } = tracks;
  let widthNs = Math.max(1, Math.ceil(((tracks.lastNs - firstNs) * target) / tracks.spanCount));
  // Windows are small: what they take is counted over several of them.
  let sinceYield = 0;
  while (firstNs < Infinity) {
    const lastNs = firstNs + (widthNs - 1);
    pass.start(lastNs, busy.endNs);
    while (!pass.run(spansPerSlice)) yield;
    sinceYield += pass.seen;
    if (sinceYield >= spansPerSlice) {
      yield;
      sinceYield = 0;
    }
    const { times } = pass;
    if (times.isFull) {
      // One nanosecond always fits: a track has one time there at most.
      widthNs = Math.ceil(widthNs / 8);
      continue;
    }
    yield* times.sort(firstNs, Math.min(lastNs, tracks.lastNs));
    for (let i = 0; i < times.length; i++) busy.add(times.startOf(i), times.endOf(i));
    firstNs = pass.finish();
    if (times.length < target / 2) widthNs *= 2;
    else if (times.length > target * 2) widthNs = Math.ceil(widthNs / 2);
  }
}

/** The spans of each track that start in the range, as ids [at, end). */
interface Tracks {
  readonly length: number;
  readonly at: Uint32Array;
  readonly end: Uint32Array;
  readonly spanCount: number;
  /** Of the first and the last of them. */
  readonly firstNs: number;
  readonly lastNs: number;
}

/** Adds what reaches into the range: all of it is there from the start on. */
function* findTracks(selection: Selection, busy: BusyTimes): Sliced<Tracks> {
  const { rows, tracks, spans } = selection.trace;
  const most = Math.min(selection.length, tracks.length);
  const at = new Uint32Array(most);
  const end = new Uint32Array(most);
  let length = 0;
  let spanCount = 0;
  let firstNs = Infinity;
  let lastNs = -Infinity;
  let reachedNs = -Infinity;
  for (let slice = 0; slice < selection.length;) {
    const range = trackRange(selection, slice);
    const nextTrack = endOfTrack(selection, slice);
    if (selection.startNs === -Infinity) slice = nextTrack;
    for (; slice < nextTrack; slice++) {
      const first = rows.span[selection.begin[slice]];
      if (first < range.begin && isTimed(selection, first))
        reachedNs = Math.max(reachedNs, spans.startNs[first] + durationOf(spans, first));
      if (slice % rowsPerSlice === 0) yield;
    }
    if (range.begin === range.end) continue;
    at[length] = range.begin;
    end[length++] = range.end;
    spanCount += range.end - range.begin;
    firstNs = Math.min(firstNs, spans.startNs[range.begin]);
    lastNs = Math.max(lastNs, spans.startNs[range.end - 1]);
    if (length % rowsPerSlice === 0) yield;
  }
  if (reachedNs > selection.startNs) busy.add(selection.startNs, Math.min(reachedNs, selection.endNs));
  return { length, at, end, spanCount, firstNs, lastNs };
}

/** Goes over all tracks once a window. */
class WindowPass {
  readonly times: TimeList;
  /** Tracks and spans that the last call of `run` looked at. */
  seen: number = 0;
  readonly #selection: Selection;
  readonly #length: number;
  readonly #end: Uint32Array;
  readonly #takesAll: boolean;
  /** By track, the first span that no window has had, and the same behind this one. */
  #at: Uint32Array;
  #next: Uint32Array;
  /** Of the window. */
  #lastNs = 0;
  #coveredNs = 0;
  #followingNs = Infinity;
  #track = 0;
  /** Where to go on in the track, with the time that spans before it make: none where it has no length. */
  #place = 0;
  #openNs = 0;
  #reachedNs = 0;

  constructor(selection: Selection, { length, at, end }: Tracks, times: TimeList) {
    this.times = times;
    this.#selection = selection;
    this.#length = length;
    this.#end = end;
    this.#takesAll = selection.kinds === null && selection.names === null && selection.trace.spans.flags === undefined;
    this.#at = at;
    this.#next = new Uint32Array(length);
  }

  /** Begins a window up to a time, in which all is known up to `coveredNs`. */
  start(lastNs: number, coveredNs: number): void {
    this.times.clear();
    this.#lastNs = lastNs;
    this.#coveredNs = coveredNs;
    this.#followingNs = Infinity;
    this.#begin(0);
  }

  /** Goes on for so many spans or tracks; true when all have been seen, or the list is full. */
  run(most: number): boolean {
    let budget = most;
    this.seen = 0;
    while (this.#track < this.#length && budget > 0) {
      const track = this.#track;
      const end = this.#end[track];
      const stop = Math.min(end, this.#place + budget);
      const place = this.#pass(this.#place, stop);
      const seen = 1 + place - this.#place;
      budget -= seen;
      this.seen += seen;
      this.#place = place;
      if (this.times.isFull) return true;
      const isPassed = place === stop;
      if (isPassed && stop < end) return false;
      if (this.#openNs < this.#reachedNs && !this.times.add(this.#openNs, this.#reachedNs)) return true;
      this.#next[track] = place;
      if (!isPassed) this.#followingNs = Math.min(this.#followingNs, this.#selection.trace.spans.startNs[place]);
      this.#begin(track + 1);
    }
    return this.#track === this.#length;
  }

  #begin(track: number): void {
    this.#track = track;
    this.#place = this.#at[track];
    this.#openNs = this.#coveredNs;
    this.#reachedNs = this.#coveredNs;
  }

  /** Looks at spans of one track from `first` on; returns the first that starts behind the window, `stop` for none. */
  #pass(first: number, stop: number): number {
    const { spans } = this.#selection.trace;
    const { startNs, packedDurationNs } = spans;
    const { endNs: to } = this.#selection;
    const takesAll = this.#takesAll;
    const lastNs = this.#lastNs;
    let open = this.#openNs;
    let reached = this.#reachedNs;
    let span = first;
    for (; span < stop; span++) {
      const start = startNs[span];
      if (start > lastNs) break;
      const packed = packedDurationNs[span];
      const end = Math.min(start + (packed === longDuration ? durationOf(spans, span) : packed), to);
      if (end <= reached || end === start || (!takesAll && !isTimed(this.#selection, span))) continue;
      if (start > reached || open === reached) {
        if (open < reached && !this.times.add(open, reached)) break;
        open = start;
      }
      reached = end;
    }
    this.#openNs = open;
    this.#reachedNs = reached;
    return span;
  }

  /** Ends the window; returns the next start, Infinity for none. */
  finish(): number {
    [this.#at, this.#next] = [this.#next, this.#at];
    return this.#followingNs;
  }
}
