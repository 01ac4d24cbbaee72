import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { generateKernelBytes } from "../../../native-bench/workloads/streaming-optimizer/kernel/build-kernel.mjs";
import { generateWorkerSource } from "../../../native-bench/workloads/streaming-optimizer/evaluators/build-worker.mjs";
import { createNormalEquations } from "../../../native-bench/workloads/streaming-optimizer/evaluators/normal-equations.ts";
import { hasFma } from "../../../native-bench/workloads/streaming-optimizer/kernel/compile-kernel.ts";
import type { Dataset } from "../../../native-bench/workloads/streaming-optimizer/data/dataset.ts";
import { createReferenceExperiment } from "../../../native-bench/workloads/streaming-optimizer/model/experiment.ts";
import { kernelModels } from "../../../native-bench/workloads/streaming-optimizer/model/registry.ts";
import {
  differenceOf,
  evaluateOnce,
  linearRules,
  makeEvaluator,
  makeExperiment,
  modelOf,
  type OraclePoint,
  startOf,
  sumPoints,
  writeExperiment,
} from "./experiments.ts";

const kernels = ["plain", "js", ...(hasFma() ? (["fma"] as const) : [])] as const;

function* everyPoint(dataset: Dataset, weightOf: (i: number, j: number) => number = () => 1): Generator<OraclePoint> {
  const n = dataset.experiment.timeCount;
  const bytes = readFileSync(dataset.path).subarray(dataset.dataOffset);
  const read = (index: number): number =>
    dataset.dtype === "f64" ? bytes.readDoubleLE(8 * index) : bytes.readFloatLE(4 * index);
  let packed = 0;
  for (let angle = 0; angle < dataset.experiment.anglesDegrees.length; angle++)
    for (let i = 0; i < n; i++)
      for (let j = dataset.layout === "full" ? 0 : i; j < n; j++) {
        const y = read(dataset.layout === "full" ? (angle * n + i) * n + j : packed++);
        yield { angle, i, j, y, weight: weightOf(i, j) };
      }
}

describe("kernels agree with sums over the formulas", () => {
  for (const model of kernelModels)
    for (const kernel of kernels)
      for (const dtype of ["f64", "f32"] as const)
        test(`${model.id}, ${kernel}, ${dtype}`, async () => {
          // 23 maps of 17²: an odd row, a last block of one row.
          const experiment = createReferenceExperiment(17, model.hasFlow ? 23 : 1);
          const dataset = await makeExperiment(model, { experiment, dtype });
          const parameters = startOf(model, dataset);
          const sums = await evaluateOnce(model, dataset, parameters, { kernel });
          expect(differenceOf(sums, sumPoints(model, dataset, parameters, everyPoint(dataset)))).toBeLessThan(1e-12);
        });
});

describe("half matrices", () => {
  for (const kernel of kernels)
    for (const layout of ["upper", "full"] as const)
      test(`${kernel}: off-diagonal points count twice, ${layout} layout`, async () => {
        const model = modelOf("laminar");
        const made = await makeExperiment(model, { experiment: createReferenceExperiment(18, 3), layout });
        const dataset: Dataset = { ...made, mirrored: true };
        const parameters = startOf(model, dataset);
        const points = [...everyPoint(dataset, (i, j) => (i === j ? 1 : i < j ? 2 : 0))];
        const sums = await evaluateOnce(model, dataset, parameters, { kernel });
        expect(differenceOf(sums, sumPoints(model, dataset, parameters, points))).toBeLessThan(1e-12);
      });

  test("the diagonal can be left out, folded or not", async () => {
    const model = modelOf("laminar");
    const made = await makeExperiment(model, { experiment: createReferenceExperiment(19, 3) });
    for (const kernel of kernels)
      for (const mirrored of [false, true]) {
        const dataset: Dataset = { ...made, mirrored };
        const parameters = startOf(model, dataset);
        const weight = (i: number, j: number): number => (i === j ? 0 : mirrored ? (i < j ? 2 : 0) : 1);
        const sums = await evaluateOnce(model, dataset, parameters, {
          kernel,
          rules: { ...linearRules, diagonal: "drop" },
        });
        expect(differenceOf(sums, sumPoints(model, dataset, parameters, everyPoint(dataset, weight)))).toBeLessThan(
          1e-12,
        );
      }
  });
});

