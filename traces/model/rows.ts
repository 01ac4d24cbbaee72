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
  const track: number[] = [];
  const lane: number[] = [];
  const depth: number[] = [];
  const counts: number[] = [];
  const rowOfSpan = new Uint32Array(spans.length);
  for (let t = 0; t < trackCount; t++) {
    firstOfTrack[t] = counts.length;
    const laneFirst = laneOffsets(spans, firsts[t], firsts[t + 1]);
    const base = counts.length;
    for (let l = 0; l + 1 < laneFirst.length; l++) {
      for (let d = 0; d < laneFirst[l + 1] - laneFirst[l]; d++) {
        track.push(t);
        lane.push(l);
        depth.push(d);
        counts.push(0);
      }
    }
    for (let span = firsts[t]; span < firsts[t + 1]; span++) {
      const row = base + laneFirst[spans.lane === undefined ? 0 : spans.lane[span]] + spans.depth[span];
      rowOfSpan[span] = row;
      counts[row]++;
    }
  }
  firstOfTrack[trackCount] = counts.length;
  const first = new Uint32Array(allocate((counts.length + 1) * 4));
  for (let row = 0; row < counts.length; row++) first[row + 1] = first[row] + counts[row];
  const next = first.slice();
  const span = new Uint32Array(allocate(spans.length * 4));
  for (let s = 0; s < spans.length; s++) span[next[rowOfSpan[s]]++] = s;
  const toColumn = (values: readonly number[]): Uint32Array => {
    const column = new Uint32Array(allocate(values.length * 4));
    column.set(values);
    return column;
  };
  return {
    length: counts.length,
    track: toColumn(track),
    lane: toColumn(lane),
    depth: toColumn(depth),
    first,
    span,
    firstOfTrack,
  };
}

/** Where the rows of each lane start within the track, and their number at the end. Empty lanes take no row. */
function laneOffsets(spans: SpanTable, begin: number, end: number): number[] {
  const depths: number[] = [];
  for (let span = begin; span < end; span++) {
    const l = spans.lane === undefined ? 0 : spans.lane[span];
    while (depths.length <= l) depths.push(0);
    if (spans.depth[span] >= depths[l]) depths[l] = spans.depth[span] + 1;
  }
  const offsets = [0];
  for (const count of depths) offsets.push(offsets[offsets.length - 1] + count);
  return offsets;
}
