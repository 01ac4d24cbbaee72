import { expect, test } from "vitest";
import { cutOff, takeUpdates, type RunRecord } from "../../../../renderer/state/run-record.ts";
import { stepProtocol } from "../../../../native-bench/plan/run-plan.ts";
import type { BenchOutcome, Environment } from "../../../../traces/measure/bench-report.ts";
import { describeUnmeasured } from "../../../../native-bench/runner/result.ts";

const run: RunRecord = {
  key: "run-1",
  trace: "trace-1",
  number: 1,
  title: "layers",
  plan: { workload: "layers", variants: [], backends: [], options: {}, protocol: stepProtocol },
  state: { kind: "running", startedAtMs: 0 },
  progress: null,
  phase: null,
  curves: new Map(),
  tables: [],
  maps: [],
  events: [],
  results: [],
  latest: null,
  environment: null,
  report: null,
  findings: [],
};

test("a run keeps the newest of each result, in the order of the plan", () => {
  const result = describeUnmeasured({ variant: "b", backend: "cpu", options: {} }, "measured", null);
  const after = takeUpdates(run, [
    { kind: "result", index: 1, result },
    { kind: "result", index: 1, result: { ...result, medianMs: 3 } },
  ]);
  expect(after.results).toHaveLength(2);
  expect(after.results[0]).toBeUndefined();
  expect(after.results[1]?.medianMs).toBe(3);
  expect(after.latest?.medianMs).toBe(3);
});

test("what a run had told of when it was cut off can be saved, marked as stopped", () => {
  const told = (variant: string, outcome: BenchOutcome, medianMs: number | null) => ({
    ...describeUnmeasured({ variant, backend: "cpu", options: { batch: 4 } }, outcome, null),
    medianMs,
    sampleCount: 30,
  });
  const environment = { startedAt: "2026-11-06T07:42:09Z", cpu: "Xeon" } as unknown as Environment;
  const results = [told("fast", "measured", 3), told("fast-int8", "excluded", 1)];
  const after = cutOff(
    takeUpdates(run, [
      { kind: "environment", environment },
      ...results.map((result, place) => ({ kind: "result", index: 2 * place, result }) as const),
    ]),
    { name: "Error", message: "the engine has ended" },
  );
  expect(after.state.kind).toBe("failed");
  expect(after.report).toMatchObject({
    format: "deltaflame-bench",
    environment,
    parameters: { workload: "layers", options: { batch: [4] } },
  });
  expect(after.results.map((result) => [result?.outcome, result?.reason, result?.medianMs])).toEqual([
    ["stopped", "cut off: the engine has ended", 3],
    // What is out of every claim stays out of it.
    ["excluded", null, 1],
  ]);
  const nothing = cutOff(takeUpdates(run, [{ kind: "environment", environment }]), { name: "Error", message: "x" });
  expect(nothing.report).toBeNull();
});

test("curves go on, tables are replaced by title, events are kept to a number", () => {
  const table = (value: number) => ({
    title: "Parameters",
    rows: [{ label: "D0", value, low: null, high: null, unit: "" }],
  });
  const after = takeUpdates(run, [
    { kind: "telemetry", telemetry: { kind: "points", curve: "cost", series: "fused", points: [[0, 9]] } },
    { kind: "telemetry", telemetry: { kind: "points", curve: "cost", series: "fused", points: [[1, 5]] } },
    { kind: "telemetry", telemetry: { kind: "values", table: table(1) } },
    { kind: "telemetry", telemetry: { kind: "values", table: table(2) } },
    ...Array.from({ length: 300 }, (_, index) => ({
      kind: "telemetry" as const,
      telemetry: { kind: "event" as const, name: `event ${index}`, facts: {} },
    })),
  ]);
  expect(after.curves.get("cost")?.get("fused")).toEqual([
    [0, 9],
    [1, 5],
  ]);
  expect(after.tables).toEqual([table(2)]);
  expect(after.events).toHaveLength(200);
  expect(after.events.at(-1)?.name).toBe("event 299");
});

test("a long curve is thinned out, not cut off", () => {
  const points = Array.from({ length: 10_000 }, (_, index) => [index, index] as const);
  const after = takeUpdates(run, [
    { kind: "telemetry", telemetry: { kind: "points", curve: "cost", series: "fused", points } },
  ]);
  const kept = after.curves.get("cost")?.get("fused") ?? [];
  expect(kept.length).toBeLessThanOrEqual(5000);
  expect(kept[0]).toEqual([0, 0]);
  expect(kept.at(-1)?.[0]).toBeGreaterThan(9990);
});

test("each configuration has a curve of its own, and a repetition takes the place of the one before", () => {
  const told = (series: string, x: number, y: number) =>
    ({ kind: "telemetry", telemetry: { kind: "points", curve: "cost", series, points: [[x, y]] } }) as const;
  const after = takeUpdates(run, [
    told("fused", 1, 9),
    told("fused", 2, 5),
    told("faithful", 1, 8),
    told("fused", 1, 7),
  ]);
  expect(after.curves.get("cost")?.get("fused")).toEqual([[1, 7]]);
  expect(after.curves.get("cost")?.get("faithful")).toEqual([[1, 8]]);
});

test("a later map takes the place of the one of its title", () => {
  const map = (title: string, reducedChiSquare: number) => ({
    kind: "telemetry" as const,
    telemetry: {
      kind: "map" as const,
      map: {
        title,
        valueTitle: "g₂",
        axes: { row: "t₁", column: "t₂", unit: "s", extent: 1 },
        side: 1,
        measured: Float32Array.of(1),
        model: Float32Array.of(1),
        residual: Float32Array.of(0),
        reducedChiSquare,
      },
    },
  });
  const { maps } = takeUpdates(run, [map("a", 1), map("b", 2), map("a", 3)]);
  expect(maps.map(({ title, reducedChiSquare }) => [title, reducedChiSquare])).toEqual([
    ["a", 3],
    ["b", 2],
  ]);
});
