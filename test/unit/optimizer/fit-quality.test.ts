import { expect, test } from "vitest";
import { compareMaps } from "../../../native-bench/workloads/streaming-optimizer/fit-quality.ts";
import { createReferenceExperiment } from "../../../native-bench/workloads/streaming-optimizer/model/experiment.ts";
import { makeExperiment, modelOf, startOf } from "./experiments.ts";

const model = modelOf("laminar");
const sigma = 0.02;
const truth = Float64Array.from(model.parameters(createReferenceExperiment(10, 4)), (spec) => spec.truth);
const throwIfCancelled = (): void => undefined;

for (const layout of ["full", "upper"] as const)
  for (const timeCount of [40, 333])
    test(`at the truth only noise is left, ${layout} maps of ${timeCount} times`, async () => {
      const dataset = await makeExperiment(model, {
        experiment: createReferenceExperiment(timeCount, 4),
        layout,
        sigma,
      });
      const maps = [...compareMaps({ dataset, model, popt: truth, residualVariance: sigma ** 2, throwIfCancelled })];
      expect(maps.map(({ title }) => title)).toEqual(["φ = −180.0°", "φ = −90.0°", "φ = 0.0°", "φ = 90.0°"]);
      for (const { side, measured, model: predicted, residual, reducedChiSquare } of maps) {
        expect(side).toBe(Math.min(80, timeCount));
        for (const values of [measured, predicted, residual]) expect(values.every(Number.isFinite)).toBe(true);
        expect(Math.abs(reducedChiSquare - 1)).toBeLessThan(0.15);
        const square = residual.reduce((sum, value) => sum + value * value, 0) / residual.length;
        expect(Math.abs(square - 1)).toBeLessThan(0.2);
      }
    });

test("away from the truth the residuals show where", async () => {
  const dataset = await makeExperiment(model, { experiment: createReferenceExperiment(80, 4), sigma });
  const popt = startOf(model, dataset);
  const [map] = compareMaps({ dataset, model, popt, residualVariance: sigma ** 2, throwIfCancelled });
  expect(map?.reducedChiSquare).toBeGreaterThan(3);
  // Contrast starts too low: on the diagonal the data lie above the model.
  expect(map?.residual[0]).toBeGreaterThan(2);
});

test("standard deviations of points weigh their residuals, and cells without points stay empty", async () => {
  const dataset = await makeExperiment(model, { experiment: createReferenceExperiment(30, 4), sigma });
  const sigmas = await makeExperiment(model, { experiment: createReferenceExperiment(30, 4), sigma: 0 });
  const weighted = { ...dataset, sigmaPath: sigmas.path };
  const options = { model, popt: truth, residualVariance: 1, throwIfCancelled };
  const [plain] = compareMaps({ ...options, dataset });
  const [own] = compareMaps({ ...options, dataset: weighted });
  // The other file holds g2 itself, 1.3 at most.
  expect(Math.abs(own?.residual[5] ?? 0)).toBeLessThan(Math.abs(plain?.residual[5] ?? 0));
});
