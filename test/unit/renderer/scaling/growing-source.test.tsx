// @vitest-environment happy-dom
import { afterEach, expect, test, vi } from "vitest";
import { describeUnmeasured } from "../../../../native-bench/runner/result.ts";
import { studentForceField } from "../../../../native-bench/workloads/student-force-field/student-force-field.ts";
import { shownSourceOf, sourcesOf } from "../../../../renderer/state/bench-slice.ts";
import { createForm, toPlan } from "../../../../renderer/state/run-form.ts";
import type { BenchResult } from "../../../../traces/measure/bench-report.ts";
import { type Rendered, renderInApp } from "../render.tsx";

let page: Rendered | null = null;
afterEach(async () => page?.unmount());

const workload = studentForceField.facts;

function resultOf(batch: number, medianMs: number | null): BenchResult {
  const configuration = { variant: "fast", backend: "onnxruntime-cpu", options: { batch } };
  return { ...describeUnmeasured(configuration, "measured", null), itemsPerStep: batch, medianMs };
}

test("a run is a source of curves from its first measured size on, and grows until it ends", async () => {
  const plan = toPlan({ ...createForm(workload, []), backends: ["onnxruntime-cpu"] }, workload);
  if (typeof plan === "string") throw new Error(plan);
  page = await renderInApp(null);
  const { store, update } = page;
  await update(async () => {
    void store.getState().startPlan(plan);
    await vi.waitUntil(() => store.getState().runs.length > 0);
  });
  const tell = (index: number, result: BenchResult) =>
    update(() => store.getState().acceptUpdates("run-1", [{ kind: "result", index, result }]));
  expect(sourcesOf(store.getState())).toEqual([]);
  await tell(1, resultOf(4, null));
  expect(sourcesOf(store.getState())).toEqual([]);
  await tell(1, resultOf(4, 2));
  await tell(3, resultOf(16, 7));
  const source = shownSourceOf(store.getState());
  expect(source).toMatchObject({ key: "run-1", workload: "student", isGrowing: true, report: null });
  expect(source?.results.map(({ medianMs }) => medianMs)).toEqual([2, 7]);
  // The same object until something changes, so that nothing is drawn anew for nothing.
  expect(shownSourceOf(store.getState())).toBe(source);
});
