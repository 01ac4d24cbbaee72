import * as fc from "fast-check";
import { expect, test } from "vitest";
import { SpanKind, spanKindNames } from "../../../traces/model/span-kind.ts";
import { sumSpans } from "../../../traces/query/span-sums.ts";
import { resolveScope } from "../../../traces/query/scope.ts";
import { runSliced, spansPerSlice } from "../../../traces/model/sliced.ts";
import { computeBusyNs } from "../../../traces/query/union.ts";
import { createTraceBuilder } from "../../../traces/model/create-trace-builder.ts";
import type { Scope } from "../../../traces/query/scope.ts";
import type { Trace } from "../../../traces/model/trace.ts";
import { traceFromText } from "../../fixtures/trace-from-text.ts";
import { randomScope, spansInScope } from "./random-scope.ts";
import { randomTrace, sumOf, toPlainSpans, unionLength } from "./random-trace.ts";

const busyOf = (trace: Trace, scope: Scope): number => runSliced(computeBusyNs(runSliced(resolveScope(trace, scope))));

/** The slow way, for traces of many spans: in order of the starts. */
function unionOf(trace: Trace, scope: Scope): number {
  let totalNs = 0;
  let reachedNs = -Infinity;
  for (const span of spansInScope(trace, scope).toSorted((a, b) => a.startNs - b.startNs)) {
    if (span.openEnded) continue;
    const endNs = Math.min(span.endNs, scope.endNs ?? Infinity);
    totalNs += Math.max(0, endNs - Math.max(span.startNs, reachedNs, scope.startNs ?? -Infinity));
    reachedNs = Math.max(reachedNs, endNs);
  }
  return totalNs;
}

const drawing = traceFromText(`
  s1 | a---   b--     c-
     |  d
  s2 |   e---   f-- g
`);

test("time of several tracks counts once, gaps do not", () => {
  expect(busyOf(drawing, {})).toBe(14_000);
});

test("a range cuts both ends", () => {
  expect(busyOf(drawing, { startNs: 2000, endNs: 8000 })).toBe(5000);
});

test("busy time is as long as the union of the spans", () => {
  fc.assert(
    fc.property(randomTrace, randomScope, (trace, scope) => {
      const closed = spansInScope(trace, scope).filter((span) => !span.openEnded);
      const cut = closed.map((span): [number, number] => [
        Math.max(span.startNs, scope.startNs ?? 0),
        Math.min(span.endNs, scope.endNs ?? Infinity),
      ]);
      expect(busyOf(trace, scope)).toBe(unionLength(cut));
    }),
    { numRuns: 600 },
  );
});

test("so is that of one track and of many, taken whole or row by row", () => {
  const span = fc.record({
    track: fc.nat(149),
    startNs: fc.oneof(fc.nat(300), fc.constant(2 ** 52)),
    durationNs: fc.nat(20),
    openEnded: fc.boolean(),
  });
  const spansOf = fc.record({
    spans: fc.array(span, { minLength: 100, maxLength: 400 }),
    trackCount: fc.constantFrom(1, 150),
  });
  const limits: fc.Arbitrary<Scope> = fc.oneof(
    fc.constant({}),
    fc.record({ startNs: fc.nat(150), endNs: fc.integer({ min: 151, max: 400 }) }),
  );
  fc.assert(
    fc.property(spansOf, limits, fc.boolean(), ({ spans, trackCount }, range, byRow) => {
      const builder = createTraceBuilder();
      const tracks = Array.from({ length: 150 }, (_, i) => builder.addTrack({ kind: "thread", name: `thread ${i}` }));
      const name = builder.intern("a");
      for (const { track, startNs, durationNs, openEnded } of spans)
        builder.addSpan(tracks[track % trackCount], startNs, durationNs, name, 0, 0xffff, 0, { openEnded });
      const trace = builder.seal({ name: "many", format: "test", formatLabel: "Test", facts: [] });
      const scope: Scope = byRow
        ? { ...range, rows: Array.from({ length: trace.rows.length }, (_, row) => row) }
        : range;
      expect(busyOf(trace, scope)).toBe(unionOf(trace, scope));
    }),
  );
});

