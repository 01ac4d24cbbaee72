import { afterEach, expect, test } from "vitest";
import { sessionProtocol, type RunPlan } from "../../../native-bench/plan/run-plan.ts";
import { runBench } from "../../../native-bench/runner/run-bench.ts";
import { recorderLoad } from "../../../native-bench/workloads/recorder-load/workload.ts";
import { allocatePlain } from "../../../traces/model/column.ts";
import { assertSealed } from "../../../traces/model/invariants.ts";
import { createTestHost } from "../../fixtures/bench/run-host.ts";

const host = createTestHost([recorderLoad]);
afterEach(() => host.dispose());

test("the recorder load records what it says, and tells what that costs", async () => {
  const plan: RunPlan = {
    workload: "recorder",
    variants: ["slots"],
    backends: ["js-f64"],
    options: { rate: [10_000], seconds: [1.2] },
    protocol: sessionProtocol,
  };
  const { results } = await runBench(plan, host);
  expect(results).toMatchObject([{ outcome: "measured", precision: "float64" }]);
  const { spans, overheadPercent, overheadLowPercent, overheadHighPercent, spanNs } = results[0]?.facts ?? {};
  expect(spans).toBe(results[0]?.itemsPerStep);
  expect(Number(spans) % 100).toBe(0);
  expect(overheadLowPercent).toBeLessThanOrEqual(Number(overheadPercent));
  expect(overheadHighPercent).toBeGreaterThanOrEqual(Number(overheadPercent));
  expect(Number.isFinite(spanNs)).toBe(true);

  const trace = host.recordings.toTrace(
    { name: "run", format: "live-run", formatLabel: "Live run", facts: [] },
    { allocate: allocatePlain, partial: false },
  );
  assertSealed(trace);
  // The session itself is a span too; slots hold batches, and batches operations.
  expect(trace.spans.length).toBe(Number(spans) + 1);
  expect(Math.max(...(trace.spans.depth as Uint16Array))).toBe(3);
  const tables = host.updates.flatMap((update) =>
    update.kind === "telemetry" && update.telemetry.kind === "values" ? [update.telemetry.table] : [],
  );
  expect(tables.at(-1)?.rows.map(({ label }) => label)).toEqual(["overhead on the work", "one span", "recorded"]);
});
