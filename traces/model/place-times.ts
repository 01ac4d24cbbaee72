import { type Allocate, lowerBound } from "./column.ts";
import { countUp, sortByStart, sortStable } from "./row-order.ts";
import { orderTiesBySource } from "./source-order.ts";
import type { SpanStore } from "./span-store.ts";
import { releaseMoved } from "./staging-memory.ts";
import { longDuration, SpanFlag } from "./trace.ts";

/** Durations of 4.29 s and more, ascending by span; `selfNs` begins as the duration. */
export interface LongTimes {
  readonly span: Uint32Array;
  readonly durationNs: Float64Array;
  readonly selfNs: Float64Array;
}

export interface PlacedTimes {
  /** Relative to the origin. */
  readonly startNs: Float64Array;
  readonly packedDurationNs: Uint32Array;
  readonly long: LongTimes;
  /** SpanId by place: track after track, spans of a track in push order. Null: places are SpanIds. */
  readonly rank: Uint32Array | null;
}

export interface PlaceInput {
  readonly store: SpanStore;
  /** First span of each track, tracks + 1 values. */
  readonly firsts: Uint32Array;
  /** Per track: pushed in seal order. */
  readonly inOrder: readonly boolean[];
  /** Tracks whose equal spans are ordered by their places in the file; never in seal order. */
  readonly bySource: ReadonlySet<number>;
  readonly originNs: number;
  /** End of the trace, on the builder's clock: there open-ended spans end. */
  readonly endNs: number;
  /** Give back what was read. */
  readonly release: boolean;
}

/** Writes start and duration of all spans in seal order: track after track, by start, longest first, push order. */
export function placeTimes(input: PlaceInput, allocate: Allocate): PlacedTimes {
  const { firsts, inOrder } = input;
  const length = input.store.length;
  const startNs = new Float64Array(allocate(length * 8));
  const packedDurationNs = new Uint32Array(allocate(length * 4));
  const long = copyTimes(input, startNs, packedDurationNs);
  let rank: Uint32Array | null = null;
  let scratch: SortScratch | null = null;
  for (let track = 0; track + 1 < firsts.length; track++) {
    const first = firsts[track];
    const end = firsts[track + 1];
    if (inOrder[track] || end - first < 2) continue;
    rank ??= countUp(new Uint32Array(length));
    scratch ??= createSortScratch(longestUnsorted(input));
    sortTrack(startNs.subarray(first, end), packedDurationNs.subarray(first, end), first, long, rank, scratch);
  }
  if (scratch !== null) releaseMoved(Object.values({ ...scratch }));
  const times = { startNs, packedDurationNs, long: sortLong(long) };
  if (rank !== null) orderTiesBySource(input, times, rank);
  return { ...times, rank };
}

interface LongList {
  /** Places, later SpanIds; ascending only within a track before it is sorted. */
  readonly span: number[];
  readonly durationNs: number[];
}

function copyTimes(
  { store, firsts, originNs, endNs, release }: PlaceInput,
  startNs: Float64Array,
  packedDurationNs: Uint32Array,
): LongTimes {
  const next = firsts.slice();
  const found: LongList = { span: [], durationNs: [] };
  let nextLong = 0;
  store.forEachBlock((block, rows) => {
    const { track, flags, startNs: start, packedDurationNs: duration } = block;
    for (let i = 0; i < rows; i++) {
      const place = next[track[i]]++;
      const startOf = start[i];
      startNs[place] = startOf - originNs;
      let packed = duration[i];
      if (packed === longDuration) {
        found.span.push(place);
        found.durationNs.push(store.long.durationNs[nextLong++]);
      } else if (flags !== null && (flags[i] & SpanFlag.openEnded) !== 0 && endNs - startOf >= longDuration) {
        found.span.push(place);
        found.durationNs.push(endNs - startOf);
        packed = longDuration;
      } else if (flags !== null && (flags[i] & SpanFlag.openEnded) !== 0) packed = endNs - startOf;
      packedDurationNs[place] = packed;
    }
    if (release) block.releaseTimes();
  });
  return sortLong({
    span: Uint32Array.from(found.span),
    durationNs: Float64Array.from(found.durationNs),
    selfNs: Float64Array.from(found.durationNs),
  });
}

function sortLong({ span, durationNs }: LongTimes): LongTimes {
  const order = countUp(new Uint32Array(span.length));
  sortStable(order, Float64Array.from(span));
  const sorted = {
    span: span.map((_, i) => span[order[i]]),
    durationNs: durationNs.map((_, i) => durationNs[order[i]]),
  };
  return { ...sorted, selfNs: sorted.durationNs.slice() };
}

/** For the largest track that is sorted; used for all of them, so that they do not add up. */
interface SortScratch {
  readonly order: Uint32Array;
  readonly next: Int32Array;
}

function createSortScratch(length: number): SortScratch {
  return { order: new Uint32Array(length), next: new Int32Array(length) };
}

function longestUnsorted({ firsts, inOrder }: PlaceInput): number {
  return inOrder.reduce(
    (most, sorted, track) => (sorted ? most : Math.max(most, firsts[track + 1] - firsts[track])),
    0,
  );
}

/** Sorts the times of the track that begins at `first`, in place, and tells `rank` and `long` where spans went. */
function sortTrack(
  startNs: Float64Array,
  packedDurationNs: Uint32Array,
  first: number,
  long: LongTimes,
  rank: Uint32Array,
  scratch: SortScratch,
): void {
  const count = startNs.length;
  const order = countUp(scratch.order.subarray(0, count));
  const firstLong = lowerBound(long.span, first);
  const endLong = lowerBound(long.span, first + count);
  let durationNs: Uint32Array | Float64Array = packedDurationNs;
  if (firstLong < endLong) {
    durationNs = new Float64Array(packedDurationNs);
    for (let i = firstLong; i < endLong; i++) durationNs[long.span[i] - first] = long.durationNs[i];
  }
  // The part of the track in `rank` is not needed before.
  const heads = new Int32Array(rank.buffer, rank.byteOffset + 4 * first, count);
  sortByStart(order, startNs, durationNs, { next: scratch.next, heads });
  for (let i = 0; i < count; i++) rank[first + order[i]] = first + i;
  moveTimes(startNs, packedDurationNs, order);
  for (let i = firstLong; i < endLong; i++) long.span[i] = rank[long.span[i]];
}

/** Puts the times of span `order[i]` in place `i`, without a copy of all of them. `order` counts up afterwards. */
function moveTimes(startNs: Float64Array, packedDurationNs: Uint32Array, order: Uint32Array): void {
  for (let first = 0; first < order.length; first++) {
    if (order[first] === first) continue;
    const movedStartNs = startNs[first];
    const movedDurationNs = packedDurationNs[first];
    let to = first;
    for (let from = order[to]; from !== first; from = order[to]) {
      startNs[to] = startNs[from];
      packedDurationNs[to] = packedDurationNs[from];
      order[to] = to;
      to = from;
    }
    startNs[to] = movedStartNs;
    packedDurationNs[to] = movedDurationNs;
    order[to] = to;
  }
}
