import type { Allocate, Column } from "./column.ts";
import type { SpanTable } from "./trace.ts";

export interface Rows {
  readonly length: number;
  readonly track: Column;
  readonly lane: Column;
  readonly depth: Column;
  readonly first: Column;
  readonly span: Column;
  /** First row of each track; tracks + 1 values. */
  readonly firstOfTrack: Uint32Array;
}

/**
 * Groups the spans of every track by (lane, depth): the strips in which they are drawn.
 * `firsts`: first span of each track, tracks + 1 values.
 */
export function buildRows(spans: SpanTable, firsts: Uint32Array, allocate: Allocate): Rows {
  const trackCount = firsts.length - 1;
  const firstOfTrack = new Uint32Array(trackCount + 1);
  const lane: number[] = [];
  const depth: number[] = [];
  const counts: number[] = [];
  for (let t = 0; t < trackCount; t++) {
    firstOfTrack[t] = counts.length;
    const lanes = countSpans(spans, firsts[t], firsts[t + 1]);
    for (let l = 0; l < lanes.length; l++) {
      for (let d = 0; d < lanes[l].length; d++) {
        lane.push(l);
        depth.push(d);
        counts.push(lanes[l][d]);
      }
    }
  }
  const length = counts.length;
  firstOfTrack[trackCount] = length;
  const track = new Uint32Array(allocate(length * 4));
  for (let t = 0; t < trackCount; t++) track.fill(t, firstOfTrack[t], firstOfTrack[t + 1]);
  const first = new Uint32Array(allocate((length + 1) * 4));
  for (let row = 0; row < length; row++) first[row + 1] = first[row] + counts[row];
  const span = new Uint32Array(allocate(spans.length * 4));
  const next = first.slice();
  for (let t = 0; t < trackCount; t++) {
    const firstOfLane = spans.lane === undefined ? null : firstRows(lane, firstOfTrack[t], firstOfTrack[t + 1]);
    fillRows(spans, { begin: firsts[t], end: firsts[t + 1], firstRow: firstOfTrack[t], firstOfLane }, next, span);
  }
  const toColumn = (values: readonly number[]): Uint32Array => {
    const column = new Uint32Array(allocate(values.length * 4));
    column.set(values);
    return column;
  };
  return { length, track, lane: toColumn(lane), depth: toColumn(depth), first, span, firstOfTrack };
}

/** Spans of a track by lane and depth. */
function countSpans({ depth, lane }: SpanTable, begin: number, end: number): readonly (readonly number[])[] {
  const lanes: number[][] = [[]];
  let counts = lanes[0];
  for (let span = begin; span < end; span++) {
    if (lane !== undefined) {
      while (lanes.length <= lane[span]) lanes.push([]);
      counts = lanes[lane[span]];
    }
    const d = depth[span];
    while (counts.length <= d) counts.push(0);
    counts[d]++;
  }
  return lanes;
}

/** First row of each lane of the track that has rows [begin, end). */
function firstRows(laneOfRow: readonly number[], begin: number, end: number): readonly number[] {
  const rows: number[] = [];
  for (let row = end - 1; row >= begin; row--) rows[laneOfRow[row]] = row;
  return rows;
}

interface TrackRows {
  /** Spans. */
  readonly begin: number;
  readonly end: number;
  readonly firstRow: number;
  /** Null where no track has lanes. */
  readonly firstOfLane: readonly number[] | null;
}

/** Writes the spans of a track into their rows; `next`: where each row goes on. */
function fillRows(
  { depth, lane }: SpanTable,
  { begin, end, firstRow, firstOfLane }: TrackRows,
  next: Uint32Array,
  rowSpan: Uint32Array,
): void {
  if (lane === undefined || firstOfLane === null) {
    for (let span = begin; span < end; span++) rowSpan[next[firstRow + depth[span]]++] = span;
  } else {
    for (let span = begin; span < end; span++) rowSpan[next[firstOfLane[lane[span]] + depth[span]]++] = span;
  }
}
