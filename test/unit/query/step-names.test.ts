import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createTraceBuilder } from "../../../traces/model/create-trace-builder.ts";
import { runSliced } from "../../../traces/model/sliced.ts";
import { SpanKind } from "../../../traces/model/span-kind.ts";
import { isCalled, labelOfStep, withoutStepNumber } from "../../../traces/model/step-label.ts";
import type { Trace } from "../../../traces/model/trace.ts";
import { computeCallTree } from "../../../traces/query/call-tree.ts";
import type { Scope } from "../../../traces/query/scope.ts";
import { createTopTable } from "../../../traces/query/top-table.ts";

interface Drawn {
  readonly name: string;
  readonly startNs: number;
  readonly durationNs: number;
}

const label = "ProfilerStep#…";
const steps = ["ProfilerStep#1", "ProfilerStep#2", "ProfilerStep#30"];
/** As XLA calls its steps: "1", "2", "30". */
const numberOf = (name: string): string => name.replace("ProfilerStep#", "");

/** Spans of two threads; `nameOf` says how each is called. Names that occur once follow, so that names are many. */
function traceOf(spans: readonly Drawn[], nameOf: (name: string) => string): Trace {
  const builder = createTraceBuilder();
  const threads = ["main", "other"].map((name) => builder.addTrack({ kind: "thread", name }));
  const category = builder.category("c");
  for (const [i, { name, startNs, durationNs }] of spans.entries()) {
    const kind = steps.includes(name) ? SpanKind.step : SpanKind.op;
    builder.addSpan(threads[i % 2], startNs, durationNs, builder.intern(nameOf(name)), kind, category, 0);
  }
  for (let i = 0; i < 60; i++)
    builder.addSpan(threads[0], 2000 + i, 1, builder.intern(`one of many ${i}`), SpanKind.op, category, 0);
  builder.ledger.read(spans.length + 60);
  return builder.seal({ name: "drawn", format: "test", formatLabel: "test", facts: [] });
}

const drawn = fc.array(
  fc.record({
    name: fc.constantFrom(...steps, "fwd", "mm"),
    startNs: fc.nat(1000),
    durationNs: fc.integer({ min: 1, max: 300 }),
  }),
  { minLength: 1, maxLength: 30 },
);

const scopes: readonly Scope[] = [
  {},
  { startNs: 100, endNs: 700 },
  { startNs: 0, endNs: 1500, nameContains: "#30" },
  { nameContains: "Step" },
];

function treeOf(trace: Trace, scope: Scope, direction: "topDown" | "bottomUp", byTrack: boolean): readonly string[] {
  const tree = runSliced(computeCallTree(trace, scope, { direction, byTrack, minShare: 0, maxNodes: 1e6 }));
  const pathOf = (node: number): string =>
    node < 0 ? "" : `${pathOf(tree.parent[node])} > ${tree.names[tree.name[node]]}`;
  return Array.from(
    tree.name,
    (_, node) => `${pathOf(node)}: ${tree.count[node]} × ${tree.totalNs[node]}, ${tree.selfNs[node]}`,
  ).toSorted();
}

function tableOf(trace: Trace, scope: Scope, group: "name" | "path"): readonly string[] {
  const table = runSliced(createTopTable(trace, scope, group));
  const { rows } = runSliced(table.page({ sort: "totalNs", descending: true, first: 0, count: 1000 }));
  return rows
    .map(({ path, count, totalNs, selfNs, p50Ns, p99Ns }) => [path.join(" > "), count, totalNs, selfNs, p50Ns, p99Ns])
    .map(String)
    .toSorted();
}

