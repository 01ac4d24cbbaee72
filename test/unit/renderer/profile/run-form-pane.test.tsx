// @vitest-environment happy-dom
import { Profiler } from "react";
import { afterEach, expect, test, vi } from "vitest";
import { studentForceField } from "../../../../native-bench/workloads/student-force-field/student-force-field.ts";
import { createForm, toPlan } from "../../../../renderer/state/run-form.ts";
import { RunFormPane } from "../../../../renderer/views/profile/RunFormPane.tsx";
import type { RunUpdate } from "../../../../native-bench/plan/telemetry.ts";
import { type Rendered, renderInApp } from "../render.tsx";

let page: Rendered | null = null;
afterEach(async () => page?.unmount());

const workload = studentForceField.facts;
const form = { ...createForm(workload, []), backends: ["onnxruntime-cpu"] };
const progress = (done: number): RunUpdate => ({
  kind: "telemetry",
  telemetry: { kind: "progress", done, total: 9, unit: "steps", text: "measuring", secondsLeft: null },
});

test("the form of a run offers to stop it and is not rendered anew by what the run tells", async () => {
  let commits = 0;
  page = await renderInApp(
    <Profiler id="form" onRender={() => commits++}>
      <RunFormPane workload={workload} form={form} />
    </Profiler>,
  );
  const plan = toPlan(form, workload);
  if (typeof plan === "string") throw new Error(plan);
  page.role("button", "Start");
  const { store } = page;
  await page.update(async () => {
    void store.getState().startPlan(plan);
    await vi.waitUntil(() => store.getState().runs.length > 0);
  });
  page.role("button", "Stop");
  const before = commits;
  for (const done of [1, 2, 3]) await page.update(() => store.getState().acceptUpdates("run-1", [progress(done)]));
  expect(store.getState().runs[0]?.progress?.done).toBe(3);
  expect(commits).toBe(before);
});

test("options that few need stay open when the form is left and shown again", async () => {
  const shown = async (isMoreShown: boolean): Promise<HTMLDetailsElement> => {
    page = await renderInApp(<RunFormPane workload={workload} form={{ ...form, isMoreShown }} />, (store) =>
      store.setState({ forms: { [workload.id]: form } }),
    );
    const found = [...page.root.querySelectorAll("details")].find((each) =>
      each.textContent.startsWith("More options"),
    );
    if (found === undefined) throw new Error("the form has no further options");
    return found;
  };
  const closed = await shown(false);
  expect(closed.open).toBe(false);
  await page?.update(() => {
    closed.open = true;
    closed.dispatchEvent(new Event("toggle"));
  });
  expect(page?.store.getState().forms[workload.id]?.isMoreShown).toBe(true);
  await page?.unmount();
  expect((await shown(true)).open).toBe(true);
});
