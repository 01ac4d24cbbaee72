import * as fc from "fast-check";
import { expect, test } from "vitest";
import { SpanKind, spanKindNames } from "../../../traces/model/span-kind.ts";
import type { Trace } from "../../../traces/model/trace.ts";
import { percentilesOf, type PercentileValues } from "../../../traces/query/percentiles.ts";
import type { Scope } from "../../../traces/query/scope.ts";
import { runSliced } from "../../../traces/model/sliced.ts";
import {
  createTopTable,
  type TopColumn,
  type TopGroup,
  type TopPage,
  type TopRow,
} from "../../../traces/query/top-table.ts";
import { traceFromText } from "../../fixtures/trace-from-text.ts";
import { clippedNs, randomScope, spansInScope } from "./random-scope.ts";
import { chainOf, randomTrace, sumOf, toPlainSpans, unionLength, type PlainSpan } from "./random-trace.ts";

const columns: readonly TopColumn[] = ["name", "count", "totalNs", "selfNs", "meanNs", "p50Ns", "p99Ns", "share"];

function topPage(trace: Trace, scope: Scope, group: TopGroup, sort: TopColumn = "totalNs", descending = true): TopPage {
  return runSliced(runSliced(createTopTable(trace, scope, group)).page({ sort, descending, first: 0, count: 1000 }));
}

const drawing = traceFromText(
  `
  main | step-----------  step----
       |  fwd---   bwd--   fwd-
       |   mm mm    mm      mm
`,
  { step: SpanKind.step },
);
const brief = (row: TopRow): string =>
  `${row.path.join(" > ")}: ${row.count} × ${row.totalNs / 1000} µs, self ${row.selfNs / 1000}`;

test("by name, every span counts with its time and what its children leave of it", () => {
  expect(topPage(drawing, {}, "name").rows.map(brief)).toEqual([
    "step: 2 × 23 µs, self 8",
    "fwd: 2 × 10 µs, self 4",
    "mm: 4 × 8 µs, self 8",
    "bwd: 1 × 5 µs, self 3",
  ]);
});

test("by path, spans are apart when they lie in different ones", () => {
  expect(topPage(drawing, { nameContains: "mm" }, "path").rows.map(brief)).toEqual([
    "step > fwd > mm: 3 × 6 µs, self 6",
    "step > bwd > mm: 1 × 2 µs, self 2",
  ]);
});

test("a range clips, and gives both sums; wall and busy time are cut to it", () => {
  const page = topPage(drawing, { startNs: 10_000, endNs: 19_000, kinds: ["step"] }, "name");
  expect(page.rows).toHaveLength(1);
  expect(page.rows[0]).toMatchObject({ count: 2, totalNs: 23_000, clippedNs: 7_000 });
  expect(page).toMatchObject({ wallNs: 9_000, busyNs: 7_000, spanCount: 2 });
});

test("percentiles are by nearest rank", () => {
  expect(percentilesOf(Float64Array.from({ length: 100 }, (_, i) => 100 - i))).toEqual({
    minNs: 1,
    p50Ns: 50,
    p95Ns: 95,
    p99Ns: 99,
  });
  expect(percentilesOf(Float64Array.of(7))).toEqual({ minNs: 7, p50Ns: 7, p95Ns: 7, p99Ns: 7 });
  expect(percentilesOf(Float64Array.of(2, 1))).toEqual({ minNs: 1, p50Ns: 1, p95Ns: 2, p99Ns: 2 });
  expect(percentilesOf(new Float64Array(0))).toEqual({ minNs: 0, p50Ns: 0, p95Ns: 0, p99Ns: 0 });
});

test("percentiles of any values are those of the sorted values", () => {
  fc.assert(
    fc.property(fc.array(fc.nat(50), { minLength: 1, maxLength: 400 }), (values) => {
      expect(percentilesOf(Float64Array.from(values))).toEqual(sortedPercentiles(values));
    }),
    { numRuns: 300 },
  );
});

test("a trace without spans has an empty table", () => {
  expect(topPage(traceFromText(""), {}, "path")).toEqual({
    rowCount: 0,
    rows: [],
    spanCount: 0,
    wallNs: 0,
    busyNs: 0,
    selfNs: 0,
  });
});

