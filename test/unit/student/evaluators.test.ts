import { afterAll, describe, expect, it, vi } from "vitest";
import { onnxruntimeCpu } from "../../../native-bench/backends/onnxruntime-cpu.ts";
import { nullRecorder } from "../../../native-bench/spans/recorder.ts";
import {
  compareWithReference,
  evaluateReference,
} from "../../../native-bench/workloads/student-force-field/accuracy/against-reference.ts";
import { createChunkedEvaluator } from "../../../native-bench/workloads/student-force-field/evaluate/chunked-evaluator.ts";
import type { Evaluator } from "../../../native-bench/workloads/student-force-field/evaluate/evaluator.ts";
import { deviceSlotBudget } from "../../../native-bench/workloads/student-force-field/evaluate/planner.ts";
import { createGraphSession } from "../../../native-bench/workloads/student-force-field/evaluate/graph-session.ts";
import { createPaddedLayout } from "../../../native-bench/workloads/student-force-field/evaluate/padded-layout.ts";
import { buildTangentGraph } from "../../../native-bench/workloads/student-force-field/graphs/tangent-graph.ts";
import {
  studentArchitecture,
  ultraTinyArchitecture,
} from "../../../native-bench/workloads/student-force-field/model/architecture.ts";
import { createSeededWeights } from "../../../native-bench/workloads/student-force-field/model/seeded-weights.ts";
import type { Weights } from "../../../native-bench/workloads/student-force-field/model/weights.ts";
import { findPairs } from "../../../native-bench/workloads/student-force-field/neighbors/find-pairs.ts";
import { createGaussianTable } from "../../../native-bench/workloads/student-force-field/radial/gaussian-table.ts";
import { createReferenceModel } from "../../../native-bench/workloads/student-force-field/reference/reference-model.ts";
import {
  benzene,
  ethanol,
  fiveBenzenes,
  water,
} from "../../../native-bench/workloads/student-force-field/structures/molecules.ts";
import type {
  Evaluation,
  Structure,
} from "../../../native-bench/workloads/student-force-field/structures/structure.ts";
import { createStructures } from "../../../native-bench/workloads/student-force-field/structures/sets.ts";
import { createWaterBox } from "../../../native-bench/workloads/student-force-field/structures/water-box.ts";
import { jitter } from "./jitter.ts";
import { openEvaluator } from "./open-evaluator.ts";

// Sessions and references take a second or two where the machine has other work.
vi.setConfig({ testTimeout: 60_000 });

const weights = createSeededWeights(1);
/** As the published weights: the mixing matrices are no multiples of the identity. */
const skewed = skew(weights);
const alone: Structure = { name: "Ar", atomicNumbers: Int32Array.of(18), positions: new Float64Array(3), cell: null };
// A box of 6.2 Å: every atom sees several images of the others, and its own.
const structures = [benzene, alone, water, createWaterBox(2, { periodic: true }), ethanol].map((one) => jitter(one));

const open = new Set<Evaluator>();
afterAll(() => Promise.all([...open].map((evaluator) => evaluator.dispose())));
async function evaluate(evaluator: Promise<Evaluator>, subjects = structures): Promise<readonly Evaluation[]> {
  const ready = await evaluator;
  open.add(ready);
  return await ready.evaluate(subjects);
}

