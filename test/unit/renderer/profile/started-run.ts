import { vi } from "vitest";
import { studentForceField } from "../../../../native-bench/workloads/student-force-field/student-force-field.ts";
import { createForm, toPlan } from "../../../../renderer/state/run-form.ts";
import type { RunRecord } from "../../../../renderer/state/run-record.ts";
import { renderInApp } from "../render.tsx";

/** A run of the student force field as a session has it right after its start. */
export async function startedRun(): Promise<RunRecord> {
  const { facts } = studentForceField;
  const plan = toPlan({ ...createForm(facts, []), backends: ["onnxruntime-cpu"] }, facts);
  if (typeof plan === "string") throw new Error(plan);
  const { store, update, unmount } = await renderInApp(null);
  await update(async () => {
    void store.getState().startPlan(plan);
    await vi.waitUntil(() => store.getState().runs.length > 0);
  });
  const [run] = store.getState().runs;
  await unmount();
  if (run === undefined) throw new Error("no run");
  return run;
}
