import * as fc from "fast-check";
import { expect, test } from "vitest";
import { SpanKind } from "../../../traces/model/span-kind.ts";
import type { Trace } from "../../../traces/model/trace.ts";
import { ancestorsOf, countChildren, findNeighbor, type Neighbor } from "../../../traces/query/neighbors.ts";
import { rowOfSpan } from "../../../traces/query/rows-of.ts";
import { sumSpans } from "../../../traces/query/span-sums.ts";
import { createTraceIndex } from "../../../traces/query/trace-index.ts";
import { traceFromText } from "../../fixtures/trace-from-text.ts";
import { chainOf, randomTrace, sumOf, toPlainSpans, type PlainSpan } from "./random-trace.ts";
import { textOf, textsOf } from "../../../traces/model/text-table.ts";

const drawing = traceFromText(
  `
  main | step1----------  step2---
       |  fwd---   bwd--   fwd-
       |   m1 m2    m3      m4
  s7   |     k1-  k2-
`,
  { step1: SpanKind.step, step2: SpanKind.step },
);

function go(from: string, neighbor: Neighbor): string | null {
  const start = toPlainSpans(drawing).find((span) => span.name === from);
  const found = findNeighbor(createTraceIndex(drawing), start?.span ?? -1, neighbor);
  return found === null ? null : textOf(drawing.strings, drawing.spans.name[found]);
}

test.each<[string, Neighbor, string | null]>([
  ["m2", "parent", "fwd"],
  ["step1", "parent", null],
  ["step1", "firstChild", "fwd"],
  ["fwd", "firstChild", "m1"],
  ["m1", "firstChild", null],
  ["bwd", "previous", "fwd"],
  ["m2", "next", "m3"],
  ["m4", "next", null],
  ["k1", "previous", null],
  ["step1", "nextStep", "step2"],
  ["step1", "previousStep", null],
  ["bwd", "nextStep", "step2"],
  ["bwd", "previousStep", "step1"],
  ["k2", "nextStep", "step2"],
])("from %s, %s is %s", (from, neighbor, expected) => {
  expect(go(from, neighbor)).toBe(expected);
});

test("neighbors, children and ancestors are those that a look at all spans finds", () => {
  fc.assert(
    fc.property(randomTrace, (trace) => {
      const all = toPlainSpans(trace);
      const index = createTraceIndex(trace);
      const children = (span: PlainSpan): PlainSpan[] => all.filter((other) => other.parent === span.span);
      for (const span of all) {
        const row = all.filter((other) => rowOfSpan(trace, other.span) === rowOfSpan(trace, span.span));
        const inRow = row.indexOf(span);
        const id = (found: PlainSpan | undefined): number | null => found?.span ?? null;
        expect(findNeighbor(index, span.span, "parent")).toBe(span.parent < 0 ? null : span.parent);
        expect(findNeighbor(index, span.span, "firstChild")).toBe(id(children(span)[0]));
        expect(findNeighbor(index, span.span, "previous")).toBe(id(row[inRow - 1]));
        expect(findNeighbor(index, span.span, "next")).toBe(id(row[inRow + 1]));
        expect(countChildren(trace, span.span)).toBe(children(span).length);
        const ancestors = chainOf(all, span)
          .slice(0, -1)
          .map((at) => at.span);
        expect(ancestorsOf(trace, span.span, 1000)).toEqual(ancestors);
        expect(ancestorsOf(trace, span.span, 2)).toEqual(ancestors.slice(-2));
        expectSteps(trace, all, span);
      }
    }),
    { numRuns: 150 },
  );
});

function expectSteps(trace: Trace, all: readonly PlainSpan[], span: PlainSpan): void {
  const index = createTraceIndex(trace);
  const steps = all
    .filter((other) => other.kind === SpanKind.step && (span.kind !== SpanKind.step || other.track === span.track))
    .sort((a, b) => a.startNs - b.startNs || a.span - b.span);
  const isBefore = (a: PlainSpan, b: PlainSpan): boolean =>
    a.startNs < b.startNs || (a.startNs === b.startNs && a.span < b.span);
  expect(findNeighbor(index, span.span, "nextStep")).toBe(steps.find((step) => isBefore(span, step))?.span ?? null);
  expect(findNeighbor(index, span.span, "previousStep")).toBe(
    steps.findLast((step) => isBefore(step, span))?.span ?? null,
  );
}

test("the index sums names over closed spans and counts all", () => {
  fc.assert(
    fc.property(randomTrace, (trace) => {
      const all = toPlainSpans(trace);
      const totals = sumSpans(trace).names;
      textsOf(trace.strings).forEach((name, id) => {
        const named = all.filter((span) => span.name === name);
        expect(totals.count[id]).toBe(named.length);
        expect(totals.totalNs[id]).toBe(sumOf(named.filter((span) => !span.openEnded).map((span) => span.durationNs)));
      });
    }),
  );
});
