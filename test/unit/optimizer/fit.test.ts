import { describe, expect, test } from "vitest";
import { createReferenceExperiment } from "../../../native-bench/workloads/streaming-optimizer/model/experiment.ts";
import { fitModels } from "../../../native-bench/workloads/streaming-optimizer/model/registry.ts";
import { fitOnce, makeExperiment, modelOf, startOf, writeExperiment } from "./experiments.ts";

const sigma = 0.02;
const flow = createReferenceExperiment(66, 23);

describe("a fit finds the truth that the data were made with", () => {
  for (const model of fitModels)
    test.each([1, 2])(`${model.id}, seed %i`, async (seed) => {
      const experiment = model.hasFlow ? flow : createReferenceExperiment(316, 1);
      const dataset = await makeExperiment(model, { experiment, seed });
      const result = await fitOnce(model, dataset);
      expect(result.message).toMatch(/ftol|predicted/);
      expect(result.success).toBe(true);
      // χ² of N points: mean 1, standard deviation √(2/N).
      expect(Math.abs(result.cost / (result.pointCount * sigma ** 2) - 1)).toBeLessThan(
        3 * Math.sqrt(2 / result.pointCount),
      );
      for (const [index, spec] of model.parameters(experiment).entries())
        expect(Math.abs(result.popt[index] - spec.truth) / result.perr[index], spec.name).toBeLessThan(4.5);
      expect(result.conditionNumber).toBeGreaterThan(1);
    });
});

test("standard errors are those of repeated experiments", async () => {
  const model = modelOf("static");
  const experiment = createReferenceExperiment(80, 1);
  const deviations: number[] = [];
  for (let seed = 1; seed <= 60; seed++) {
    const { popt, perr } = await fitOnce(model, await makeExperiment(model, { experiment, seed }));
    deviations.push((popt[1] - 1) / perr[1]);
  }
  const spread = Math.sqrt(deviations.reduce((sum, value) => sum + value * value, 0) / deviations.length);
  expect(spread).toBeGreaterThan(0.7);
  expect(spread).toBeLessThan(1.35);
});

test("the result has the same bits for 1, 2 and 3 workers", async () => {
  const model = modelOf("laminar");
  const dataset = await makeExperiment(model, { experiment: createReferenceExperiment(150, 5) });
  const [one, two, three] = await Promise.all([1, 2, 3].map((workers) => fitOnce(model, dataset, { workers })));
  expect(two?.popt).toEqual(one?.popt);
  expect(two?.pcov).toEqual(one?.pcov);
  expect(three?.popt).toEqual(one?.popt);
  expect(three?.cost).toBe(one?.cost);
});

test("plain TypeScript and WebAssembly end at the same minimum", async () => {
  const model = modelOf("laminar");
  const dataset = await makeExperiment(model, { experiment: flow });
  const a = await fitOnce(model, dataset);
  const b = await fitOnce(model, dataset, { engine: "js-f64" });
  for (const index of a.popt.keys()) expect(Math.abs(a.popt[index] - b.popt[index])).toBeLessThan(1e-3 * a.perr[index]);
});

test("the warm-up on a sample saves full passes", async () => {
  const model = modelOf("static");
  const dataset = await makeExperiment(model, { experiment: createReferenceExperiment(600, 1) });
  const warm = await fitOnce(model, dataset);
  const cold = await fitOnce(model, dataset, { config: { warmup: "none" } });
  expect(warm.warmUp.method).toBe("subsample");
  expect(warm.passes.full + warm.warmUp.passEquivalents).toBeLessThan(cold.passes.full);
  expect(Math.abs(warm.cost / cold.cost - 1)).toBeLessThan(1e-10);
});

test("parameters stay within bounds, and those on a bound are told", async () => {
  const model = modelOf("static");
  const dataset = await makeExperiment(model, { experiment: createReferenceExperiment(200, 1) });
  const lower = Float64Array.of(0, 0.5, 100, -2, -1e5);
  const upper = Float64Array.of(0.25, 1.5, 1e5, 2, 1e5); // the truth is 0.3
  const result = await fitOnce(model, dataset, { bounds: { lower, upper } });
  expect(result.success).toBe(true);
  expect(result.popt[0]).toBe(0.25);
  expect(result.atBound).toEqual([true, false, false, false, false]);
});

