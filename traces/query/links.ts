import { linkOf } from "../model/link-table.ts";
import { SpanKind } from "../model/span-kind.ts";
import type { Trace } from "../model/trace.ts";
import { trackOfSpan } from "./rows-of.ts";
import { toSpanBrief, type SpanBrief } from "./span-brief.ts";
import type { PartnerIndex } from "./trace-index.ts";
import { textOf } from "../model/text-table.ts";

export interface SpanLink {
  /** "in": the other one caused this; "out": this one caused the other. */
  readonly direction: "in" | "out";
  /** What the arrow is: the file's flow name, or "launch" for a shared correlation id. */
  readonly name: string;
  readonly other: SpanBrief;
}

export interface SpanLinks {
  readonly links: readonly SpanLink[];
  /** Links beyond the limit. */
  readonly omitted: number;
}

/**
 * Partners of a span: those its flows join it with, then those of its correlation id. A partner that both name is
 * listed once, as a flow. Of a correlation id, the call on the host is the cause and the work on the device the effect;
 * spans of the same side are no partners.
 */
export function findLinks(index: PartnerIndex, span: number, limit: number): SpanLinks {
  const { trace } = index;
  const found: { direction: "in" | "out"; name: string; other: number }[] = [];
  const seen = new Set<string>();
  const add = (direction: "in" | "out", name: string, other: number): void => {
    found.push({ direction, name, other });
    seen.add(`${direction} ${other}`);
  };
  const { flows, strings } = trace;
  for (const flow of index.flows.arriving(span)) add("in", textOf(strings, flows.name[flow]), flows.from[flow]);
  for (const flow of index.flows.leaving(span)) add("out", textOf(strings, flows.name[flow]), flows.to[flow]);
  const side = sideOf(trace, span);
  for (const other of index.links.ofLink(linkOf(trace.spans, span))) {
    const otherSide = sideOf(trace, other);
    if (otherSide === side) continue;
    const direction = side < otherSide ? "out" : "in";
    if (!seen.has(`${direction} ${other}`)) add(direction, "launch", other);
  }
  return {
    links: found.slice(0, limit).map((link) => ({ ...link, other: toSpanBrief(trace, link.other) })),
    omitted: Math.max(0, found.length - limit),
  };
}

/** 0 launches, 1 other work of the host, 2 work of a device: causes before effects. */
function sideOf(trace: Trace, span: number): 0 | 1 | 2 {
  if (trace.spans.kind[span] === SpanKind.launch) return 0;
  const { kind } = trackOfSpan(trace, span);
  return kind === "stream" || kind === "device" ? 2 : 1;
}
