import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createTraceBuilder } from "../../../traces/model/create-trace-builder.ts";
import { assertSealed } from "../../../traces/model/invariants.ts";
import { SpanKind } from "../../../traces/model/span-kind.ts";
import { durationOf, selfOf, SpanFlag, type Trace } from "../../../traces/model/trace.ts";
import { dumpTrace } from "../../fixtures/dump-trace.ts";
import { traceFromText } from "../../fixtures/trace-from-text.ts";

const description = { name: "t", format: "test", formatLabel: "Test", facts: [] };

interface Drawn {
  readonly track: number;
  readonly start: number;
  readonly duration: number;
  readonly lane?: number;
  readonly open?: boolean;
}

function build(spans: readonly Drawn[], trackCount = 3): Trace {
  const builder = createTraceBuilder();
  const tracks = Array.from({ length: trackCount }, (_, i) => builder.addTrack({ kind: "thread", name: `t${i}` }));
  spans.forEach((span, i) => {
    builder.ledger.read();
    builder.addSpan(
      tracks[span.track],
      span.start,
      span.duration,
      builder.intern(`n${i % 7}`),
      SpanKind.op,
      builder.category("c"),
      i,
      {
        ...(span.lane !== undefined && { lane: span.lane }),
        ...(span.open === true && { openEnded: true }),
      },
    );
  });
  return builder.seal(description);
}

