import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createTraceBuilder } from "../../../traces/model/create-trace-builder.ts";
import { assertSealed } from "../../../traces/model/invariants.ts";
import { SpanKind } from "../../../traces/model/span-kind.ts";
import type { Trace } from "../../../traces/model/trace.ts";
import { SpanBatch, type TraceBuilder } from "../../../traces/model/trace-builder.ts";
import { dumpTrace } from "../../fixtures/dump-trace.ts";

const description = { name: "t", format: "drawing", formatLabel: "", facts: [] };

function sealed(builder: TraceBuilder): Trace {
  const trace = builder.seal(description);
  assertSealed(trace);
  return trace;
}

describe("a builder with a limit of spans", () => {
  it("refuses and counts what comes beyond, one by one and in batches", () => {
    const builder = createTraceBuilder({ spanLimit: 3 });
    const track = builder.addTrack({ kind: "thread", name: "t" });
    const name = builder.intern("a");
    const batch = new SpanBatch(4);
    batch.length = 2;
    batch.startNs.set([1, 2]);
    batch.durationNs.set([1, 1]);
    batch.name.fill(name);
    builder.ledger.read(5);
    builder.addSpans(batch);
    builder.addSpans(batch);
    expect(builder.addSpan(track, 9, 1, name, SpanKind.other, 0, 70)).toBe(-1);
    const { meta, spans } = sealed(builder);
    expect(spans.length).toBe(3);
    expect(meta.ledger).toMatchObject({
      outcome: "partial",
      dropped: [{ code: "spanLimit", count: 2, message: "spans beyond the 3 that there is memory for" }],
    });
  });

  it("says that a part is missing when spans made of samples were refused", () => {
    const builder = createTraceBuilder({ spanLimit: 1 });
    const track = builder.addTrack({ kind: "thread", name: "t" });
    for (const startNs of [0, 1])
      builder.addSpan(track, startNs, 1, builder.intern("a"), SpanKind.other, 0, 0, { derived: true });
    expect(sealed(builder).meta.ledger).toMatchObject({
      outcome: "partial",
      dropped: [],
      notes: [{ code: "spanLimit", count: 1 }],
    });
  });
});

describe("a builder with a limit of tracks", () => {
  it("puts what is on further tracks on one of each kind, and says so", () => {
    const builder = createTraceBuilder({ trackLimit: 2 });
    const process = builder.addTrack({ kind: "process", name: "p" });
    const tracks = ["a", "b", "c"].map((name) => builder.addTrack({ kind: "thread", name, parent: process }));
    const counter = builder.addTrack({ kind: "counter", name: "d" });
    for (const [index, track] of tracks.entries()) {
      builder.describeTrack(track, { name: `thread ${index}` });
      builder.addSpan(track, index, 2, builder.intern("s"), SpanKind.other, 0, 0);
    }
    builder.addSample(counter, 0, 1);
    builder.ledger.read(4);
    builder.ledger.counterEvent();
    const trace = sealed(builder);
    expect(trace.tracks.map(({ name, spanCount, sampleCount }) => [name, spanCount, sampleCount])).toEqual([
      ["p", 0, 0],
      ["thread 0", 1, 0],
      ["further tracks (thread)", 2, 0],
      ["further tracks (counter)", 0, 1],
    ]);
    expect(trace.meta.ledger).toMatchObject({ outcome: "notes", spans: 3 });
    expect(trace.meta.ledger.notes).toContainEqual({
      level: "warning",
      code: "trackLimit",
      message: "tracks beyond the 2 that are kept apart; all of a kind share one",
      count: 3,
      firstBytes: [],
    });
  });
});

describe("spans that are ended later", () => {
  /** Stacks of numbers over time: the span of a level lasts while its number stays. */
  const stacks = fc.array(
    fc.record({
      afterNs: fc.constantFrom(0, 0, 1, 7, 5e9),
      stack: fc.array(fc.integer({ min: 0, max: 2 }), { maxLength: 4 }),
    }),
    { minLength: 1, maxLength: 12 },
  );

  it("make the trace that whole ones make", () => {
    fc.assert(
      fc.property(stacks, (samples) => {
        expect(dumpTrace(collect(samples, true))).toBe(dumpTrace(collect(samples, false)));
      }),
    );
  });

  function collect(
    samples: readonly { readonly afterNs: number; readonly stack: readonly number[] }[],
    later: boolean,
  ) {
    const builder = createTraceBuilder();
    const track = builder.addTrack({ kind: "thread", name: "t" });
    const open: { readonly name: number; readonly startNs: number; span: number }[] = [];
    const finished: { readonly name: number; readonly startNs: number; readonly endNs: number; order: number }[] = [];
    let order = 0;
    const begin = (name: number, startNs: number, durationNs: number): number =>
      builder.addSpan(track, startNs, durationNs, builder.intern(`f${name}`), SpanKind.other, 0, 0);
    const closeTo = (depth: number, endNs: number): void => {
      for (let top = open.length; top > depth; top--) {
        const frame = open.pop();
        if (frame === undefined) continue;
        if (later) builder.endSpan(frame.span, endNs);
        else finished.push({ name: frame.name, startNs: frame.startNs, endNs, order: frame.span });
      }
    };
    let timeNs = 0;
    for (const { afterNs, stack } of samples) {
      timeNs += afterNs;
      let shared = 0;
      while (shared < stack.length && open[shared]?.name === stack[shared]) shared++;
      closeTo(shared, timeNs);
      for (const name of stack.slice(shared))
        open.push({ name, startNs: timeNs, span: later ? begin(name, timeNs, 0) : order++ });
    }
    closeTo(0, timeNs + 1);
    builder.ledger.read(later ? builder.spanCount : finished.length);
    for (const { name, startNs, endNs } of finished.toSorted((a, b) => a.order - b.order))
      begin(name, startNs, endNs - startNs);
    return sealed(builder);
  }
});
