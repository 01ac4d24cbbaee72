import { expect, test } from "vitest";
import { createEvaluator } from "../../../native-bench/workloads/streaming-optimizer/evaluators/create-evaluator.ts";
import { planBlocks } from "../../../native-bench/workloads/streaming-optimizer/evaluators/block-plan.ts";
import {
  createNormalEquations,
  type NormalEquations,
} from "../../../native-bench/workloads/streaming-optimizer/evaluators/normal-equations.ts";
import { nullFitRecorder } from "../../../native-bench/workloads/streaming-optimizer/fit-recorder.ts";
import { compareMaps } from "../../../native-bench/workloads/streaming-optimizer/fit-quality.ts";
import { createReferenceExperiment } from "../../../native-bench/workloads/streaming-optimizer/model/experiment.ts";
import { fitOnce, linearRules, makeExperiment, modelOf } from "./experiments.ts";

const model = modelOf("laminar-fourier");
const experiment = createReferenceExperiment(60, 11);
const truth = Float64Array.from(model.parameters(experiment), (spec) => spec.truth);
// Contrast and offset that change with the angle: contrast.cos, contrast.sin2, offset.sin.
truth[1] = 0.05;
truth[4] = -0.03;
truth[7] = 0.02;

test("its 17 equations have the slope of the cost, and the curvature of the slope", async () => {
  const dataset = await makeExperiment(model, { experiment, parameters: truth });
  const evaluator = await createEvaluator("js-f64", {
    dataset,
    model,
    rules: linearRules,
    blocks: planBlocks(experiment.timeCount),
    recorder: nullFitRecorder,
    onMasked: () => undefined,
    workers: 1,
    kernel: null,
  });
  const at = async (parameters: Float64Array): Promise<NormalEquations> => {
    const out = createNormalEquations(17);
    await evaluator.evaluate(parameters, out, { first: 0, end: evaluator.blockCount });
    return out;
  };
  const point = truth.map((value, index) => (index < 10 ? value + 0.01 : value));
  const { g, H, cost } = await at(point);
  for (const index of point.keys()) {
    const h = Math.max(Math.abs(point[index]), 1e-4) * 1e-5;
    const moved = (sign: number) => at(point.map((value, k) => (k === index ? value + sign * h : value)));
    const [more, less] = [await moved(1), await moved(-1)];
    const slope = (more.cost - less.cost) / (2 * h);
    expect(Math.abs(slope + 2 * g[index])).toBeLessThan(1e-6 * Math.abs(slope) + (1e-9 * cost) / h);
    // Contrasts and offsets enter linearly: there H is the exact change of g.
    const diagonal = H[(index * (index + 3)) / 2];
    if (index < 10) expect(Math.abs((less.g[index] - more.g[index]) / (2 * h) / diagonal - 1)).toBeLessThan(1e-6);
  }
  await evaluator.dispose();
});

test("a fit finds how the scaling changes with the angle, and its maps leave noise alone", async () => {
  const dataset = await makeExperiment(model, { experiment, parameters: truth, sigma: 0.02 });
  const fit = await fitOnce(model, dataset, { config: { warmup: "none" } });
  expect(fit.success).toBe(true);
  expect(fit.names).toHaveLength(17);
  for (const index of [0, 1, 4, 5, 7])
    expect(Math.abs(fit.popt[index] - truth[index]) / fit.perr[index]).toBeLessThan(4.5);
  const { popt, residualVariance } = fit;
  for (const { reducedChiSquare } of compareMaps({
    dataset,
    model,
    popt,
    residualVariance,
    throwIfCancelled: () => undefined,
  }))
    expect(Math.abs(reducedChiSquare - 1)).toBeLessThan(0.12);
  const plain = await fitOnce(modelOf("laminar"), dataset, { config: { warmup: "none" } });
  expect(plain.cost).toBeGreaterThan(1.2 * fit.cost);
}, 180_000);