describe("seal", () => {
  it("gives each span its parent, its depth and the time its children leave", () => {
    const trace = traceFromText(`
      main | step---------  step--
           |   fwd--  bwd   fwd
      s7   |     gemm   gemm
    `);
    assertSealed(trace);
    expect(dumpTrace(trace)).toMatchInlineSnapshot(`
      "process drawing
      thread main
        step op @0 +13000 self 5000
          fwd op @2000 +5000 self 5000
          bwd op @9000 +3000 self 3000
        step op @15000 +6000 self 3000
          fwd op @15000 +3000 self 3000
      thread s7
        gemm op @4000 +4000 self 4000
        gemm op @11000 +4000 self 4000"
    `);
  });

  it("keeps the times of spans that overlap and gives the later one a lane", () => {
    const trace = build([
      { track: 0, start: 0, duration: 10 },
      { track: 0, start: 5, duration: 10 },
    ]);
    assertSealed(trace);
    expect([trace.spans.lane?.[0], trace.spans.lane?.[1]]).toEqual([0, 1]);
    expect(durationOf(trace.spans, 1)).toBe(10);
    expect(trace.meta.ledger.notes.map(({ code, count, firstBytes }) => ({ code, count, firstBytes }))).toEqual([
      { code: "overlaps", count: 1, firstBytes: [1] },
      { code: "spilled", count: 1, firstBytes: [] },
    ]);
  });

  it("does not nest a span of no length at the end of another", () => {
    const trace = build([
      { track: 0, start: 0, duration: 10 },
      { track: 0, start: 10, duration: 0 },
    ]);
    expect([...(trace.spans.parent as Int32Array)]).toEqual([-1, -1]);
  });

  it("puts the longest of equal starts first, whatever the file order", () => {
    const trace = build([
      { track: 0, start: 3, duration: 1 },
      { track: 0, start: 3, duration: 9 },
      { track: 0, start: 3, duration: 4 },
    ]);
    expect([0, 1, 2].map((i) => durationOf(trace.spans, i))).toEqual([9, 4, 1]);
    expect([...(trace.spans.sourceLow as Uint32Array)]).toEqual([1, 2, 0]);
  });

  it("keeps durations and self times beyond 2^32 ns exact", () => {
    const long = 123_456_789_012_345;
    const trace = build([
      { track: 0, start: 0, duration: long },
      { track: 0, start: 7, duration: 5_000_000_000 },
    ]);
    assertSealed(trace);
    expect(durationOf(trace.spans, 0)).toBe(long);
    expect(selfOf(trace.spans, 0)).toBe(long - 5_000_000_000);
    expect(selfOf(trace.spans, 1)).toBe(5_000_000_000);
  });

  it("draws open-ended spans to the end of the trace and does not count them as overlaps", () => {
    const trace = build([
      { track: 0, start: 0, duration: 10 },
      { track: 0, start: 5, duration: 0, open: true },
      { track: 1, start: 0, duration: 50 },
    ]);
    assertSealed(trace);
    const open = [...(trace.spans.flags as Uint8Array)].findIndex((flags) => (flags & SpanFlag.openEnded) !== 0);
    expect(durationOf(trace.spans, open)).toBe(45);
    expect(trace.meta.ledger.notes.find((line) => line.code === "overlaps")).toBeUndefined();
  });

  it("refuses times that would not be exact, and counts them", () => {
    const trace = build([
      { track: 0, start: 2 ** 52 + 1, duration: 1 },
      { track: 0, start: 1, duration: 1 },
    ]);
    expect(trace.spans.length).toBe(1);
    expect(trace.meta.ledger.dropped).toMatchObject([{ code: "outOfRange", count: 1, firstBytes: [0] }]);
    assertSealed(trace);
  });

  it("chains flow ends and binds each to the innermost span at its time", () => {
    const builder = createTraceBuilder();
    const host = builder.addTrack({ kind: "thread", name: "host" });
    const stream = builder.addTrack({ kind: "stream", name: "stream" });
    const add = (track: typeof host, start: number, duration: number, name: string): number =>
      builder.addSpan(track, start, duration, builder.intern(name), SpanKind.op, builder.category("c"), 0);
    add(host, 0, 20, "op");
    add(host, 2, 4, "launch");
    add(stream, 30, 5, "kernel");
    builder.addFlowEnd(1, "start", host, 2, builder.intern("ac2g"), "enclosing");
    builder.addFlowEnd(1, "end", stream, 30, builder.intern("ac2g"), "enclosing");
    builder.addFlowEnd(2, "end", stream, 31, builder.intern("ac2g"), "enclosing");
    builder.addFlowEnd(3, "start", host, 3, builder.intern("ac2g"), "enclosing");
    builder.addFlowEnd(4, "start", host, 4, builder.intern("ac2g"), "enclosing");
    builder.addFlowEnd(4, "start", host, 5, builder.intern("ac2g"), "enclosing");
    builder.addFlowEnd(4, "step", stream, 32, builder.intern("ac2g"), "enclosing");
    builder.ledger.read(10);
    const trace = builder.seal(description);
    assertSealed(trace);
    expect(dumpTrace(trace)).toContain("flow ac2g launch@2..6 -> kernel@30..35");
    // An end without a start, a start without an end, and one that another start of its key follows.
    expect(trace.meta.ledger.notes).toMatchObject([{ code: "danglingFlows", count: 3 }]);
  });

  it("keeps its promises on random spans", () => {
    const drawn = fc.record({
      track: fc.integer({ min: 0, max: 2 }),
      start: fc.oneof(fc.integer({ min: 0, max: 60 }), fc.integer({ min: 0, max: 2 ** 45 })),
      duration: fc.oneof(fc.integer({ min: 0, max: 30 }), fc.integer({ min: 0, max: 2 ** 40 })),
      open: fc.boolean().map((b) => b && false),
    });
    fc.assert(
      fc.property(fc.array(drawn, { maxLength: 120 }), fc.boolean(), (spans, lanes) => {
        const trace = build(
          spans.map((span, i) =>
            lanes && span.track === 1 ? { ...span, lane: i % 3 } : { ...span, open: i % 17 === 3 },
          ),
        );
        assertSealed(trace);
        expect(trace.spans.length).toBe(spans.length);
      }),
      { numRuns: 300 },
    );
  });

  it("sorts large tracks exactly as a comparison sort does", () => {
    let seed = 42;
    const random = (below: number): number => {
      seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
      return Math.floor((seed / 2 ** 32) * below);
    };
    const spans = Array.from({ length: 20_000 }, () => ({
      track: 0,
      start: random(2) === 0 ? random(5000) : random(2 ** 31) * 1000,
      duration: random(3),
    }));
    const trace = build(spans);
    const expected = spans
      .map((span, i) => ({ ...span, i }))
      .toSorted((a, b) => a.start - b.start || b.duration - a.duration || a.i - b.i);
    const origin = expected[0].start;
    expect([...(trace.spans.sourceLow as Uint32Array)]).toEqual(expected.map((span) => span.i));
    expect([...(trace.spans.startNs as Float64Array)]).toEqual(expected.map((span) => span.start - origin));
  });

  it("gives a snapshot while more is pushed, and the same trace at the end as without it", () => {
    const spans = Array.from({ length: 300 }, (_, i) => ({ track: i % 3, start: (i * 37) % 211, duration: i % 9 }));
    const direct = dumpTrace(build(spans));
    const builder = createTraceBuilder();
    const tracks = [0, 1, 2].map((i) => builder.addTrack({ kind: "thread", name: `t${i}` }));
    spans.forEach((span, i) => {
      builder.ledger.read();
      builder.addSpan(
        tracks[span.track],
        span.start,
        span.duration,
        builder.intern(`n${i % 7}`),
        SpanKind.op,
        builder.category("c"),
        i,
      );
      if (i === 150) {
        const partial = builder.snapshot(description);
        assertSealed(partial);
        expect(partial.meta.partial).toBe(true);
        expect(partial.spans.length).toBe(151);
      }
    });
    expect(dumpTrace(builder.seal(description))).toBe(direct);
  });

  it("keeps the value of every counter sample, also of those at which the columns grow", () => {
    const builder = createTraceBuilder();
    const track = builder.addTrack({ kind: "counter", name: "c" });
    for (let i = 0; i < 5000; i++) {
      builder.ledger.read();
      builder.ledger.counterEvent();
      builder.addSample(track, i, i + 1);
    }
    const { value } = builder.seal(description).counters;
    expect(Array.from(value as Float64Array)).toEqual(Array.from({ length: 5000 }, (_, i) => i + 1));
  });

  it("keeps arrows between spans that were pushed in any order", () => {
    const builder = createTraceBuilder();
    const track = builder.addTrack({ kind: "thread", name: "t" });
    const name = builder.intern("hand over");
    const push = (startNs: number): number => {
      builder.ledger.read();
      return builder.addSpan(track, startNs, 5, builder.intern(`at ${startNs}`), SpanKind.op, builder.category("c"), 0);
    };
    const late = push(30);
    const early = push(0);
    builder.ledger.read(2);
    builder.addFlow(early, late, name);
    const trace = builder.seal({ ...description, name: "arrows" });
    assertSealed(trace);
    expect(dumpTrace(trace)).toContain("flow hand over at 0@0..5 -> at 30@30..35");
  });
});
