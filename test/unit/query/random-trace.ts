import * as fc from "fast-check";
import { createTraceBuilder } from "../../../traces/model/create-trace-builder.ts";
import type { SpanKind } from "../../../traces/model/span-kind.ts";
import {
  flagsOf,
  durationOf,
  noCategory,
  selfOf,
  SpanFlag,
  type Trace,
  type TrackKind,
} from "../../../traces/model/trace.ts";
import { textOf } from "../../../traces/model/text-table.ts";

/** Names that break code which keys objects by input text, compares without care, or writes them to a page. */
const hostileNames = [
  "__proto__",
  "constructor",
  "toString",
  "",
  "a",
  "b",
  "A",
  "aten::mm",
  "<img src=x>",
  "İ",
  "\ud800",
  "x\0y",
  "a b",
];
const trackKinds: readonly TrackKind[] = ["thread", "stream", "device", "async"];

interface RawSpan {
  readonly track: number;
  readonly startNs: number;
  readonly durationNs: number;
  readonly name: number;
  readonly kind: number;
  readonly category: number;
  readonly link: number;
  readonly openEnded: boolean;
  readonly lane: number;
}

const rawSpan: fc.Arbitrary<RawSpan> = fc.record({
  track: fc.nat(3),
  startNs: fc.oneof(fc.nat(40), fc.nat(40), fc.constantFrom(5_000_000_000, 5_000_000_010)),
  durationNs: fc.oneof(
    fc.nat(12),
    fc.nat(30),
    fc.constant(0),
    fc.constantFrom(4_294_967_294, 4_294_967_295, 4_294_967_296, 6_000_000_000),
  ),
  name: fc.nat(hostileNames.length - 1),
  kind: fc.nat(12),
  category: fc.nat(3),
  link: fc.oneof(fc.constant(0), fc.nat(3)),
  openEnded: fc.nat(9).map((n) => n === 0),
  lane: fc.nat(1),
});

/** Small sealed traces with every oddity: lanes, zero and long durations, open ends, empty tracks, flows, hostile names. */
export const randomTrace: fc.Arbitrary<Trace> = fc
  .record({
    spans: fc.array(rawSpan, { maxLength: 60 }),
    flows: fc.array(fc.tuple(fc.nat(59), fc.nat(59)), { maxLength: 8 }),
  })
  .map(({ spans, flows }) => {
    const builder = createTraceBuilder();
    const process = builder.addTrack({ kind: "process", name: "process 1", detail: "pid 1" });
    const tracks = trackKinds.flatMap((kind, i) => [
      builder.addTrack({ kind, name: `${kind} ${i}`, detail: `tid ${i}`, parent: process }),
      builder.addTrack({ kind: "counter", name: "nothing", parent: process }),
    ]);
    const categories = ["cpu_op", "kernel", "Trace"].map((text) => builder.category(text));
    for (const span of spans) {
      builder.ledger.read();
      const extras = { link: span.link, openEnded: span.openEnded, ...(span.track === 3 && { lane: span.lane }) };
      builder.addSpan(
        tracks[span.track * 2],
        span.startNs,
        span.durationNs,
        builder.intern(hostileNames[span.name]),
        span.kind as SpanKind,
        categories[span.category] ?? noCategory,
        0,
        extras,
      );
    }
    const flowName = builder.intern("ac2g");
    flows.forEach(([from, to], key) => {
      if (from >= spans.length || to >= spans.length) return;
      builder.ledger.read(2);
      builder.addFlowEnd(key, "start", tracks[spans[from].track * 2], spans[from].startNs, flowName, "enclosing");
      builder.addFlowEnd(key, "end", tracks[spans[to].track * 2], spans[to].startNs, flowName, "enclosing");
    });
    return builder.seal({ name: "random", format: "test", formatLabel: "Test", facts: [] });
  });

/** A span as an object, for oracles that need not be fast. */
export interface PlainSpan {
  readonly span: number;
  readonly track: number;
  readonly lane: number;
  readonly depth: number;
  readonly parent: number;
  readonly name: string;
  readonly kind: number;
  readonly startNs: number;
  readonly endNs: number;
  readonly durationNs: number;
  readonly selfNs: number;
  readonly openEnded: boolean;
}

export function toPlainSpans(trace: Trace): PlainSpan[] {
  const { spans, tracks, strings } = trace;
  return tracks.flatMap((track) =>
    Array.from({ length: track.spanCount }, (_, i) => {
      const span = track.firstSpan + i;
      return {
        span,
        track: track.id,
        lane: spans.lane === undefined ? 0 : spans.lane[span],
        depth: spans.depth[span],
        parent: spans.parent[span],
        name: textOf(strings, spans.name[span]),
        kind: spans.kind[span],
        startNs: spans.startNs[span],
        endNs: spans.startNs[span] + durationOf(spans, span),
        durationNs: durationOf(spans, span),
        selfNs: selfOf(spans, span),
        openEnded: (flagsOf(spans, span) & SpanFlag.openEnded) !== 0,
      };
    }),
  );
}

/** Chain of spans from the outermost to the span itself. */
export function chainOf(all: readonly PlainSpan[], span: PlainSpan): PlainSpan[] {
  return span.parent < 0 ? [span] : [...chainOf(all, all[span.parent]), span];
}

export const sumOf = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0);

/** Length of the union of intervals, the slow way: between all neighboring ends. */
export function unionLength(intervals: readonly (readonly [startNs: number, endNs: number])[]): number {
  const ends = [...new Set(intervals.flat())].sort((a, b) => a - b);
  return sumOf(
    ends.slice(1).map((end, i) => (intervals.some(([s, e]) => s <= ends[i] && e >= end) ? end - ends[i] : 0)),
  );
}
