import { describe, expect, test } from "vitest";
import { resultsFileName } from "../../../../renderer/runs/results-file-name.ts";
import { createForm, extentOf, titleOf, toPlan, type RunForm } from "../../../../renderer/state/run-form.ts";
import type { BackendFacts, WorkloadFacts } from "../../../../native-bench/plan/catalog.ts";
import { recorderLoadFacts } from "../../../../native-bench/workloads/recorder-load/facts.ts";
import { layersWorkload } from "../../../fixtures/bench/layers-workload.ts";

const workload = layersWorkload.facts;
const device = { kind: "cpu", name: "CPU", software: false, precisions: [], versions: {} } as const;
const backends: readonly BackendFacts[] = [
  { id: "onnxruntime-cpu", label: "CPU", library: "onnxruntime", availability: { available: true, device } },
];
const form: RunForm = createForm(workload, backends);

describe("the form of a run", () => {
  test("starts with the defaults on a backend that is there", () => {
    expect(form).toMatchObject({ variants: ["batched"], backends: ["onnxruntime-cpu"], texts: { batch: "1" } });
    expect(toPlan(form, workload)).toMatchObject({ workload: "layers", options: { batch: [1] } });
  });

  test("chooses no backend when none is there, and says so", () => {
    expect(toPlan(createForm(workload, []), workload)).toBe(
      "no backend is chosen; there is onnxruntime-cpu, onnxruntime-webgpu",
    );
  });

  test.each([
    ["1, 2, 4", [1, 2, 4]],
    ["1;2 4", [1, 2, 4]],
    ["1k", [1000]],
    ["1e3", [1000]],
  ])("reads %s as %j", (text, values) => {
    expect(toPlan({ ...form, texts: { batch: text } }, workload)).toMatchObject({ options: { batch: values } });
  });

  test.each([
    ["x", 'Batch: must be a whole number from 1 to 4096, found "x"'],
    ["0", "Batch: must be a whole number from 1 to 4096, found 0"],
    ["-4", "Batch: must be a whole number from 1 to 4096, found -4"],
    ["1, 5000", "Batch: must be a whole number from 1 to 4096, found 5000"],
    // As in the command line: somebody forgot a number.
    ["1,,2", 'Batch: must be a whole number from 1 to 4096, found ""'],
    ["", "batch: no value"],
  ])("says what is wrong with %j", (text, fault) => {
    expect(toPlan({ ...form, texts: { batch: text } }, workload)).toBe(fault);
  });

  test("takes the time of a configuration in seconds", () => {
    expect(toPlan({ ...form, budgetSeconds: "0.5" }, workload)).toMatchObject({ protocol: { maxMs: 500 } });
    expect(toPlan({ ...form, budgetSeconds: "soon" }, workload)).toBe(
      'Time: must be between 0 and 3600 s, found "soon"',
    );
  });

  test("tells how much a plan asks for before it is started", () => {
    const extent = (changes: Partial<RunForm>, shape: "steps" | "session" = "steps"): string => {
      const shaped = { ...workload, shape };
      const plan = toPlan({ ...form, ...changes }, shaped);
      if (typeof plan === "string") throw new Error(plan);
      return extentOf(plan, shaped);
    };
    expect(extent({})).toBe("1 configuration, up to 4\u2009s of samples");
    const large = { variants: ["loop", "batched"], texts: { batch: "1, 2, 4" }, budgetSeconds: "30" };
    expect(extent(large)).toBe("6 configurations, up to 3\u2009min of samples");
    expect(extent(large, "session")).toBe("6 configurations");
  });

  test("gives runs of one workload titles that tell them apart", () => {
    const title = (changes: Partial<RunForm>): string => {
      const plan = toPlan({ ...form, ...changes }, workload);
      if (typeof plan === "string") throw new Error(plan);
      return titleOf(plan, workload, form);
    };
    expect(title({})).toBe("layers: batched");
    expect(title({ variants: ["loop"], texts: { batch: "64" } })).toBe("layers: loop, batch 64");
    expect(title({ texts: { batch: "1, 2, 4, 8" } })).toBe("layers: batched, batch 1 to 8");
    expect(title({ texts: { batch: "1, 4" } })).toBe("layers: batched, batch 1 and 4");
    expect(title({ backends: ["onnxruntime-webgpu"] })).toBe("layers: batched, onnxruntime-webgpu");
  });

  test("names numbers in titles with their units, and as they were typed", () => {
    const recorder: WorkloadFacts = recorderLoadFacts;
    const atFirst = createForm(recorder, []);
    const plan = toPlan(
      { ...atFirst, backends: ["js-f64"], texts: { rate: "100k", seconds: "40", load: "0.3" } },
      recorder,
    );
    if (typeof plan === "string") throw new Error(plan);
    expect(titleOf({ ...plan, backends: [] }, recorder, atFirst)).toBe(
      "recorder: slots, spans a second 100\u2009000, duration 40\u2009s, work 0.3",
    );
    expect(resultsFileName("recorder: duration 40\u2009s", new Date(2026, 10, 6).toISOString(), false)).toBe(
      "recorder-duration-40s-20261106-000000.json",
    );
  });
});

test("files of results are named by what ran and when", () => {
  const begun = new Date(2026, 10, 6, 7, 42, 9).toISOString();
  expect(resultsFileName("student: naive, fast, batch 1 to 1\u2009024", begun, false)).toBe(
    "student-naive-fast-batch-1-to-1024-20261106-074209.json",
  );
  expect(resultsFileName(`student: ${"fast ".repeat(100)}`, begun, true)).toMatch(
    /^student-fast-.*-cut-\d{8}-\d{6}\.json$/u,
  );
});
