import type { Trace } from "../model/trace.ts";
import { isAccepted, resolveScope, visitSlices, type Scope } from "./scope.ts";
import type { Sliced } from "../model/sliced.ts";
import { toSpanBrief, type SpanBrief } from "./span-brief.ts";
import { sortByTime } from "./time-order.ts";

export interface SpanListPage {
  readonly total: number;
  readonly spans: readonly SpanBrief[];
}

/** The spans of a scope in time order (start, then SpanId). 4 B a span; pages cost their spans. */
export interface SpanList {
  readonly spans: Uint32Array;
  page(first: number, count: number): SpanListPage;
}

export function* createSpanList(trace: Trace, scope: Scope): Sliced<SpanList> {
  const selection = yield* resolveScope(trace, scope);
  let capacity = 0;
  for (let slice = 0; slice < selection.length; slice++) capacity += selection.end[slice] - selection.begin[slice];
  const found = new Uint32Array(capacity);
  let length = 0;
  yield* visitSlices(selection, true, (_slice, begin, end) => {
    for (let position = begin; position < end; position++) {
      const span = trace.rows.span[position];
      if (isAccepted(selection, span)) found[length++] = span;
    }
  });
  const spans = yield* sortByTime(trace, found.slice(0, length).sort());
  return {
    spans,
    page: (first, count) => ({
      total: spans.length,
      spans: Array.from(spans.subarray(first, first + count), (span) => toSpanBrief(trace, span)),
    }),
  };
}
