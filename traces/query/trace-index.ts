import { SpanKind } from "../model/span-kind.ts";
import { durationOf, type Trace } from "../model/trace.ts";
import { createFlowIndex, createLinkIndex, type FlowIndex, type LinkIndex } from "./link-index.ts";
import { isOpenEnded } from "./scope.ts";
import { runSliced, type Sliced } from "./sliced.ts";
import { sortByTime } from "./time-order.ts";

/** What several queries need to know of a trace; each part is built when first asked for and kept. */
export interface TraceIndex {
  readonly trace: Trace;
  /** SpanIds of kind step in time order. */
  steps(): Uint32Array;
  /** Closed spans by StringId: how many, and their time; open-ended ones are in `count` alone. */
  nameTotals(): NameTotals;
}

/** Which spans an arrow or a shared correlation id joins. */
export interface PartnerIndex {
  readonly trace: Trace;
  readonly flows: FlowIndex;
  readonly links: LinkIndex;
}

export function* createPartnerIndex(trace: Trace): Sliced<PartnerIndex> {
  return { trace, flows: yield* createFlowIndex(trace), links: yield* createLinkIndex(trace) };
}

export interface NameTotals {
  readonly count: Uint32Array;
  readonly totalNs: Float64Array;
}

export function createTraceIndex(trace: Trace): TraceIndex {
  return {
    trace,
    steps: once(() => findSteps(trace)),
    nameTotals: once(() => sumNames(trace)),
  };
}

function once<T extends object>(make: () => T): () => T {
  let made: T | null = null;
  return () => (made ??= make());
}

function findSteps(trace: Trace): Uint32Array {
  const { kind, length } = trace.spans;
  const found: number[] = [];
  for (let span = 0; span < length; span++) if (kind[span] === SpanKind.step) found.push(span);
  return runSliced(sortByTime(trace, Uint32Array.from(found)));
}

function sumNames(trace: Trace): NameTotals {
  const { spans, strings } = trace;
  const count = new Uint32Array(strings.length);
  const totalNs = new Float64Array(strings.length);
  for (let span = 0; span < spans.length; span++) {
    count[spans.name[span]]++;
    if (!isOpenEnded(trace, span)) totalNs[spans.name[span]] += durationOf(spans, span);
  }
  return { count, totalNs };
}
