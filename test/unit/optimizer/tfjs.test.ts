import { describe, expect, test } from "vitest";
import { tfjsNodeGpu } from "../../../native-bench/backends/tfjs-node-gpu.ts";
import { loadTfjs } from "../../../native-bench/backends/tfjs/load-tfjs.ts";
import { tfjsCpu } from "../../../native-bench/backends/tfjs-cpu.ts";
import { tfjsWasm } from "../../../native-bench/backends/tfjs-wasm.ts";
import { planBlocks } from "../../../native-bench/workloads/streaming-optimizer/evaluators/block-plan.ts";
import { createNormalEquations } from "../../../native-bench/workloads/streaming-optimizer/evaluators/normal-equations.ts";
import { createTfjsEvaluator } from "../../../native-bench/workloads/streaming-optimizer/evaluators/tfjs-f32.ts";
import { nullFitRecorder } from "../../../native-bench/workloads/streaming-optimizer/fit-recorder.ts";
import { createReferenceExperiment } from "../../../native-bench/workloads/streaming-optimizer/model/experiment.ts";
import { kernelModels } from "../../../native-bench/workloads/streaming-optimizer/model/registry.ts";
import { differenceOf, evaluateOnce, fitOnce, linearRules, makeExperiment, modelOf, startOf } from "./experiments.ts";

describe.each([
  ["tfjs-cpu", "cpu", tfjsCpu],
  ["tfjs-wasm", "wasm", tfjsWasm],
] as const)("%s", (id, name, backend) => {
  test("answers its probe with what computed", async () => {
    expect(await backend.probe()).toMatchObject({
      available: true,
      device: { kind: "cpu", software: false, precisions: ["float32"] },
    });
  });

  for (const model of kernelModels)
    test(`${model.id}: sums agree with float64 to single precision, and no tensor is left behind`, async () => {
      const dataset = await makeExperiment(model, { experiment: createReferenceExperiment(40, model.hasFlow ? 7 : 1) });
      const parameters = startOf(model, dataset);
      const tf = await loadTfjs(name);
      const request = {
        dataset,
        model,
        rules: linearRules,
        blocks: planBlocks(40),
        recorder: nullFitRecorder,
        onMasked: () => undefined,
        workers: null,
        kernel: null,
      };
      const evaluator = await createTfjsEvaluator({ id, tf, description: id }, request);
      const out = createNormalEquations(parameters.length);
      await evaluator.evaluate(parameters, out, { first: 0, end: evaluator.blockCount });
      const tensors = tf.memory().numTensors;
      await evaluator.evaluate(parameters, createNormalEquations(parameters.length), {
        first: 0,
        end: evaluator.blockCount,
      });
      expect(tf.memory().numTensors).toBe(tensors);
      await evaluator.dispose();
      expect(differenceOf(out, await evaluateOnce(model, dataset, parameters, { kernel: "plain" }))).toBeLessThan(5e-6);
    });

  test("a fit that begins in float32 ends at the minimum of float64", async () => {
    const model = modelOf("laminar");
    const dataset = await makeExperiment(model, { experiment: createReferenceExperiment(60, 9) });
    const exact = await fitOnce(model, dataset, { config: { warmup: "none" } });
    const mixed = await fitOnce(model, dataset, { engine: id, config: { warmup: "none" } });
    expect(mixed.success).toBe(true);
    expect(mixed.engine).toContain("float64");
    for (const index of exact.popt.keys())
      expect(Math.abs(mixed.popt[index] - exact.popt[index])).toBeLessThan(2e-3 * exact.perr[index]);
  }, 180_000);
});

test("libtensorflow answers its probe whether it is there or not", async () => {
  const answer = await tfjsNodeGpu.probe();
  if (answer.available) expect(answer.device.name).not.toBe("");
  else expect(answer).toMatchObject({ available: false, remedy: "npm run engine:tfjs-gpu" });
});
