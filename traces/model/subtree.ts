import { lowerBound } from "./column.ts";
import { endOf, type Trace } from "./trace.ts";

/** Where the subtree of a span ends: its descendants lie in (span, subtreeEnd), with spans of other lanes between them where the track has lanes. */
export function subtreeEnd(trace: Trace, span: number, trackEnd: number): number {
  return Math.max(span + 1, lowerBound(trace.spans.startNs, endOf(trace.spans, span), span + 1, trackEnd));
}
