import { SpanKind } from "../model/span-kind.ts";
import type { Trace } from "../model/trace.ts";
import { createFlowIndex, createLinkIndex, type FlowIndex, type LinkIndex } from "./link-index.ts";
import { runSliced, type Sliced } from "../model/sliced.ts";
import { sortByTime } from "./time-order.ts";

/** What several queries need to know of a trace; each part is built when first asked for and kept. */
export interface TraceIndex {
  readonly trace: Trace;
  /** SpanIds of kind step in time order. */
  steps(): Uint32Array;
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

export function createTraceIndex(trace: Trace): TraceIndex {
  let steps: Uint32Array | null = null;
  return { trace, steps: () => (steps ??= findSteps(trace)) };
}

function findSteps(trace: Trace): Uint32Array {
  const { kind, length } = trace.spans;
  const found: number[] = [];
  for (let span = 0; span < length; span++) if (kind[span] === SpanKind.step) found.push(span);
  return runSliced(sortByTime(trace, Uint32Array.from(found)));
}
