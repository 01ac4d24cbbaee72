import { lowerBound } from "../model/column.ts";
import { durationOf, type RowTable, type Trace, type Track } from "../model/trace.ts";

/** Track of a span: the last one that starts at or before it, since tracks without spans take no ids. */
export function trackOfSpan({ tracks, spans: { firstOfTrack } }: Trace, span: number): Track {
  return tracks[lowerBound(firstOfTrack, span + 1, 0, tracks.length) - 1];
}

/** Row of a span. The rows of a track are ordered by lane, then depth. */
export function rowOfSpan(trace: Trace, span: number): number {
  const { firstRow, rowCount } = trackOfSpan(trace, span);
  const { lane: laneOf, depth: depthOf } = trace.rows;
  const lane = trace.spans.lane === undefined ? 0 : trace.spans.lane[span];
  const depth = trace.spans.depth[span];
  let low: number = firstRow;
  let high: number = firstRow + rowCount;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (laneOf[middle] < lane || (laneOf[middle] === lane && depthOf[middle] < depth)) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Where the row's first span with an id ≥ `span` stands in `rows.span`. */
export function positionInRow(rows: RowTable, row: number, span: number): number {
  let low = rows.first[row];
  let high = rows.first[row + 1];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (rows.span[middle] < span) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Position of the first span of the row that starts at or after `timeNs`. */
export function firstStartingAt(trace: Trace, row: number, timeNs: number): number {
  const { rows, spans } = trace;
  let low = rows.first[row];
  let high = rows.first[row + 1];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (spans.startNs[rows.span[middle]] < timeNs) low = middle + 1;
    else high = middle;
  }
  return low;
}

/**
 * Position of the first span of the row that meets [timeNs, ∞): it ends after `timeNs`, or starts there with no length.
 * Spans of a row are disjoint, so their ends ascend like their starts, and the search is exact however long they are.
 */
export function firstMeeting(trace: Trace, row: number, timeNs: number): number {
  const position = firstStartingAt(trace, row, timeNs);
  if (position === trace.rows.first[row]) return position;
  const before = trace.rows.span[position - 1];
  return trace.spans.startNs[before] + durationOf(trace.spans, before) > timeNs ? position - 1 : position;
}

/** True for the row directly below: the next depth of the same lane of the same track. */
export function isNextDepth(rows: RowTable, row: number): boolean {
  return row + 1 < rows.length && rows.track[row + 1] === rows.track[row] && rows.lane[row + 1] === rows.lane[row];
}