test("soft-L1 reweights points and has the gradient of its cost", async () => {
  const model = modelOf("laminar");
  const dataset = await makeExperiment(model, { experiment: createReferenceExperiment(16, 5), sigma: 0.1 });
  const rules = { ...linearRules, loss: "soft-l1", lossScale: 0.05 } as const;
  const parameters = startOf(model, dataset);
  for (const kernel of kernels) {
    const { g, cost } = await evaluateOnce(model, dataset, parameters, { kernel, rules });
    for (const [index, value] of parameters.entries()) {
      const h = Math.max(Math.abs(value), 1e-4) * 1e-5;
      const at = async (sign: number): Promise<number> => {
        const moved = Float64Array.from(parameters);
        moved[index] += sign * h;
        return (await evaluateOnce(model, dataset, moved, { kernel, rules })).cost;
      };
      const slope = ((await at(1)) - (await at(-1))) / (2 * h);
      // g = JᵀWr is half the descent of the cost.
      expect(Math.abs(slope + 2 * g[index])).toBeLessThan(1e-6 * Math.abs(slope) + (1e-9 * cost) / h);
    }
  }
});

test("sums have the same bits for 1, 2 and 3 threads and for any split of the pass", async () => {
  const model = modelOf("laminar");
  const dataset = await makeExperiment(model, { experiment: createReferenceExperiment(101, 4) });
  const parameters = startOf(model, dataset);
  const whole = await evaluateOnce(model, dataset, parameters, { kernel: "plain" });
  for (const threadCount of [1, 2, 3])
    expect(await evaluateOnce(model, dataset, parameters, { kernel: "plain", threadCount })).toEqual(whole);
  const evaluator = await makeEvaluator(model, dataset, { kernel: "plain" });
  const split = createNormalEquations(parameters.length);
  await evaluator.evaluate(parameters, split, { first: 0, end: 3 });
  await evaluator.evaluate(parameters, split, { first: 3, end: evaluator.blockCount });
  await evaluator.dispose();
  expect(split).toEqual(whole);
});

test("a sample of rows sums those rows", async () => {
  const model = modelOf("laminar");
  const dataset = await makeExperiment(model, { experiment: createReferenceExperiment(100, 2) });
  const parameters = startOf(model, dataset);
  const sums = await evaluateOnce(model, dataset, parameters, { kernel: "plain", rowStep: 5 });
  const points = everyPoint(dataset, (i) => (i % 5 === 0 ? 1 : 0));
  expect(differenceOf(sums, sumPoints(model, dataset, parameters, points))).toBeLessThan(1e-12);
});

test("phases far beyond any fit stay finite and small", async () => {
  const model = modelOf("laminar");
  const dataset = await makeExperiment(model, { experiment: createReferenceExperiment(64, 3) });
  const parameters = startOf(model, dataset);
  parameters.set([0.5, 2, 0.1], 5); // |Φ| up to 3e8
  for (const kernel of kernels) {
    const { H, g, cost } = await evaluateOnce(model, dataset, parameters, { kernel });
    expect([...H, ...g, cost].every(Number.isFinite)).toBe(true);
    expect(cost / 64 ** 2 / 3).toBeLessThan(1);
  }
});

test("a point that is not finite ends the fit with its place, or is left out and counted", async () => {
  const model = modelOf("static");
  const n = 20;
  const map = Array.from({ length: n * n }, () => 1.1);
  map[7 * n + 3] = Number.NaN;
  map[9 * n + 4] = Number.POSITIVE_INFINITY;
  const dataset = writeExperiment([map], n);
  const parameters = startOf(model, dataset);
  for (const kernel of kernels) {
    await expect(evaluateOnce(model, dataset, parameters, { kernel })).rejects.toThrow(
      "found NaN or infinity at point 143 (angle 0, i 7, j 3)",
    );
    let masked = 0;
    const rules = { ...linearRules, nonFinite: "mask" } as const;
    const sums = await evaluateOnce(model, dataset, parameters, {
      kernel,
      rules,
      onMasked: (count) => (masked += count),
    });
    expect(masked).toBe(2);
    const points = [...everyPoint(dataset)].filter(({ y }) => Number.isFinite(y));
    expect(differenceOf(sums, sumPoints(model, dataset, parameters, points))).toBeLessThan(1e-12);
  }
});

test("the committed kernel and thread program are what their sources give", async () => {
  const read = (path: string): string =>
    readFileSync(
      fileURLToPath(new URL(`../../../native-bench/workloads/streaming-optimizer/${path}`, import.meta.url)),
      "utf8",
    );
  expect(generateKernelBytes() === read("kernel/kernel-bytes.ts")).toBe(true);
  expect((await generateWorkerSource()) === read("evaluators/worker-source.ts")).toBe(true);
}, 180_000);
