import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { linkOf } from "../../../traces/model/link-table.ts";
import { createTraceBuilder } from "../../../traces/model/create-trace-builder.ts";
import { toTrackId } from "../../../traces/model/ids.ts";
import { assertSealed } from "../../../traces/model/invariants.ts";
import type { SpanKind } from "../../../traces/model/span-kind.ts";
import { durationOf, selfOf, sourceOffsetOf, type Trace } from "../../../traces/model/trace.ts";
import { SpanBatch, type TraceBuilder } from "../../../traces/model/trace-builder.ts";
import { dumpTrace } from "../../fixtures/dump-trace.ts";

const description = { name: "t", format: "test", formatLabel: "Test", facts: [] };

interface Row {
  readonly track: number;
  readonly startNs: number;
  readonly durationNs: number;
  readonly kind: number;
  readonly offset: number;
  readonly link: number;
}

function seal(rows: readonly Row[], add: (builder: TraceBuilder) => void): Trace {
  const builder = createTraceBuilder();
  for (let track = 0; track < 3; track++) builder.addTrack({ kind: "thread", name: `t${track}` });
  builder.category("c");
  for (let kind = 0; kind < 5; kind++) builder.intern(`n${kind}`);
  builder.ledger.read(rows.length);
  add(builder);
  const trace = builder.seal(description);
  assertSealed(trace);
  return trace;
}

const oneByOne = (rows: readonly Row[]): Trace =>
  seal(rows, (builder) => {
    for (const { track, startNs, durationNs, kind, offset, link } of rows)
      builder.addSpan(toTrackId(track), startNs, durationNs, builder.intern(`n${kind}`), kind as SpanKind, 0, offset, {
        link,
      });
  });

const inBatches = (rows: readonly Row[], size: number): Trace =>
  seal(rows, (builder) => {
    const batch = new SpanBatch(size);
    for (let from = 0; from < rows.length; from += size) {
      const part = rows.slice(from, from + size);
      part.forEach(({ track, startNs, durationNs, kind, offset, link }, i) => {
        batch.track[i] = track;
        batch.startNs[i] = startNs;
        batch.durationNs[i] = durationNs;
        batch.name[i] = builder.intern(`n${kind}`);
        batch.category[i] = 0;
        batch.kind[i] = kind;
        batch.sourceOffset[i] = offset;
        batch.link[i] = link;
      });
      batch.length = part.length;
      builder.addSpans(batch);
    }
  });

const columns = (trace: Trace): string =>
  JSON.stringify([
    dumpTrace(trace),
    trace.meta.ledger,
    Array.from({ length: trace.spans.length }, (_, span) => [
      durationOf(trace.spans, span),
      selfOf(trace.spans, span),
      sourceOffsetOf(trace.spans, span),
      linkOf(trace.spans, span),
      trace.spans.kind[span],
    ]),
  ]);

const row = fc.record({
  track: fc.nat(2),
  startNs: fc.oneof(fc.nat(40), fc.constantFrom(-1e12, 1e12, 2 ** 53 + 2, NaN)),
  // Around the longest duration that a column holds, and what is refused or set to 0.
  durationNs: fc.oneof(fc.nat(20), fc.constantFrom(2 ** 32 - 2, 2 ** 32 - 1, 2 ** 32, 1e13, -5, 2 ** 54)),
  kind: fc.nat(4),
  offset: fc.oneof(fc.nat(1000), fc.constantFrom(2 ** 32 - 1, 2 ** 32, 2 ** 40 - 1)),
  link: fc.oneof(fc.constant(0), fc.nat(9)),
});

describe("spans in batches", () => {
  it("are what they are one by one: long, refused and out of order", () => {
    fc.assert(
      fc.property(fc.array(row, { maxLength: 60 }), fc.integer({ min: 1, max: 9 }), (rows, size) => {
        expect(columns(inBatches(rows, size))).toBe(columns(oneByOne(rows)));
      }),
      { numRuns: 300 },
    );
  });

  it("fill block after block", () => {
    const count = 70_000;
    const rows = Array.from({ length: count }, (_, i): Row => ({
      track: i % 2,
      startNs: i * 10,
      durationNs: 5,
      kind: i % 5,
      offset: i * 100_000,
      link: i,
    }));
    const trace = inBatches(rows, 4096);
    expect(trace.spans.length).toBe(count);
    for (const span of [0, 34_999, 35_000, 69_999]) {
      const pushed = span < 35_000 ? span * 2 : (span - 35_000) * 2 + 1;
      expect(trace.spans.startNs[span]).toBe(pushed * 10);
      expect(sourceOffsetOf(trace.spans, span)).toBe(pushed * 100_000);
      expect(linkOf(trace.spans, span)).toBe(pushed);
    }
  });

  it("nest 300 and 70,000 deep", () => {
    for (const depth of [300, 70_000]) {
      const rows = Array.from({ length: depth }, (_, i): Row => ({
        track: 0,
        startNs: i,
        durationNs: 3 * depth - 2 * i,
        kind: 0,
        offset: i,
        link: 0,
      }));
      const trace = seal(rows, (builder) => {
        for (const { startNs, durationNs, offset } of rows)
          builder.addSpan(toTrackId(0), startNs, durationNs, builder.intern("n0"), 0, 0, offset);
      });
      expect(trace.spans.depth[depth - 1]).toBe(depth - 1);
      expect(trace.rows.length).toBe(depth);
    }
  });

  it("leave a snapshot and what follows as they are", () => {
    const builder = createTraceBuilder();
    const track = builder.addTrack({ kind: "thread", name: "t" });
    const name = builder.intern("n");
    for (const [start, duration] of [
      [5, 1],
      [0, 10],
    ] as const) {
      builder.ledger.read();
      builder.addSpan(track, start, duration, name, 0, 0, start);
    }
    const snapshot = builder.snapshot(description);
    builder.ledger.read();
    builder.addSpan(track, 20, 2 ** 33, name, 0, 0, 20);
    const sealed = builder.seal(description);
    expect(Array.from(snapshot.spans.startNs.subarray())).toEqual([0, 5]);
    expect(Array.from(sealed.spans.startNs.subarray())).toEqual([0, 5, 20]);
    expect(durationOf(sealed.spans, 2)).toBe(2 ** 33);
  });
});
