import { expect, test } from "vitest";
import { ortF64 } from "../../../native-bench/backends/ort-f64.ts";
import { planBlocks } from "../../../native-bench/workloads/streaming-optimizer/evaluators/block-plan.ts";
import { createNormalEquations } from "../../../native-bench/workloads/streaming-optimizer/evaluators/normal-equations.ts";
import { createOrtF64 } from "../../../native-bench/workloads/streaming-optimizer/evaluators/ort-f64.ts";
import { nullFitRecorder } from "../../../native-bench/workloads/streaming-optimizer/fit-recorder.ts";
import { createReferenceExperiment } from "../../../native-bench/workloads/streaming-optimizer/model/experiment.ts";
import { kernelModels } from "../../../native-bench/workloads/streaming-optimizer/model/registry.ts";
import { differenceOf, evaluateOnce, fitOnce, linearRules, makeExperiment, modelOf, startOf } from "./experiments.ts";

for (const model of kernelModels)
  test(`${model.id}: an ONNX graph in float64 gives the sums of the kernels`, async () => {
    // The last chunk of rows is smaller than the others.
    const dataset = await makeExperiment(model, { experiment: createReferenceExperiment(150, model.hasFlow ? 9 : 1) });
    const parameters = startOf(model, dataset);
    const evaluator = await createOrtF64({
      dataset,
      model,
      rules: linearRules,
      blocks: planBlocks(150),
      recorder: nullFitRecorder,
      onMasked: () => undefined,
      workers: null,
      kernel: null,
    });
    const out = createNormalEquations(parameters.length);
    await evaluator.evaluate(parameters, out, { first: 0, end: 4 });
    await evaluator.evaluate(parameters, out, { first: 4, end: evaluator.blockCount });
    await evaluator.dispose();
    for (const kernel of ["plain", "js"] as const)
      expect(differenceOf(out, await evaluateOnce(model, dataset, parameters, { kernel }))).toBeLessThan(1e-12);
  });

test("a fit by ONNX Runtime ends where that of the kernel ends", async () => {
  const model = modelOf("laminar");
  const dataset = await makeExperiment(model, { experiment: createReferenceExperiment(60, 9) });
  const ours = await fitOnce(model, dataset, { config: { warmup: "none" } });
  const theirs = await fitOnce(model, dataset, { engine: "ort-f64", config: { warmup: "none" } });
  expect(theirs).toMatchObject({ success: true, engine: "ONNX Runtime, float64, CPU, 1 thread" });
  for (const index of ours.popt.keys())
    expect(Math.abs(theirs.popt[index] - ours.popt[index])).toBeLessThan(1e-4 * ours.perr[index]);
}, 180_000);

test("the cross-check names the processor that computes", async () => {
  expect(await ortF64.probe()).toMatchObject({
    available: true,
    device: { kind: "cpu", software: false, precisions: ["float64"] },
  });
});