test("so is that of tracks in bursts with long breaks, window after window", () => {
  const draw = fc.nat(2 ** 30);
  fc.assert(
    fc.property(fc.array(draw, { minLength: 2, maxLength: 4 }), fc.boolean(), (draws, cuts) => {
      const builder = createTraceBuilder();
      const name = builder.intern("a");
      const tracks = Array.from({ length: 3000 }, (_, i) => builder.addTrack({ kind: "thread", name: `thread ${i}` }));
      let state = draws[0];
      const random = (): number => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) / 2 ** 32;
      let burstNs = 0;
      for (const each of draws) {
        const widthNs = 1 + (each % 5 === 0 ? 0 : each % 40_000);
        for (let i = 0; i < 12_000; i++) {
          const startNs = burstNs + Math.floor(random() * widthNs);
          builder.addSpan(tracks[i % 3000], startNs, Math.floor(random() * 4), name, 0, 0xffff, 0);
        }
        builder.ledger.read(12_000);
        burstNs += widthNs + (each % 3 === 0 ? 1 : (each % 1000) * 1_000_000);
      }
      const trace = builder.seal({ name: "bursts", format: "test", formatLabel: "Test", facts: [] });
      const scope: Scope = cuts ? { startNs: 100, endNs: Math.max(101, burstNs / 2) } : {};
      expect(busyOf(trace, scope)).toBe(unionOf(trace, scope));
    }),
    { numRuns: 12 },
  );
});

test("so is that of each of very many tracks", () => {
  const builder = createTraceBuilder();
  const name = builder.intern("a");
  for (let i = 0; i < 50_000; i++) {
    const track = builder.addTrack({ kind: "thread", name: `thread ${i}` });
    builder.addSpan(track, i, 5, name, 0, 0xffff, i);
  }
  builder.ledger.read(50_000);
  const many = builder.seal({ name: "many", format: "test", formatLabel: "test", facts: [] });
  expect(sumOf(sumSpans(many).busyNs.map((busyNs) => busyNs ?? 0))).toBe(250_000);
});

/** What lies over the work of a device is none. */
const isGrouping = (kind: number): boolean => kind === SpanKind.phase || kind === SpanKind.step;

test("kinds and tracks add up", () => {
  fc.assert(
    fc.property(randomTrace, (trace) => {
      const all = toPlainSpans(trace);
      const expected = spanKindNames.flatMap((kind, value) => {
        const ofKind = all.filter((span) => span.kind === value);
        return ofKind.length === 0
          ? []
          : [
              {
                kind,
                count: ofKind.length,
                totalNs: sumOf(ofKind.filter((span) => !span.openEnded).map((span) => span.durationNs)),
              },
            ];
      });
      const sums = sumSpans(trace);
      expect(sums.kinds).toEqual(expected);
      expect([...sums.steps]).toEqual(all.filter(({ kind }) => kind === SpanKind.step).map(({ span }) => span));
      for (const track of trace.tracks) {
        const ofTrack = all.filter((span) => span.track === track.id);
        const closed = ofTrack
          .filter((span) => !span.openEnded && !(track.kind === "stream" && isGrouping(span.kind)))
          .map((span): [number, number] => [span.startNs, span.endNs]);
        expect(sums.busyNs[track.id]).toBe(ofTrack.length === 0 ? null : unionLength(closed));
      }
    }),
  );
});

test("work on many spans pauses between slices", () => {
  const builder = createTraceBuilder();
  const tracks = [builder.addTrack({ kind: "thread", name: "a" }), builder.addTrack({ kind: "thread", name: "b" })];
  const name = builder.intern("x");
  builder.category("test");
  for (let i = 0; i < 2 * spansPerSlice; i++) {
    builder.ledger.read();
    builder.addSpan(tracks[i & 1], i * 10, 5, name, 0, 0, 0);
  }
  const trace = builder.seal({ name: "many", format: "test", formatLabel: "Test", facts: [] });
  const work = computeBusyNs(runSliced(resolveScope(trace, {})));
  let pauses = 0;
  while (work.next().done !== true) pauses++;
  expect(pauses).toBeGreaterThanOrEqual(2);
});

test("a long track is gone through in slices, though each window of time is small", () => {
  const builder = createTraceBuilder();
  const track = builder.addTrack({ kind: "thread", name: "main" });
  const name = builder.intern("a");
  for (let i = 0; i < 4 * spansPerSlice; i++)
    builder.addSpan(track, i * 10, 5, name, SpanKind.launch, builder.category("c"), 0);
  const trace = builder.seal({ name: "many", format: "test", formatLabel: "Test", facts: [] });
  let pauses = 0;
  for (const work = computeBusyNs(runSliced(resolveScope(trace, {}))); work.next().done !== true;) pauses++;
  expect(pauses).toBeGreaterThanOrEqual(3);
});