test("crossed bounds, a start outside and too few points are refused", async () => {
  const model = modelOf("static");
  const dataset = await makeExperiment(model);
  const lower = Float64Array.of(0, 0.5, 100, 2, -1e5);
  const upper = Float64Array.of(1, 1.5, 1e5, -2, 1e5);
  await expect(fitOnce(model, dataset, { bounds: { lower, upper } })).rejects.toThrow(
    "expected lower < upper for alpha, found 2 and -2",
  );
  await expect(fitOnce(model, dataset, { start: Float64Array.of(2, 1, 1000, 0, 0) })).rejects.toThrow(
    "expected a start of contrast between 0 and 1, found 2",
  );
  await expect(fitOnce(model, writeExperiment([[1, 1, 1, 1]], 2))).rejects.toThrow(
    "expected more points than parameters, found 4 points for 5 parameters",
  );
});

test("data that do not determine a parameter never count as a success", async () => {
  const model = modelOf("static");
  const n = 40;
  // No contrast: diffusion leaves no trace.
  const dataset = writeExperiment(
    [Array.from({ length: n * n }, (_, index) => 1 + 1e-3 * Math.sin(index * 12.9898))],
    n,
  );
  const result = await fitOnce(model, dataset, { start: Float64Array.of(0, 1, 1000, -0.2, 50) });
  expect(result.success).toBe(false);
  expect(result.message).toMatch(/do not determine|not a minimum|iterations/);
  expect(result.message).not.toBe("");
});

test("data without noise are met to rounding", async () => {
  const model = modelOf("static");
  const dataset = await makeExperiment(model, { experiment: createReferenceExperiment(100, 1), sigma: 0 });
  const result = await fitOnce(model, dataset);
  expect(result.success).toBe(true);
  for (const [index, spec] of model.parameters(dataset.experiment).entries())
    expect(Math.abs(result.popt[index] / spec.truth - 1), spec.name).toBeLessThan(1e-6);
});

test("half of a mirrored matrix gives the fit of the whole, with the errors of the unique points", async () => {
  const model = modelOf("static");
  const experiment = createReferenceExperiment(200, 1);
  const half = await makeExperiment(model, { experiment, layout: "upper" });
  const result = await fitOnce(model, half);
  expect(result.pointCount).toBe((200 * 201) / 2);
  expect(result.success).toBe(true);
  const upstream = await fitOnce(model, half, { config: { dof: "upstream" } });
  for (const index of result.popt.keys())
    expect(Math.abs(upstream.popt[index] - result.popt[index])).toBeLessThan(1e-2 * result.perr[index]);
  expect(result.perr[0] / upstream.perr[0]).toBeCloseTo(Math.SQRT2, 2);
});

test("soft L1 keeps outliers from pulling the fit", async () => {
  const model = modelOf("static");
  const n = 120;
  const clean = await makeExperiment(model, { experiment: createReferenceExperiment(n, 1), sigma: 0.005 });
  const truth = Float64Array.from(model.parameters(clean.experiment), (spec) => spec.truth);
  const { createPointModel } = await import("../../../native-bench/workloads/streaming-optimizer/model/point-model.ts");
  const point = createPointModel(model, clean.experiment);
  point.setParameters(truth);
  const values = Array.from(
    { length: n * n },
    (_, index) =>
      point.value(0, Math.floor(index / n), index % n) +
      0.005 * Math.sin(index * 78.233) +
      (index % 53 === 0 ? 0.5 : 0),
  );
  const dataset = writeExperiment([values], n);
  const square = await fitOnce(model, dataset, { start: startOf(model, dataset) });
  const soft = await fitOnce(model, dataset, { config: { loss: "soft-l1", loss_scale: 0.01 } });
  expect(Math.abs(soft.popt[1] - 1)).toBeLessThan(0.2 * Math.abs(square.popt[1] - 1));
});

test("keys that would be ignored are refused", async () => {
  const { parseFitConfig } = await import("../../../native-bench/workloads/streaming-optimizer/parse-config.ts");
  expect(() => parseFitConfig({ gc_chunk_interval: 3 })).toThrow('unknown key "gc_chunk_interval"');
  expect(() => parseFitConfig({ ftol: -1 })).toThrow("expected a number above 0 for ftol, found -1");
  expect(() => parseFitConfig({ preset: "fast" })).toThrow("expected a preset");
  expect(parseFitConfig({ preset: "conservative", max_iterations: 7 })).toMatchObject({
    ftol: 1e-10,
    maxIterations: 7,
  });
});
