import { durationOf, endOf, type Trace } from "../model/trace.ts";

/** The spans of a row that meet a piece of the time axis: positions [begin, end). */
export interface RowRange {
  readonly row: number;
  readonly begin: number;
  readonly end: number;
}

export function rangeOfRow(trace: Trace, row: number, startNs: number, endNs: number): RowRange {
  const begin = firstEndingAfter(trace, row, startNs);
  return { row, begin, end: firstStartingAt(trace, row, endNs, begin) };
}

/** Position of the first span of the row that ends after `timeNs` (or starts at it without length); the row's count when there is none. */
export function firstEndingAfter({ spans, rows }: Trace, row: number, timeNs: number): number {
  const first = rows.first[row];
  let low = 0;
  let high = rows.first[row + 1] - first;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const span = rows.span[first + middle];
    const start = spans.startNs[span];
    if (start >= timeNs || start + durationOf(spans, span) > timeNs) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** First position from `begin` on whose span starts at or after `timeNs`; the row's count when there is none. */
export function firstStartingAt({ spans, rows }: Trace, row: number, timeNs: number, begin: number): number {
  const first = rows.first[row];
  const count = rows.first[row + 1] - first;
  return gallop(begin - 1, count, (position) => spans.startNs[rows.span[first + position]] >= timeNs);
}

/** First position in (from, count] whose span ends after `timeNs`. */
export function firstEndingBehind({ spans, rows }: Trace, row: number, timeNs: number, from: number): number {
  const first = rows.first[row];
  const count = rows.first[row + 1] - first;
  return gallop(from, count, (position) => endOf(spans, rows.span[first + position]) > timeNs);
}

/** First position in (from, count] for which `isBehind` holds (it holds for all after it), by doubling steps, then bisection. */
function gallop(from: number, count: number, isBehind: (position: number) => boolean): number {
  let low = from;
  let width = 1;
  let high = from + width;
  while (high < count && !isBehind(high)) {
    low = high;
    width *= 2;
    high += width;
  }
  high = Math.min(high, count);
  while (low + 1 < high) {
    const middle = (low + high) >>> 1;
    if (isBehind(middle)) high = middle;
    else low = middle;
  }
  return high;
}
