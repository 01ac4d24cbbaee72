import { expect, test } from "vitest";
import { formatEnvironment } from "../../../electron/cli/bench/results-table.ts";
import { describeUnmeasured } from "../../../native-bench/runner/result.ts";
import type { BenchReport } from "../../../traces/measure/bench-report.ts";

test("what a workload says of a file stands once below the results, not in every row", () => {
  const facts = { notes: "427,292 parameters of a.onnx" };
  const results = [1, 2].map((batch) => ({
    ...describeUnmeasured({ variant: "fast", backend: "cpu", options: { batch } }, "measured", null),
    facts,
  }));
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
  const parameters = { workload: "student", variants: [], backends: [], options: {}, protocol: {} };
  const report: BenchReport = { format: "deltaflame-bench", version: 1, parameters, environment, results };
  const text = formatEnvironment(report, { columns: 100, color: false });
  expect(text.split("427,292 parameters of a.onnx")).toHaveLength(2);
});