describe("evaluators", () => {
  it("fill a device with a batch that a processor takes in parts", async () => {
    const tiny = createSeededWeights(1, ultraTinyArchitecture);
    const batch = createStructures("mix", 32);
    const countNodes = async (backendId: string, subjects: readonly Structure[]): Promise<number> => {
      const evaluator = await openEvaluator("fast", tiny, { backendId, slotBudget: deviceSlotBudget });
      open.add(evaluator);
      const placement = (await evaluator.profile?.(subjects)) ?? {};
      return Object.values(placement).reduce((sum, count) => sum + count, 0);
    };
    const ofOne = await countNodes("onnxruntime-webgpu", batch.slice(0, 1));
    expect(ofOne).toBeGreaterThan(0);
    expect(await countNodes("onnxruntime-webgpu", batch)).toBe(ofOne);
    expect(await countNodes("onnxruntime-cpu", batch)).toBeGreaterThan(2 * ofOne);
  });

  for (const [label, subject] of [
    ["isotropic", weights],
    ["skewed", skewed],
  ] as const) {
    const expected = references(subject);

    it(`agree to 1e-9 in float64 when the gradient is written by hand, with ${label} weights`, async () => {
      const found = await evaluate(openDoubleTangent(subject));
      found.forEach((evaluation, i) => expectClose(evaluation, expected[i], { energy: 1e-9, force: 1e-9 }));
    });

    const plain = ["naive", "tangent"];
    const summed = ["naive-concatenated", "scatter-nd", "one-hot"];
    for (const variant of subject === weights ? [...plain, ...summed] : plain) {
      it(`agree to 1e-3 eV and 1e-4 eV/Å in float32: ${variant}, ${label} weights`, async () => {
        const found = await evaluate(openEvaluator(variant, subject));
        found.forEach((evaluation, i) => expectClose(evaluation, expected[i], { energy: 1e-3, force: 1e-4 }));
      });
    }

    for (const variant of subject === weights
      ? ["fast", "fast-loop", "fast-padded", "fast-blocked"]
      : ["fast", "fast-blocked"]) {
      it(`agree to 1e-3 eV and 1e-4 eV/Å at the default rank: ${variant}, ${label} weights`, async () => {
        const found = await evaluate(openEvaluator(variant, subject));
        found.forEach((evaluation, i) => expectClose(evaluation, expected[i], { energy: 1e-3, force: 1e-4 }));
      });
    }
  }

  it("agree to 0.05 meV/atom and 2 meV/Å at rank 32, and to less at lower ranks", async () => {
    const cases = structures.map((structure, i) => ({ structure, expected: references(weights)[i] }));
    const errors: number[] = [];
    for (const rank of [16, 24, 32]) {
      const found = await evaluate(openEvaluator("fast", weights, { rank }));
      const checks = new Map(compareWithReference(cases, found).map(({ id, value }) => [id, value]));
      errors.push(checks.get("force-rmse") ?? NaN);
      if (rank !== 32) continue;
      expect(checks.get("energy-max")).toBeLessThan(0.05);
      expect(checks.get("force-rmse")).toBeLessThan(2);
    }
    expect(errors).toEqual(errors.toSorted((a, b) => b - a));
  });

  it("keep energies within 10 meV/atom and forces within 50 meV/Å with narrow numbers", async () => {
    const cases = structures.map((structure, i) => ({ structure, expected: references(weights)[i] }));
    for (const variant of ["fast-half", "fast-int8", "tangent-int8"]) {
      const found = await evaluate(openEvaluator(variant, weights));
      const checks = compareWithReference(cases, found).filter(({ id }) => id !== "stress-max");
      expect(checks.map(({ id, passed }) => [variant, id, passed])).toEqual(
        checks.map(({ id }) => [variant, id, true]),
      );
      // Narrow numbers leave a mark: equal results would mean that nothing was narrowed.
      expect(found[0].energy).not.toBe(references(weights)[0].energy);
    }
  });

  it("take a large structure in blocks, beside small ones in a micro-batch", async () => {
    const [water, fullerene] = [...createStructures("h2o", 1), ...createStructures("c60", 1)];
    const evaluator = await openEvaluator("fast", weights);
    open.add(evaluator);
    const blocked = await openEvaluator("fast-blocked", weights);
    open.add(blocked);
    const mixed = await evaluator.evaluate([water, fullerene, water]);
    const [alone] = await blocked.evaluate([fullerene]);
    // The same bits: it was the same graph.
    expect(mixed[1].energy).toBe(alone.energy);
    expect(mixed[2].energy).toBe(mixed[0].energy);
    const [expected] = evaluateReference(weights, [fullerene]);
    expectClose(alone, expected.expected, { energy: 1e-3, force: 1e-4 });
  });

  it("have networks of other sizes", async () => {
    const small = createSeededWeights(2, ultraTinyArchitecture);
    const single = createSeededWeights(2, { ...studentArchitecture, layerCount: 1, channelCount: 96 });
    for (const subject of [small, single]) {
      const expected = references(subject);
      for (const variant of ["naive", "tangent", "fast"]) {
        const found = await evaluate(openEvaluator(variant, subject));
        found.forEach((evaluation, i) => expectClose(evaluation, expected[i], { energy: 1e-3, force: 1e-4 }));
      }
    }
  });

  it("give the same bits again, with one thread and with two", async () => {
    for (const threadCount of [1, 2]) {
      for (const variant of ["naive", "fast-padded"]) {
        const evaluator = await openEvaluator(variant, weights, { threadCount });
        open.add(evaluator);
        const subjects = [jitter(variant === "naive" ? benzene : fiveBenzenes), jitter(ethanol)];
        const first = await evaluator.evaluate(subjects);
        for (let run = 1; run < 12; run++) expect(await evaluator.evaluate(subjects)).toEqual(first);
      }
    }
  });

  it("refuse what they cannot take", async () => {
    const fast = openEvaluator("fast", weights);
    const close = { ...water, positions: Float64Array.of(0, 0, 0, 0, 0, 0.31, 2, 0, 0) };
    await expect(evaluate(fast, [close])).rejects.toThrow(
      "H2O: atoms 1 and 2 are 0.310 Å apart; the radial table begins at 0.5 Å. The naive variants take any distance",
    );
    const heavy = { ...water, atomicNumbers: Int32Array.of(8, 1, 118) };
    await expect(evaluate(fast, [heavy])).rejects.toThrow(
      "H2O: atom 3 has atomic number 118; the network knows 0 to 100",
    );
    const [found] = await evaluate(openEvaluator("naive", weights), [close]);
    expect(Number.isFinite(found.energy)).toBe(true);
  });
});

