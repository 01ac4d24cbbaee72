import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { onnxruntimeCpu } from "../../../native-bench/backends/onnxruntime-cpu.ts";
import {
  candidateBudgets,
  chooseBudget,
  findSlotBudget,
} from "../../../native-bench/workloads/student-force-field/evaluate/slot-budget.ts";
import { ultraTinyArchitecture } from "../../../native-bench/workloads/student-force-field/model/architecture.ts";
import { createSeededWeights } from "../../../native-bench/workloads/student-force-field/model/seeded-weights.ts";
import { findVariant } from "../../../native-bench/workloads/student-force-field/variants.ts";

it("takes another budget than the usual one only when it is clearly quicker", () => {
  const times = (ms: readonly number[]) => new Map(candidateBudgets.map((budget, i) => [budget, ms[i]]));
  expect(chooseBudget(times([20, 18, 16, 15.8, 19]))).toBe(700);
  expect(chooseBudget(times([20, 18, 16, 15, 19]))).toBe(1400);
});

it("measures once, keeps what it found, and measures again when the file is damaged", async () => {
  const folder = await mkdtemp(join(tmpdir(), "deltaflame-test-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const file = join(folder, "kept", "budgets.json");
  const recipe = findVariant("fast")?.recipe?.(16);
  if (recipe === undefined) throw new Error("there is no fast variant");
  const plan = {
    weights: createSeededWeights(1, ultraTinyArchitecture),
    recipe,
    backendId: onnxruntimeCpu.id,
    threadCount: 1,
    optimization: "all",
    neighbors: "auto",
  } as const;
  const first = await findSlotBudget(plan, onnxruntimeCpu, file);
  expect(candidateBudgets).toContain(first.slots);
  expect(first.origin).toMatch(/^measured now in \d/u);
  const again = await findSlotBudget(plan, onnxruntimeCpu, file);
  expect(again).toEqual({ slots: first.slots, origin: "measured earlier on this machine" });
  const kept = JSON.parse(await readFile(file, "utf8")) as Record<string, number>;
  await writeFile(file, JSON.stringify(Object.fromEntries(Object.keys(kept).map((key) => [key, "many"]))));
  expect((await findSlotBudget(plan, onnxruntimeCpu, file)).origin).toMatch(/^measured now/u);
});
