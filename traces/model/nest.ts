import { type Allocate, lowerBound } from "./column.ts";
import { FittedColumn } from "./fitted-column.ts";
import { FreeLanes } from "./free-lanes.ts";
import type { LongTimes } from "./place-times.ts";
import { longDuration, SpanFlag } from "./trace.ts";

/** What nesting reads: spans in seal order. */
export interface NestInput {
  readonly startNs: Float64Array;
  readonly packedDurationNs: Uint32Array;
  /** `selfNs` is written. */
  readonly long: LongTimes;
  /** Null when there are none. */
  readonly flags: Uint8Array | null;
  /** Lanes that the importer fixed, null when there are none; becomes the lanes of all spans. */
  readonly fixedLane: FittedColumn | null;
}

/** What nesting writes. */
export interface Nested {
  readonly packedSelfNs: Uint32Array;
  /** SpanId, -1 for none. */
  readonly parent: Int32Array;
  readonly depth: FittedColumn;
  /** Null when all are 0. */
  readonly lane: FittedColumn | null;
}

export interface NestCounts {
  /** Closed spans that end behind the end of the span they start in, in a single-stack pass. */
  readonly overlaps: number;
  /** SpanIds of the first of some tracks. */
  readonly firstOverlaps: readonly number[];
  /** Spans that were given a lane because they overlap. */
  readonly spilled: number;
}

/**
 * Finds parents, depths and self times.
 *
 *   lane 0   a──────────────   d────      One stack: what has ended (end ≤ start) leaves it,
 *             b────  c───                 what is then on top is the parent.
 *   lane 1                e───────        e starts in d and ends after it: it keeps its times and gets a lane.
 *
 * `firsts`: first span of each track, tracks + 1 values. `hasFixedLanes`: by track.
 */
export function nest(
  input: NestInput,
  firsts: Uint32Array,
  hasFixedLanes: readonly boolean[],
  allocate: Allocate,
): { nested: Nested; counts: NestCounts } {
  const length = input.startNs.length;
  const packedSelfNs = new Uint32Array(allocate(length * 4));
  const parent = new Int32Array(allocate(length * 4));
  const depth = new FittedColumn(length, allocate);
  let lane = input.fixedLane;
  let overlaps = 0;
  let spilled = 0;
  const firstOverlaps: number[] = [];
  for (let track = 0; track + 1 < firsts.length; track++) {
    const first = firsts[track];
    const end = firsts[track + 1];
    if (!hasFixedLanes[track] && nestOnOneLane(input, first, end, packedSelfNs, parent, depth)) continue;
    const part = loadTrack(input, first, end, hasFixedLanes[track]);
    const found = nestOnLanes(part);
    lane = storeTrack(part, first, { packedSelfNs, parent, depth, lane }, input, allocate);
    spilled += found.spilled;
    if (hasFixedLanes[track]) continue;
    const crossing = countOverlaps(part);
    overlaps += crossing.overlaps;
    if (crossing.firstOverlap >= 0) firstOverlaps.push(first + crossing.firstOverlap);
  }
  return { nested: { packedSelfNs, parent, depth, lane }, counts: { overlaps, firstOverlaps, spilled } };
}

/** False at the first span that ends after its parent; what was written is then of no use. */
function nestOnOneLane(
  input: NestInput,
  first: number,
  end: number,
  packedSelfNs: Uint32Array,
  parent: Int32Array,
  depth: FittedColumn,
): boolean {
  const { startNs, packedDurationNs, long } = input;
  let open = -1;
  let openEnd = 0;
  let level = -1;
  let { values, largest } = depth;
  for (let i = first; i < end; i++) {
    const start = startNs[i];
    const packed = packedDurationNs[i];
    while (open >= 0 && openEnd <= start) {
      open = parent[open];
      level--;
      if (open >= 0) openEnd = startNs[open] + durationAt(packedDurationNs, long, open);
    }
    const spanEnd = start + (packed === longDuration ? durationAt(packedDurationNs, long, i) : packed);
    parent[i] = open;
    packedSelfNs[i] = packed;
    if (open >= 0) {
      if (spanEnd > openEnd) {
        restoreLong(long, first, end);
        return false;
      }
      if (packedSelfNs[open] !== longDuration) packedSelfNs[open] -= packed;
      else long.selfNs[lowerBound(long.span, open)] -= spanEnd - start;
    }
    if (++level > largest) {
      depth.fit(level);
      ({ values, largest } = depth);
    }
    values[i] = level;
    open = i;
    openEnd = spanEnd;
  }
  return true;
}

function durationAt(packedDurationNs: Uint32Array, { span, durationNs }: LongTimes, i: number): number {
  const packed = packedDurationNs[i];
  return packed === longDuration ? durationNs[lowerBound(span, i)] : packed;
}

function restoreLong({ span, durationNs, selfNs }: LongTimes, first: number, end: number): void {
  const to = lowerBound(span, end);
  for (let i = lowerBound(span, first); i < to; i++) selfNs[i] = durationNs[i];
}

