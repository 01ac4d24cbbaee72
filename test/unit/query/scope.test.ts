import * as fc from "fast-check";
import { expect, test } from "vitest";
import { assertSealed } from "../../../traces/model/invariants.ts";
import { SpanKind } from "../../../traces/model/span-kind.ts";
import { rowOfSpan, trackOfSpan } from "../../../traces/query/rows-of.ts";
import { isAccepted, resolveScope, visitSlices, type Scope } from "../../../traces/query/scope.ts";
import { runSliced } from "../../../traces/model/sliced.ts";
import { createSpanList } from "../../../traces/query/span-list.ts";
import { traceFromText } from "../../fixtures/trace-from-text.ts";
import type { Trace } from "../../../traces/model/trace.ts";
import { randomScope, spansInScope } from "./random-scope.ts";
import { randomTrace, toPlainSpans } from "./random-trace.ts";

const drawing = traceFromText(
  `
  main | step-------------  step----
       |   fwd----|bwd--      fwd-
       |    gemm    gemm       gemm
  s7   |         k1-----  k2---
`,
  { step: SpanKind.step, k1: SpanKind.kernel, k2: SpanKind.kernel },
);

const namesIn = (trace: Trace, scope: Scope): string[] =>
  runSliced(createSpanList(trace, scope))
    .page(0, 1000)
    .spans.map((span) => span.name);

function selected(trace: Trace, scope: Scope, withAncestors: boolean): number[] {
  const selection = runSliced(resolveScope(trace, scope, { withAncestors }));
  const spans: number[] = [];
  runSliced(
    visitSlices(selection, true, (_slice, begin, end) => {
      for (let position = begin; position < end; position++)
        if (isAccepted(selection, trace.rows.span[position])) spans.push(trace.rows.span[position]);
    }),
  );
  return spans.sort((a, b) => a - b);
}

test("a range takes what overlaps it, long ancestors that begin before it included", () => {
  expect(namesIn(drawing, { startNs: 12_000, endNs: 13_000 })).toEqual(["step", "k1", "bwd", "gemm"]);
});

test("a span that ends where the range begins, or begins where it ends, is outside", () => {
  expect(namesIn(drawing, { tracks: [2], startNs: 15_000, endNs: 17_000 })).toEqual([]);
  expect(namesIn(drawing, { tracks: [2], startNs: 14_000, endNs: 17_000 })).toEqual(["k1"]);
});

test("an empty range and a range turned round meet nothing", () => {
  expect(namesIn(drawing, { startNs: 5_000, endNs: 5_000 })).toEqual([]);
  expect(namesIn(drawing, { startNs: 6_000, endNs: 5_000 })).toEqual([]);
});

test("below takes a span and its descendants, and its limits hold together with the others", () => {
  const fwd = toPlainSpans(drawing).find((span) => span.name === "fwd");
  expect(namesIn(drawing, { below: fwd?.span ?? -1 })).toEqual(["fwd", "gemm"]);
  expect(namesIn(drawing, { below: fwd?.span ?? -1, nameContains: "GEM" })).toEqual(["gemm"]);
  expect(namesIn(drawing, { below: fwd?.span ?? -1, tracks: [2] })).toEqual([]);
});

test("kinds and tracks narrow", () => {
  expect(namesIn(drawing, { kinds: ["step", "kernel"] })).toEqual(["step", "k1", "k2", "step"]);
  expect(namesIn(drawing, { tracks: [2, 77] })).toEqual(["k1", "k2"]);
});

test("every scope of every trace selects what its definition says", () => {
  fc.assert(
    fc.property(randomTrace, randomScope, (trace, scope) => {
      assertSealed(trace);
      const expected = spansInScope(trace, scope).map((span) => span.span);
      expect(selected(trace, scope, false)).toEqual(expected);
      expect(selected(trace, scope, true)).toEqual(expected);
    }),
    { numRuns: 600 },
  );
});

test("ancestors' slices come directly before those of their children and hold all parents", () => {
  fc.assert(
    fc.property(randomTrace, randomScope, (trace, scope) => {
      const selection = runSliced(resolveScope(trace, scope, { withAncestors: true }));
      for (let slice = 0; slice < selection.length; slice++) {
        const row = selection.row[slice];
        if (trace.rows.depth[row] === 0) continue;
        expect(selection.row[slice - 1]).toBe(row - 1);
        const parents = trace.rows.span.subarray(selection.begin[slice - 1], selection.end[slice - 1]);
        for (let position = selection.begin[slice]; position < selection.end[slice]; position++) {
          expect(Array.from({ length: parents.length }, (_, i) => parents[i])).toContain(
            trace.spans.parent[trace.rows.span[position]],
          );
        }
      }
    }),
    { numRuns: 300 },
  );
});

test("row and track of a span are those that list it", () => {
  fc.assert(
    fc.property(randomTrace, (trace) => {
      for (const { span, track, depth, lane } of toPlainSpans(trace)) {
        const row = rowOfSpan(trace, span);
        expect(trackOfSpan(trace, span).id).toBe(track);
        expect([trace.rows.track[row], trace.rows.depth[row], trace.rows.lane[row]]).toEqual([track, depth, lane]);
      }
    }),
  );
});

test("a list of spans is in time order, page by page", () => {
  fc.assert(
    fc.property(randomTrace, randomScope, fc.nat(20), fc.nat(20), (trace, scope, first, count) => {
      const expected = spansInScope(trace, scope).sort((a, b) => a.startNs - b.startNs || a.span - b.span);
      const page = runSliced(createSpanList(trace, scope)).page(first, count);
      expect(page.total).toBe(expected.length);
      expect(page.spans.map((span) => span.span)).toEqual(
        expected.slice(first, first + count).map((span) => span.span),
      );
    }),
    { numRuns: 300 },
  );
});