test("every table of every scope holds what adding up its spans one by one gives", () => {
  fc.assert(
    fc.property(
      randomTrace,
      randomScope,
      fc.constantFrom<TopGroup>("name", "path"),
      fc.constantFrom(...columns),
      fc.boolean(),
      (trace, scope, group, sort, descending) => {
        const page = topPage(trace, scope, group, sort, descending);
        const expected = expectedTable(trace, scope, group);
        expect(new Map(page.rows.map((row) => [JSON.stringify(row.path), withoutSpan(row)]))).toEqual(expected.rows);
        expect(page.rowCount).toBe(page.rows.length);
        expect({ spanCount: page.spanCount, wallNs: page.wallNs, busyNs: page.busyNs, selfNs: page.selfNs }).toEqual(
          expected.totals,
        );
        expectSorted(page.rows, sort, descending);
      },
    ),
    { numRuns: 800 },
  );
});

test("pages are parts of the whole table", () => {
  fc.assert(
    fc.property(randomTrace, fc.constantFrom(...columns), fc.nat(12), fc.nat(12), (trace, sort, first, count) => {
      const table = runSliced(createTopTable(trace, {}, "path"));
      const part = runSliced(table.page({ sort, descending: true, first, count }));
      expect(part.rows).toEqual(topPage(trace, {}, "path", sort).rows.slice(first, first + count));
    }),
  );
});

function withoutSpan(row: TopRow): Record<string, unknown> {
  return Object.fromEntries(Object.entries(row).filter(([key]) => key !== "longestSpan" && key !== "path"));
}

function sortedPercentiles(values: readonly number[]): PercentileValues {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (percent: number): number => sorted.find((_, i) => (i + 1) * 100 >= percent * sorted.length) ?? 0;
  return { minNs: sorted[0] ?? 0, p50Ns: at(50), p95Ns: at(95), p99Ns: at(99) };
}

function expectedTable(trace: Trace, scope: Scope, group: TopGroup): { rows: Map<string, unknown>; totals: unknown } {
  const all = toPlainSpans(trace);
  const chosen = spansInScope(trace, scope);
  const closed = chosen.filter((span) => !span.openEnded);
  const allSelfNs = sumOf(closed.map((span) => span.selfNs));
  const groups = new Map<string, PlainSpan[]>();
  for (const span of chosen) {
    const path = JSON.stringify(group === "name" ? [span.name] : chainOf(all, span).map((at) => at.name));
    groups.set(path, [...(groups.get(path) ?? []), span]);
  }
  const clip = (span: PlainSpan): [number, number] => [
    Math.max(span.startNs, scope.startNs ?? 0),
    Math.min(span.endNs, scope.endNs ?? Infinity),
  ];
  const ranges = closed.map(clip);
  const rows = [...groups].map(([path, spans]): [string, unknown] => {
    const timed = spans.filter((span) => !span.openEnded);
    const durations = timed.map((span) => span.durationNs);
    const totalNs = sumOf(durations);
    const selfNs = sumOf(timed.map((span) => span.selfNs));
    const longest = timed.reduce(
      (best, span) => (best === undefined || span.durationNs > best.durationNs ? span : best),
      timed.at(0),
    );
    const row = {
      kind:
        longest === undefined
          ? expect.any(String)
          : expect.toSatisfy((kind: string) =>
              timed.some((span) => span.durationNs === longest.durationNs && spanKindNames[span.kind] === kind),
            ),
      count: spans.length,
      openEnded: spans.length - timed.length,
      totalNs,
      selfNs,
      meanNs: timed.length === 0 ? 0 : totalNs / timed.length,
      ...sortedPercentiles(durations),
      maxNs: timed.length === 0 ? 0 : Math.max(...durations),
      share: allSelfNs === 0 ? 0 : selfNs / allSelfNs,
      clippedNs: sumOf(timed.map((span) => clippedNs(scope, span))),
    };
    return [path, row];
  });
  return {
    rows: new Map(rows),
    totals: {
      spanCount: chosen.length,
      wallNs:
        ranges.length === 0
          ? 0
          : Math.max(...ranges.map(([, end]) => end)) - Math.min(...ranges.map(([start]) => start)),
      busyNs: unionLength(ranges),
      selfNs: allSelfNs,
    },
  };
}

function expectSorted(rows: readonly TopRow[], sort: TopColumn, descending: boolean): void {
  for (let i = 1; i < rows.length; i++) {
    const [before, after] = descending ? [rows[i], rows[i - 1]] : [rows[i - 1], rows[i]];
    if (sort === "name") expect((before.path.at(-1) ?? "") <= (after.path.at(-1) ?? "")).toBe(true);
    else expect(before[sort]).toBeLessThanOrEqual(after[sort]);
  }
}
