import { expect, test, vi } from "vitest";
import { describeUnmeasured, summarizeSamples } from "../../../../native-bench/runner/result.ts";
import { studentForceField } from "../../../../native-bench/workloads/student-force-field/student-force-field.ts";
import { createForm, toPlan } from "../../../../renderer/state/run-form.ts";
import { createAppStore } from "../../../../renderer/state/store.ts";
import type { BenchReport } from "../../../../traces/measure/bench-report.ts";
import { speedRatio } from "../../../../traces/measure/speed-ratio.ts";
import { createHandEngine, createHandPlatform } from "../fake-platform.ts";

const drawn = vi.hoisted(() => ({ count: 0 }));
vi.mock("../../../../traces/measure/draw-median.ts", () => ({ drawMedian: () => 1 + (drawn.count++ % 7) }));

const workload = studentForceField.facts;
const results = ["naive", "fast", "fast-loop"].map((variant, index) => ({
  ...describeUnmeasured({ variant, backend: "onnxruntime-cpu", options: { batch: 1 } }, "measured", null),
  ...summarizeSamples(
    [1, 1.1, 1.2, 1, 1.1, 1.05].map((ms) => ms / (index + 1)),
    1,
  ),
}));

test("a run has ended when its speed-ups are worked out, so that no view works them out while it renders", async () => {
  const engine = createHandEngine();
  const store = createAppStore({ platform: createHandPlatform(), now: () => 0 });
  store.getState().connectEngine(engine);
  store.setState({ catalog: [workload] });
  const plan = toPlan({ ...createForm(workload, []), backends: ["onnxruntime-cpu"] }, workload);
  if (typeof plan === "string") throw new Error(plan);
  void store.getState().startPlan(plan);
  await vi.waitUntil(() => engine.calls.some(({ command }) => command === "bench.start"));
  engine.last("bench.start").resolve({ report: { results } as unknown as BenchReport, findings: [] });
  await vi.waitUntil(() => store.getState().runs[0]?.state.kind === "done");
  const before = drawn.count;
  expect(before).toBeGreaterThan(0);
  const [naive, ...others] = results;
  for (const other of others) {
    const ratio = naive === undefined ? null : speedRatio(other, naive);
    expect(ratio?.interval).not.toBeNull();
  }
  expect(drawn.count).toBe(before);
});
