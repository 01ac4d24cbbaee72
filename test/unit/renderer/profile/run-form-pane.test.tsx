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
  expect(page.root.textContent).toContain("2 configurations, up to 8\u2009s of samples");
  const { store } = page;
  await page.update(async () => {
    void store.getState().startPlan(plan);
    await vi.waitUntil(() => store.getState().runs.length > 0);
  });
  page.role("button", "Stop");
  expect(page.root.textContent).not.toContain("of samples");
  const before = commits;
  for (const done of [1, 2, 3]) await page.update(() => store.getState().acceptUpdates("run-1", [progress(done)]));
  expect(store.getState().runs[0]?.progress?.done).toBe(3);
  expect(commits).toBe(before);
});

test("variants that are folded away are named by their kinds", async () => {
  page = await renderInApp(<RunFormPane workload={workload} form={form} />);
  const summaries = [...page.root.querySelectorAll("summary")].map(({ textContent }) => textContent);
  expect(summaries).toContain("More variants: precision, hardware");
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

test("a file of structures says that it is run in place of those chosen, which are one press away", async () => {
  const texts = { ...form.texts, structures: "c6h6, h2o", file: "token" };
  const withFile = { ...form, texts, fileNames: { token: "water.xyz" } };
  page = await renderInApp(<RunFormPane workload={workload} form={withFile} />, (store) =>
    store.setState({ forms: { [workload.id]: withFile } }),
  );
  const boxes = (): readonly HTMLInputElement[] => {
    const list = [...(page?.root.querySelectorAll("fieldset") ?? [])].find(
      (each) => each.querySelector("legend")?.textContent === "Structures",
    );
    return [...(list?.querySelectorAll("input") ?? [])];
  };
  expect(page.root.textContent).toContain("water.xyz is run in place of what is chosen here.");
  expect(boxes().every(({ disabled }) => disabled)).toBe(true);
  expect(boxes().filter(({ checked }) => checked)).toHaveLength(2);
  await page.update(() => page?.role("button", "Run the chosen structures").click());
  expect(page.store.getState().forms[workload.id]?.texts).toMatchObject({ structures: "c6h6, h2o", file: "" });
});

test("a file that is chosen says what it takes the place of", async () => {
  page = await renderInApp(null, (store) => store.setState({ catalog: [workload], forms: { [workload.id]: form } }));
  const { store, platform } = page;
  platform.answer("file.choose", [{ token: "token", name: "water.xyz", bytes: 9 }]);
  await page.update(() => store.getState().chooseFile(workload.id, "file"));
  expect(store.getState().announcement.text).toBe("water.xyz is run in place of the chosen structures");
  platform.answer("file.choose", [{ token: "other", name: "trained.onnx", bytes: 9 }]);
  await page.update(() => store.getState().chooseFile(workload.id, "weights"));
  expect(store.getState().announcement.text).toBe("water.xyz is run in place of the chosen structures");
});
