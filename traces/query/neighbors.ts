import { SpanKind } from "../model/span-kind.ts";
import { endOf, type Trace } from "../model/trace.ts";
import { firstStartingAt, isNextDepth, positionInRow, rowOfSpan, trackOfSpan } from "./rows-of.ts";
import type { TraceIndex } from "./trace-index.ts";

export type Neighbor = "parent" | "firstChild" | "previous" | "next" | "previousStep" | "nextStep";

/** The span one goes to from `span`; null when there is none. Previous and next stay in the row. */
export function findNeighbor(index: TraceIndex, span: number, neighbor: Neighbor): number | null {
  const { trace } = index;
  switch (neighbor) {
    case "parent":
      return trace.spans.parent[span] < 0 ? null : trace.spans.parent[span];
    case "firstChild": {
      const [begin, end] = childPositions(trace, span);
      return begin < end ? trace.rows.span[begin] : null;
    }
    case "previous":
      return findInRow(trace, span, -1);
    case "next":
      return findInRow(trace, span, 1);
    case "previousStep":
      return findStep(index, span, -1);
    case "nextStep":
      return findStep(index, span, 1);
  }
}

/** Direct children of a span. */
export function countChildren(trace: Trace, span: number): number {
  const [begin, end] = childPositions(trace, span);
  return end - begin;
}

/** The nearest ones, outermost first, the span itself excluded. */
export function ancestorsOf({ spans }: Trace, span: number, limit: number): number[] {
  const ancestors: number[] = [];
  for (let at = spans.parent[span]; at >= 0 && ancestors.length < limit; at = spans.parent[at]) ancestors.push(at);
  return ancestors.toReversed();
}

/** Children follow each other in the row below: those behind the span that start before its end. */
function childPositions(trace: Trace, span: number): [begin: number, end: number] {
  const row = rowOfSpan(trace, span);
  if (!isNextDepth(trace.rows, row)) return [0, 0];
  const begin = positionInRow(trace.rows, row + 1, span);
  return [begin, Math.max(begin, firstStartingAt(trace, row + 1, endOf(trace.spans, span)))];
}

function findInRow(trace: Trace, span: number, step: -1 | 1): number | null {
  const { rows } = trace;
  const row = rowOfSpan(trace, span);
  const position = positionInRow(rows, row, span) + step;
  return position >= rows.first[row] && position < rows.first[row + 1] ? rows.span[position] : null;
}

/** From a step: among the steps of its own track, so that copies of them on a device do not interleave. Else among all. */
function findStep(index: TraceIndex, span: number, step: -1 | 1): number | null {
  const { startNs, kind } = index.trace.spans;
  const all = index.steps();
  const { firstSpan, spanCount } = trackOfSpan(index.trace, span);
  const isOwn = (other: number): boolean => other >= firstSpan && other < firstSpan + spanCount;
  const steps = kind[span] === SpanKind.step ? all.filter(isOwn) : all;
  const isBefore = (a: number, b: number): boolean => startNs[a] < startNs[b] || (startNs[a] === startNs[b] && a < b);
  let low = 0;
  let high = steps.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (isBefore(steps[middle], span)) low = middle + 1;
    else high = middle;
  }
  const at = step < 0 ? low - 1 : low < steps.length && steps[low] === span ? low + 1 : low;
  return at >= 0 && at < steps.length ? steps[at] : null;
}
