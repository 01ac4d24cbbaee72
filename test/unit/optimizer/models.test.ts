import { describe, expect, test } from "vitest";
import { createReferenceExperiment } from "../../../native-bench/workloads/streaming-optimizer/model/experiment.ts";
import { createPointModel } from "../../../native-bench/workloads/streaming-optimizer/model/point-model.ts";
import { kernelModels } from "../../../native-bench/workloads/streaming-optimizer/model/registry.ts";
import { modelOf } from "./experiments.ts";

const experiment = createReferenceExperiment(24, 7);

/** Places that try every branch: i = j, both signs of i − j, cos(φ0 − φ) of both signs and nearly 0, first and last times. */
const places = [
  [0, 0, 0],
  [1, 3, 3],
  [2, 20, 1],
  [3, 1, 20],
  [5, 0, 23],
  [6, 23, 22],
] as const;

describe("derivatives agree with central differences", () => {
  for (const model of kernelModels) {
    const specs = model.parameters(experiment);
    const cases = {
      "at the truth": specs.map((spec) => spec.truth),
      "at the start": specs.map((spec) => spec.start),
      "with strong shear": specs.map((spec) => (spec.name === "gamma0" ? 2e-3 : spec.truth)),
      "with floored diffusion": specs.map((spec) => (spec.name === "Doff" ? -700 : spec.truth)),
    };
    for (const [name, values] of Object.entries(cases))
      test(`${model.id} ${name}`, () => {
        const point = createPointModel(model, experiment);
        const gradient = new Float64Array(model.hasFlow ? 9 : 5);
        for (const [angle, i, j] of places) {
          const columns = model.columns(angle);
          for (const [column, parameter] of columns.entries()) {
            const scale = Math.max(Math.abs(values[parameter] ?? 0), 1e-6);
            const h = scale * 1e-5;
            const at = (sign: number): number => {
              const moved = Float64Array.from(values);
              moved[parameter] += sign * h;
              point.setParameters(moved);
              return point.value(angle, i, j);
            };
            const difference = (8 * (at(1) - at(-1)) - (at(2) - at(-2))) / (12 * h);
            point.setParameters(values);
            point.differentiate(angle, i, j, gradient);
            const exact = gradient[column] ?? 0;
            // Relative to what the parameter can change: differences of g2 lose 1e-16 / h.
            const bound = 1e-7 * Math.abs(exact) + 1e-9 / scale;
            expect(
              Math.abs(difference - exact),
              `${columns.length} columns, ${specs[parameter]?.name} at ${angle} ${i} ${j}`,
            ).toBeLessThanOrEqual(bound);
          }
        }
      });
  }
});

test("constant diffusion is the textbook 1 + β·exp(−2Dq²τ) with D = D0/2", () => {
  const model = modelOf("static");
  const point = createPointModel(model, experiment);
  point.setParameters([0.3, 1, 1500, 0, 0]);
  const lag = 9;
  const seconds = lag * experiment.timeStepSeconds;
  expect(point.value(0, 4 + lag, 4)).toBeCloseTo(
    1 + 0.3 * Math.exp(-2 * (1500 / 2) * experiment.wavevector ** 2 * seconds),
    12,
  );
});

test("shear at rest leaves the diffusion model", () => {
  const flow = createPointModel(modelOf("laminar"), experiment);
  const rest = createPointModel(modelOf("static"), experiment);
  // What smoothing leaves of |ΔG| remains: Φ up to κ·1e-6.
  flow.setParameters([0.3, 1, 1500, -0.4, 20, 0, -0.2, 0, 5]);
  rest.setParameters([0.3, 1, 1500, -0.4, 20]);
  for (const [angle, i, j] of places) expect(flow.value(angle, i, j)).toBeCloseTo(rest.value(0, i, j), 4);
});

test("each model names as many parameters as its columns reach", () => {
  for (const model of kernelModels) {
    const reached = new Set(experiment.anglesDegrees.flatMap((_, angle) => model.columns(angle)));
    expect(reached.size).toBe(model.parameters(experiment).length);
  }
  expect(modelOf("laminar-per-angle").parameters(createReferenceExperiment(8, 23))).toHaveLength(53);
});
