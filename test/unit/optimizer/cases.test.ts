import { mkdtempSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { runSide, findSide } from "../../../native-bench/workloads/streaming-optimizer/cases/run-side.ts";
import { beforeAfterCases } from "../../../native-bench/workloads/streaming-optimizer/cases/registry.ts";
import { nullFitRecorder } from "../../../native-bench/workloads/streaming-optimizer/fit-recorder.ts";
import { createReferenceExperiment } from "../../../native-bench/workloads/streaming-optimizer/model/experiment.ts";
import { streamingOptimizer } from "../../../native-bench/workloads/streaming-optimizer/workload.ts";
import type { SessionContext } from "../../../native-bench/workloads/workload.ts";
import { folder, makeExperiment, modelOf } from "./experiments.ts";

test("every case is registered under the name of its file, and its sides are variants", () => {
  const files = readdirSync(
    fileURLToPath(new URL("../../../native-bench/workloads/streaming-optimizer/cases/all", import.meta.url)),
  );
  expect(beforeAfterCases.map(({ id }) => `${id}.ts`).toSorted()).toEqual(files.toSorted());
  const variants = streamingOptimizer.facts.variants.map(({ id }) => id);
  for (const { id, sides } of beforeAfterCases) {
    expect(sides.length).toBeGreaterThan(1);
    for (const side of sides) {
      expect(variants).toContain(`${id}/${side.id}`);
      expect(findSide(`${id}/${side.id}`)?.side).toBe(side);
    }
  }
  expect(findSide("fused")).toBeNull();
});

test("all eight bottlenecks of the seed document have a case", () => {
  const items = new Set(beforeAfterCases.map(({ seedItem }) => seedItem));
  for (const item of ["1.1", "1.2", "1.3", "1.4", "1.5", "1.6", "1.7", "1.8"]) expect(items).toContain(item);
});

function createContext(told: string[]): SessionContext {
  const shared = new Map<string, unknown>();
  return {
    scratchFolder: mkdtempSync(join(folder, "case-")),
    throwIfCancelled: () => undefined,
    event: (name: string) => void told.push(name),
    share: async (key: string, make: () => Promise<unknown>) => {
      if (!shared.has(key)) shared.set(key, await make());
      return shared.get(key);
    },
  } as unknown as SessionContext;
}

test("sides are held against the first one on the same data, not on a smaller experiment", async () => {
  const model = modelOf("laminar");
  const context = createContext([]);
  const of = beforeAfterCases.find(({ id }) => id === "append-residuals");
  if (of === undefined) throw new Error("no such case");
  for (const size of [24, 36]) {
    const dataset = await makeExperiment(model, { experiment: createReferenceExperiment(size, 23) });
    for (const side of of.sides) {
      const outcome = await runSide({ case: of, side }, { dataset, model, recorder: nullFitRecorder }, context, 0);
      expect(outcome.accuracy, `${side.id} at ${size}`).toMatchObject({ passed: true });
    }
  }
});

describe("the sides of a case compute the same", () => {
  for (const of of beforeAfterCases)
    test(
      of.id,
      async () => {
        const model = modelOf("laminar");
        // Faster than it is long: Adam alone needs 200 passes.
        const dataset = await makeExperiment(model, {
          experiment: createReferenceExperiment(of.id === "full-data-warm-up" ? 24 : 66, 23),
        });
        const told: string[] = [];
        const context = createContext(told);
        for (const side of of.sides) {
          const outcome = await runSide({ case: of, side }, { dataset, model, recorder: nullFitRecorder }, context, 0);
          expect(outcome.accuracy, side.id).toMatchObject({ passed: true });
          expect(outcome.itemsPerStep).toBeGreaterThan(0);
          expect(outcome.elapsedMs).toBeGreaterThan(0);
          expect(String(outcome.facts["explanation"]).length).toBeGreaterThan(200);
        }
        // The paragraph, once for all sides.
        expect(told).toEqual(["What the trace shows"]);
      },
      180_000,
    );
});
