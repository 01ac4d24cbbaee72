import { expect, test } from "vitest";
import { expandPlan, stepProtocol, type RunPlan } from "../../../native-bench/plan/run-plan.ts";
import { studentForceField } from "../../../native-bench/workloads/student-force-field/student-force-field.ts";

const plan: RunPlan = {
  workload: "student",
  variants: ["naive", "fast"],
  backends: ["onnxruntime-cpu"],
  options: { structures: ["h2o", "c60"], batch: [1, 2] },
  protocol: stepProtocol,
};
const chosen = (options: RunPlan["options"]) =>
  expandPlan({ ...plan, options: { ...plan.options, ...options } }, studentForceField.facts).map(
    ({ variant, options: { structures, batch, file } }) => [variant, structures, batch, file],
  );

test("a plan has every combination of its values", () => {
  expect(chosen({})).toHaveLength(8);
  expect(chosen({})[1]).toEqual(["naive", "h2o", 2, null]);
});

test("an option that another one replaces is null and multiplies nothing", () => {
  expect(chosen({ file: ["water.xyz"] })).toEqual([
    ["naive", null, 1, "water.xyz"],
    ["naive", null, 2, "water.xyz"],
    ["fast", null, 1, "water.xyz"],
    ["fast", null, 2, "water.xyz"],
  ]);
});

test("a variant that has no use for an option is run once, however many values it has", () => {
  const ranks = expandPlan({ ...plan, options: { rank: [16, 32] } }, studentForceField.facts);
  expect(ranks.map(({ variant, options: { rank } }) => [variant, rank])).toEqual([
    ["naive", null],
    ["fast", 16],
    ["fast", 32],
  ]);
  const [naive] = expandPlan({ ...plan, options: { rank: [24] } }, studentForceField.facts);
  expect(naive?.options).toMatchObject({ rank: 24 });
});

test("what is named twice is run once", () => {
  const twice = { ...plan, variants: ["fast", "fast"], options: { batch: [2, 2, 2] } };
  expect(expandPlan(twice, studentForceField.facts)).toHaveLength(plan.backends.length);
});
