import { fanOut, pyramidFromSpans } from "../model/level-of-detail.ts";
import { durationOf, type Trace } from "../model/trace.ts";

/** What some spans of a row are together. `busyNs` of many is a sum of float32 node sums: for display. */
export interface RowSum {
  readonly busyNs: number;
  /** Row position of the longest one. */
  readonly longest: number;
  /** Spans and nodes read. */
  readonly read: number;
}

/** Busy time and longest span of the row positions [begin, end), with whole pyramid nodes where they fit. */
export function sumRow({ spans, rows }: Trace, row: number, begin: number, end: number): RowSum {
  const first = rows.first[row];
  const count = rows.first[row + 1] - first;
  let busyNs = 0;
  let longest = begin;
  let longestNs = -1;
  let read = 0;
  const consider = (position: number, addNs: number | null): void => {
    const duration = durationOf(spans, rows.span[first + position]);
    busyNs += addNs ?? duration;
    if (duration > longestNs) {
      longestNs = duration;
      longest = position;
    }
    read++;
  };
  if (count < pyramidFromSpans || end - begin < 2 * fanOut) {
    for (let position = begin; position < end; position++) consider(position, null);
    return { busyNs, longest, read };
  }
  // Ascend: at each level take the nodes that stick out left and right of whole parents.
  const { pyramidFirst, busyNs: nodeBusy, longest: nodeLongest } = rows.detail;
  let from = begin;
  let to = end;
  while (from < to && from % fanOut !== 0) consider(from++, null);
  while (to > from && to % fanOut !== 0) consider(--to, null);
  let node = pyramidFirst[row];
  let size = Math.ceil(count / fanOut);
  from /= fanOut;
  to /= fanOut;
  const take = (index: number): void => consider(nodeLongest[node + index], nodeBusy[node + index]);
  while (from < to) {
    while (from < to && (from % fanOut !== 0 || to - from < fanOut)) take(from++);
    while (to > from && to % fanOut !== 0) take(--to);
    node += size;
    size = Math.ceil(size / fanOut);
    from /= fanOut;
    to /= fanOut;
  }
  return { busyNs, longest, read };
}
