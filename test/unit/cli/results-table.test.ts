import { expect, test } from "vitest";
import { formatEnvironment, formatResults } from "../../../electron/cli/bench/results-table.ts";
import { describeUnmeasured, summarizeSamples } from "../../../native-bench/runner/result.ts";
import { streamingOptimizerFacts } from "../../../native-bench/workloads/streaming-optimizer/facts.ts";
import { studentForceField } from "../../../native-bench/workloads/student-force-field/student-force-field.ts";
import type { BenchReport, BenchResult } from "../../../traces/measure/bench-report.ts";

test("what a workload says of a file stands once below the results, not in every row", () => {
  const facts = { notes: "427,292 parameters of a.onnx" };
  const results = [1, 2].map((batch) => ({
    ...describeUnmeasured({ variant: "fast", backend: "cpu", options: { batch } }, "measured", null),
    facts,
  }));
  const text = formatEnvironment(reportOf(results), { columns: 100, color: false });
  expect(text.split("427,292 parameters of a.onnx")).toHaveLength(2);
});

test("the table says once what all rows have in common, and has columns for the rest", () => {
  const [naive, fast] = [resultOf("naive", 9), resultOf("fast", 1)];
  const same = linesOf([naive, fast]);
  expect(same[0]).toBe(
    "onnxruntime-cpu · Xeon · float32 · warm-up 7 steps; at least 5 steps and 200 ms of warm-up asked for",
  );
  expect(same[1]).toMatch(
    /^variant +median ms\/structure +95 % +speed-up +structures\/s +n +load +peak of process +notes$/u,
  );
  expect(same[2]).toMatch(/^naive .* reference /u);
  expect(same[3]).toMatch(/^fast .* 9\.00× \[[89]\.\d+, 9\.\d+\] /u);
  expect(same[4]).toMatch(/^speed-up: ratio of the medians of one run, 95 % interval by bootstrap/u);

  const nothing = linesOf([naive, fast].map((result) => ({ ...result, medianMs: null, outcome: "failed" }) as const));
  expect(nothing.join("")).not.toContain("speed-up");

  const other = { ...fast, backend: "onnxruntime-webgpu", device: "A GPU", precision: "float16", warmupSteps: 40 };
  const differ = linesOf([naive, { ...other, loadShared: true, peakShared: true, sampleCount: 3, samplesWanted: 20 }]);
  expect(differ[0]).toBe("at least 5 steps and 200 ms of warm-up asked for");
  expect(differ[1]).toMatch(/^variant +backend +precision .* n +warm-up +load +peak of shared process +notes$/u);
  expect(differ[3]).toMatch(
    /^fast +onnxruntime-webgpu +float16 .* 3 of 20 +40 steps +12\.0.ms, shared +[\d.]+.KB +stopped by budget after 3 samples, too few: 20 wanted; A GPU$/u,
  );
});

test("a table of a case is per what the case counts, and tells how much each side had to do", () => {
  const linesOfCase = (variants: readonly (readonly [id: string, items: number])[]): readonly string[] =>
    formatResults(
      reportOf(variants.map(([id, itemsPerStep]) => ({ ...resultOf(id, 5), itemsPerStep }))),
      streamingOptimizerFacts,
      { columns: null, color: false },
    ).split("\n");
  const checkpoints = linesOfCase([
    ["blocking-checkpoint/blocking", 50],
    ["blocking-checkpoint/async", 50],
  ]);
  expect(checkpoints[1]).toMatch(/^variant +median ms\/checkpoint .* checkpoints\/s /u);
  const costs = linesOfCase([
    ["interpreted-cost/interpreted", 76_912],
    ["interpreted-cost/compiled", 1_004_663],
  ]);
  expect(costs[1]).toMatch(/^variant +points +median ms\/point /u);
  expect(costs[2]).toMatch(/^interpreted-cost\/interpreted +76\s912 /u);
  const mixed = linesOfCase([
    ["blocking-checkpoint/blocking", 50],
    ["interpreted-cost/compiled", 50],
  ]);
  expect(mixed[1]).toContain("median ms/item");
});

function linesOf(results: readonly BenchResult[]): readonly string[] {
  return formatResults(reportOf(results), studentForceField.facts, { columns: null, color: false }).split("\n");
}

function resultOf(variant: string, medianMs: number): BenchResult {
  const samples = Array.from({ length: 30 }, (_, i) => medianMs * (1 + 0.01 * ((i * 7) % 30) - 0.145));
  return {
    ...describeUnmeasured({ variant, backend: "onnxruntime-cpu", options: { batch: 1 } }, "measured", null),
    ...summarizeSamples(samples, 1),
    device: "Xeon",
    precision: "float32",
    warmupSteps: 7,
    loadMs: 12,
    peakBytes: 2000,
  };
}

function reportOf(results: readonly BenchResult[]): BenchReport {
  const environment: BenchReport["environment"] = {
    startedAt: "",
    appVersion: "",
    os: "Linux",
    cpu: "CPU",
    cores: 2,
    memoryBytes: 1,
    gpus: [],
    powerMode: null,
    niceness: 0,
    loadBefore: null,
    versions: {},
    spanCostNs: null,
  };
  const protocol = { warmupSteps: 5, warmupMs: 200 };
  const parameters = { workload: "student", variants: [], backends: [], options: {}, protocol };
  return { format: "deltaflame-bench", version: 1, parameters, environment, results };
}