const known = new Map<Weights, Evaluation[]>();
function references(subject: Weights): Evaluation[] {
  const model = createReferenceModel(subject);
  const { cutoff } = subject.architecture;
  const found =
    known.get(subject) ??
    structures.map((structure) => model.evaluate(structure.atomicNumbers, findPairs(structure, cutoff)));
  known.set(subject, found);
  return found;
}

async function openDoubleTangent(subject: Weights): Promise<Evaluator> {
  const session = await createGraphSession(buildTangentGraph(subject, "float64").encode(), {
    backend: onnxruntimeCpu,
    threadCount: 1,
    optimization: "all",
  });
  const layout = createPaddedLayout(createGaussianTable(subject.architecture), {
    usesSpecies: false,
    float: "float64",
  });
  return createChunkedEvaluator(
    { session, layout },
    {
      architecture: subject.architecture,
      neighbors: "auto",
      batching: "whole",
      slotBudget: 0,
      evaluationCost: 0,
      recorder: nullRecorder,
      openLarge: null,
    },
  );
}

function expectClose(found: Evaluation, expected: Evaluation, limit: { energy: number; force: number }): void {
  expect(Math.abs(found.energy - expected.energy)).toBeLessThan(limit.energy);
  found.forces.forEach((force, i) => expect(Math.abs(force - expected.forces[i])).toBeLessThan(limit.force));
  found.virial.forEach((value, i) => expect(Math.abs(value - expected.virial[i])).toBeLessThan(10 * limit.force));
}

function skew(from: Weights): Weights {
  const tensors = new Map(from.tensors);
  tensors.set("interactions.0.update.mixing_matrix", Float32Array.of(0.3, -0.7, 0.2, 0.5, 0.1, 0.4, -0.2, 0.9, -0.6));
  tensors.set("interactions.1.update.mixing_matrix", Float32Array.of(0.6, 0.1, -0.3, 0.2, -0.8, 0.7, 0.3, 0.2, 0.5));
  return { ...from, tensors };
}