describe("steps that differ in their number", () => {
  test("are what they would be with one name, in trees and tables", () => {
    fc.assert(
      fc.property(drawn, (spans) => {
        const numbered = traceOf(spans, (name) => name);
        const isFolded = new Set(spans.map(({ name }) => name).filter((name) => steps.includes(name))).size > 1;
        // Without a filter: it is for names as they are.
        const named = traceOf(spans, (name) => (isFolded && steps.includes(name) ? label : name));
        const bare = traceOf(spans, numberOf);
        const namedBare = traceOf(spans, (name) => (isFolded && steps.includes(name) ? "step #…" : numberOf(name)));
        for (const group of ["name", "path"] as const)
          expect(tableOf(bare, {}, group)).toEqual(tableOf(namedBare, {}, group));
        for (const direction of ["topDown", "bottomUp"] as const)
          expect(treeOf(bare, {}, direction, false)).toEqual(treeOf(namedBare, {}, direction, false));
        for (const scope of scopes.filter(({ nameContains }) => nameContains !== "#30")) {
          for (const byTrack of [false, true])
            for (const direction of ["topDown", "bottomUp"] as const)
              expect(treeOf(numbered, scope, direction, byTrack)).toEqual(treeOf(named, scope, direction, byTrack));
          for (const group of ["name", "path"] as const)
            expect(tableOf(numbered, scope, group)).toEqual(tableOf(named, scope, group));
        }
      }),
    );
  });

  test("are found by their numbers", () => {
    const trace = traceOf(
      steps.map((name, i) => ({ name, startNs: 100 * i, durationNs: 50 + i })),
      (name) => name,
    );
    for (const scope of [{ nameContains: "#30" }, { nameContains: "#30", startNs: 0, endNs: 1500 }])
      for (const group of ["name", "path"] as const)
        expect(tableOf(trace, scope, group)).toEqual([`${label},1,52,52,52,52`]);
    expect(treeOf(trace, { nameContains: "#30" }, "topDown", false)).toHaveLength(2);
  });

  test("keep their name where there is one alone", () => {
    const trace = traceOf([{ name: "ProfilerStep#30", startNs: 0, durationNs: 5 }], (name) => name);
    expect(tableOf(trace, { nameContains: "Step" }, "name")).toEqual(["ProfilerStep#30,1,5,5,5,5"]);
  });

  test("stay apart where they are bare numbers and another span is called so, too", () => {
    const spans = steps.map((name, i) => ({ name, startNs: 100 * i, durationNs: 50 + i }));
    const named = (other: string): readonly string[] =>
      tableOf(
        traceOf([...spans, { name: "mm", startNs: 900, durationNs: 7 }], (name) =>
          name === "mm" ? other : numberOf(name),
        ),
        {},
        "name",
      ).filter((row) => !row.startsWith("one of many"));
    expect(named("7")).toEqual(["7,1,7,7,7,7", "step #…,3,153,153,51,52"]);
    expect(named("2").map((row) => row.split(",")[0])).toEqual(["1", "2", "30"]);
  });

  test("share a label, which each of them is called by", () => {
    expect(["ProfilerStep#12", "Iteration 7", "step_3"].map(labelOfStep)).toEqual([label, "Iteration …", "step_…"]);
    expect(["ProfilerStep#12", "Iteration 7", "step_3"].map(withoutStepNumber)).toEqual([
      "ProfilerStep",
      "Iteration",
      "step",
    ]);
    expect(["ProfilerStep", "aten::mm", "Steps#1", "step#x", "1x"].map(labelOfStep)).toEqual(
      Array.from({ length: 5 }, () => null),
    );
    expect([labelOfStep("12"), labelOfStep("step #12")]).toEqual(["step #…", null]);
    expect(isCalled("12", "step #…")).toBe(true);
    expect(isCalled("step 12", "step #…")).toBe(false);
    expect(isCalled("ProfilerStep#4", label)).toBe(true);
    expect(isCalled("ProfilerStep#4", "ProfilerStep#4")).toBe(true);
    expect(isCalled("Iteration 4", label)).toBe(false);
    expect(isCalled("mm", "mm")).toBe(true);
  });
});
