// @vitest-environment happy-dom
import { afterEach, expect, test } from "vitest";
import { describeUnmeasured, summarizeSamples } from "../../../../native-bench/runner/result.ts";
import { studentForceField } from "../../../../native-bench/workloads/student-force-field/student-force-field.ts";
import type { RunRecord } from "../../../../renderer/state/run-record.ts";
import { RunPane } from "../../../../renderer/views/profile/RunPane.tsx";
import type { BenchReport, BenchResult } from "../../../../traces/measure/bench-report.ts";
import { inspectReport } from "../../../../traces/measure/integrity/inspect.ts";
import { type Rendered, renderInApp } from "../render.tsx";
import { startedRun } from "./started-run.ts";

let page: Rendered | null = null;
afterEach(async () => page?.unmount());

const workload = studentForceField.facts;

function resultOf(variant: string, outputsChanged: boolean): BenchResult {
  const configuration = { variant, backend: "onnxruntime-cpu", options: { structures: "h2o", batch: 1 } };
  return {
    ...describeUnmeasured(configuration, "measured", null),
    ...summarizeSamples([1, 1.01, 1.02, 0.99, 1, 1.01], 1),
    warmupSteps: 5,
    device: "CPU",
    outputsChanged,
  };
}

/** A run of this session with these results; it has a report when it is done. */
async function showRun(results: readonly BenchResult[], state: RunRecord["state"]): Promise<Rendered> {
  const run = await startedRun();
  const report = state.kind === "done" ? ({ results } as unknown as BenchReport) : null;
  const findings = report === null ? [] : inspectReport(report);
  page = await renderInApp(<RunPane run={{ ...run, state, results, report, findings }} workload={workload} />);
  return page;
}

test("a run whose outputs came from a cache does not name its fastest without saying so", async () => {
  const { root } = await showRun([resultOf("fast", false)], { kind: "done" });
  expect(root.textContent).toContain("Fastest");
  expect(root.querySelector("summary")?.textContent).toBe("✕ 1 finding: numbers here do not measure what they say");
  expect(root.querySelector("details")?.textContent).toContain(
    "The outputs did not change although the inputs did: something answered from a cache.",
  );
});

test("an honest run and one that goes on have no findings", async () => {
  expect((await showRun([resultOf("fast", true)], { kind: "done" })).root.querySelector("summary")).toBeNull();
  await page?.unmount();
  const running = await showRun([resultOf("fast", false)], { kind: "running", startedAtMs: 0 });
  expect(running.root.querySelector("summary")).toBeNull();
});
