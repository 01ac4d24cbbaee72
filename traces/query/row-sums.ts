import { durationOf, longDuration, selfOf } from "../model/trace.ts";
import { enlarge } from "./enlarge.ts";
import type { GroupedSpans } from "./grouping.ts";
import { isOpenEnded, type Selection } from "./scope.ts";
import type { Sliced } from "../model/sliced.ts";

/** Sums by row; `count` includes open-ended spans, nothing else does. Columns have room for more rows than there are. */
export interface RowSums {
  count: Uint32Array;
  openEnded: Uint32Array;
  totalNs: Float64Array;
  selfNs: Float64Array;
  /** Without a range, the same as `totalNs`. */
  clippedNs: Float64Array;
  /** SpanId + 1 of the first longest closed span, or of an open-ended one where all are; 0 for none. */
  longest: Uint32Array;
  /** Packed duration of that one, if closed: spans that are not longer are passed without a look at its columns. */
  longestPacked: Uint32Array;
  /** Start of the first closed span, end of the last, cut to the range. */
  firstNs: number;
  lastNs: number;
}

export function createRowSums(): RowSums {
  return {
    count: new Uint32Array(0),
    openEnded: new Uint32Array(0),
    totalNs: new Float64Array(0),
    selfNs: new Float64Array(0),
    clippedNs: new Float64Array(0),
    longest: new Uint32Array(0),
    longestPacked: new Uint32Array(0),
    firstNs: Infinity,
    lastNs: -Infinity,
  };
}

/** Makes room for `needed` of `most` rows. */
export function* growRows(selection: Selection, sums: RowSums, needed: number, most: number): Sliced<void> {
  const room = roomFor(needed, sums.count.length, most);
  if (room <= sums.count.length) return;
  sums.count = yield* enlarge(sums.count, new Uint32Array(room));
  yield;
  // Fresh memory that nobody writes to takes none.
  sums.openEnded =
    selection.trace.spans.flags === undefined
      ? new Uint32Array(room)
      : yield* enlarge(sums.openEnded, new Uint32Array(room));
  yield;
  sums.longest = yield* enlarge(sums.longest, new Uint32Array(room));
  yield;
  sums.longestPacked = yield* enlarge(sums.longestPacked, new Uint32Array(room));
  yield;
  sums.totalNs = yield* enlarge(sums.totalNs, new Float64Array(room));
  yield;
  sums.selfNs = yield* enlarge(sums.selfNs, new Float64Array(room));
  yield;
  sums.clippedNs = hasRange(selection) ? yield* enlarge(sums.clippedNs, new Float64Array(room)) : sums.totalNs;
}

/** Room for `needed` of `most` values, where there is room for `before`. */
export function roomFor(needed: number, before: number, most: number): number {
  if (Math.min(needed, most) <= before) return before;
  const fourfold = Math.max(needed, 4 * before);
  // What is left behind is cleared away at the cost of a look at all names, so near the end in one step.
  return 4 * fourfold >= most ? most : fourfold;
}

const hasRange = ({ startNs, endNs }: Selection): boolean => startNs !== -Infinity || endNs !== Infinity;

/** Adds spans, each to the row that stands beside it as its group; there must be room for the rows. */
export function addToRows(
  selection: Selection,
  sums: RowSums,
  { span: spanOf, group: rowOf, length }: GroupedSpans,
): void {
  const { spans } = selection.trace;
  const { startNs, packedDurationNs, packedSelfNs } = spans;
  const { count, totalNs, selfNs, clippedNs, longest, longestPacked } = sums;
  const { startNs: from, endNs: to } = selection;
  const clips = hasRange(selection);
  // A column that is not there says so for all spans at once.
  const isAnyOpen = spans.flags !== undefined;
  let { firstNs, lastNs } = sums;
  for (let i = 0; i < length; i++) {
    const span = spanOf[i];
    const row = rowOf[i];
    count[row]++;
    if (isAnyOpen && isOpenEnded(selection.trace, span)) {
      sums.openEnded[row]++;
      if (longest[row] === 0) longest[row] = span + 1;
      continue;
    }
    const packed = packedDurationNs[span];
    const packedSelf = packedSelfNs[span];
    const duration = packed === longDuration ? durationOf(spans, span) : packed;
    totalNs[row] += duration;
    selfNs[row] += packedSelf === longDuration ? selfOf(spans, span) : packedSelf;
    const most = longestPacked[row];
    if (packed > most || (packed === most && isUnclear(packed) && isLonger(selection, span, longest[row] - 1))) {
      longest[row] = span + 1;
      longestPacked[row] = packed;
    }
    let start = startNs[span];
    let end = start + duration;
    if (clips) {
      start = Math.max(start, from);
      end = Math.min(end, to);
      clippedNs[row] += end - start;
    }
    if (start < firstNs) firstNs = start;
    if (end > lastNs) lastNs = end;
  }
  sums.firstNs = firstNs;
  sums.lastNs = lastNs;
}

/** Whether spans of the same packed duration may differ: both may be long, or one open-ended, or there is only one. */
const isUnclear = (packed: number): boolean => packed === longDuration || packed === 0;

function isLonger({ trace }: Selection, span: number, best: number): boolean {
  return best < 0 || isOpenEnded(trace, best) || durationOf(trace.spans, span) > durationOf(trace.spans, best);
}
