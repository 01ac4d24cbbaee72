import { expect, test } from "vitest";
import { toReportText } from "../../../native-bench/plan/report-text.ts";
import { stepProtocol } from "../../../native-bench/plan/run-plan.ts";
import { readEnvironment } from "../../../native-bench/runner/environment.ts";
import { describeUnmeasured } from "../../../native-bench/runner/result.ts";
import { isBenchReport, type BenchReport } from "../../../traces/measure/bench-report.ts";
import { layersWorkload } from "../../fixtures/bench/layers-workload.ts";

test("a saved report says what an item is, and the options of each result beside its numbers", () => {
  const configuration = { variant: "batched", backend: "onnxruntime-cpu", options: { batch: 4 } };
  const report: BenchReport = {
    format: "deltaflame-bench",
    version: 1,
    parameters: {
      workload: "layers",
      variants: ["batched"],
      backends: ["onnxruntime-cpu"],
      options: { batch: [4] },
      protocol: { ...stepProtocol },
    },
    environment: readEnvironment({ appVersion: "0", spanCostNs: null, versions: {}, emulatedDevices: [] }),
    results: [describeUnmeasured(configuration, "stopped", null)],
  };
  const saved: unknown = JSON.parse(toReportText(report, layersWorkload.facts));
  expect(isBenchReport(saved)).toBe(true);
  expect(saved).toEqual({
    ...report,
    per: layersWorkload.facts.item.one,
    results: report.results.map((result) => ({ ...result, batch: 4 })),
  });
});
