import { spanKindNames, type SpanKindName } from "../model/span-kind.ts";
import { categoryOf, durationOf, noCategory, selfOf, type Trace } from "../model/trace.ts";
import { rowOfSpan } from "./rows-of.ts";
import { isOpenEnded } from "./scope.ts";
import { textOf } from "../model/text-table.ts";

export interface SpanBrief {
  readonly span: number;
  readonly name: string;
  readonly category: string | null;
  readonly kind: SpanKindName;
  readonly track: number;
  readonly row: number;
  readonly depth: number;
  readonly startNs: number;
  /** Up to the end of the trace for an open-ended span. */
  readonly durationNs: number;
  readonly selfNs: number;
  readonly openEnded: boolean;
}

/** What a span says of itself in lists and details. */
export function toSpanBrief(trace: Trace, span: number): SpanBrief {
  const { spans, strings, categories, rows } = trace;
  const row = rowOfSpan(trace, span);
  const category = categoryOf(spans, span);
  return {
    span,
    name: textOf(strings, spans.name[span]),
    category: category === noCategory ? null : textOf(strings, categories[category]),
    kind: spanKindNames[spans.kind[span]],
    track: rows.track[row],
    row,
    depth: spans.depth[span],
    startNs: spans.startNs[span],
    durationNs: durationOf(spans, span),
    selfNs: selfOf(spans, span),
    openEnded: isOpenEnded(trace, span),
  };
}