/** One track that takes more than a stack; positions count from its first span. */
interface TrackPart {
  readonly length: number;
  readonly startNs: Float64Array;
  readonly durationNs: Float64Array;
  readonly openEnded: Uint8Array;
  /** Null when no span of the track has a fixed lane. */
  readonly fixedLane: Uint32Array | null;
  /** Written: position of the parent, -1 for none. */
  readonly parent: Int32Array;
  readonly depth: Uint32Array;
  readonly lane: Uint32Array;
  readonly selfNs: Float64Array;
}

function loadTrack(input: NestInput, first: number, end: number, hasFixedLanes: boolean): TrackPart {
  const { startNs, packedDurationNs, long, flags, fixedLane } = input;
  const length = end - first;
  const durationNs = new Float64Array(packedDurationNs.subarray(first, end));
  const to = lowerBound(long.span, end);
  for (let i = lowerBound(long.span, first); i < to; i++) durationNs[long.span[i] - first] = long.durationNs[i];
  return {
    length,
    startNs: startNs.subarray(first, end),
    durationNs,
    openEnded:
      flags === null ? new Uint8Array(length) : flags.slice(first, end).map((value) => value & SpanFlag.openEnded),
    fixedLane: hasFixedLanes && fixedLane !== null ? new Uint32Array(fixedLane.values.subarray(first, end)) : null,
    parent: new Int32Array(length),
    depth: new Uint32Array(length),
    lane: new Uint32Array(length),
    selfNs: new Float64Array(length),
  };
}

/** Returns the column of lanes, made for the first track that needs it. */
function storeTrack(
  { length, parent, depth, lane, selfNs }: TrackPart,
  first: number,
  nested: Nested,
  { packedDurationNs, long }: NestInput,
  allocate: Allocate,
): FittedColumn | null {
  let deepest = 0;
  let lastLane = 0;
  for (let i = 0; i < length; i++) {
    if (depth[i] > deepest) deepest = depth[i];
    if (lane[i] > lastLane) lastLane = lane[i];
  }
  nested.depth.fit(deepest);
  const lanes = nested.lane ?? (lastLane > 0 ? new FittedColumn(packedDurationNs.length, allocate) : null);
  lanes?.fit(lastLane);
  nested.depth.values.set(depth, first);
  lanes?.values.set(lane, first);
  let nextLong = lowerBound(long.span, first);
  for (let i = 0; i < length; i++) {
    nested.parent[first + i] = parent[i] < 0 ? -1 : parent[i] + first;
    if (packedDurationNs[first + i] === longDuration) {
      nested.packedSelfNs[first + i] = longDuration;
      long.selfNs[nextLong++] = selfNs[i];
    } else nested.packedSelfNs[first + i] = selfNs[i];
  }
  return lanes;
}

function countOverlaps({ length, startNs, durationNs, openEnded }: TrackPart): {
  overlaps: number;
  firstOverlap: number;
} {
  const stackEnds: number[] = [];
  let overlaps = 0;
  let firstOverlap = -1;
  for (let i = 0; i < length; i++) {
    if (openEnded[i]) continue;
    const start = startNs[i];
    const end = start + durationNs[i];
    while (stackEnds.length > 0 && stackEnds[stackEnds.length - 1] <= start) stackEnds.pop();
    if (stackEnds.length > 0 && end > stackEnds[stackEnds.length - 1]) {
      overlaps++;
      if (firstOverlap < 0) firstOverlap = i;
    }
    stackEnds.push(end);
  }
  return { overlaps, firstOverlap };
}

/** Lanes on which a span may nest when its own is taken; further lanes only take spans while they are free. */
const nestingSpillLanes = 8;

function nestOnLanes(part: TrackPart): { spilled: number } {
  const { length, startNs, durationNs, fixedLane, parent, depth, lane, selfNs } = part;
  const firstSpillLane = fixedLane === null ? 1 : maxOf(fixedLane, length) + 1;
  /** Innermost open span of each lane, -1 when free. */
  const open: number[] = [];
  const endOfSpan = (span: number): number => startNs[span] + durationNs[span];
  const overflow = new FreeLanes(firstSpillLane + nestingSpillLanes);
  let spilled = 0;

  const close = (l: number, start: number): number => {
    let span = open[l] ?? -1;
    while (span >= 0 && endOfSpan(span) <= start) span = parent[span];
    open[l] = span;
    return span;
  };
  const fits = (span: number, end: number): boolean => span < 0 || end <= endOfSpan(span);

  for (let i = 0; i < length; i++) {
    const start = startNs[i];
    const end = start + durationNs[i];
    let l = fixedLane === null ? 0 : fixedLane[i];
    let top = close(l, start);
    if (!fits(top, end)) {
      spilled++;
      l = firstSpillLane;
      while (l < firstSpillLane + nestingSpillLanes && !fits((top = close(l, start)), end)) l++;
      if (l === firstSpillLane + nestingSpillLanes) {
        l = overflow.take(start, end);
        top = close(l, start);
      }
    }
    lane[i] = l;
    parent[i] = top;
    depth[i] = top < 0 ? 0 : depth[top] + 1;
    selfNs[i] = durationNs[i];
    if (top >= 0) selfNs[top] -= durationNs[i];
    open[l] = i;
  }
  return { spilled };
}

function maxOf(column: Uint32Array, length: number): number {
  let max = 0;
  for (let i = 0; i < length; i++) if (column[i] > max) max = column[i];
  return max;
}
