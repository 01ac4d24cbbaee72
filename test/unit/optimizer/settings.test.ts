import { describe, expect, test } from "vitest";
import { presets } from "../../../native-bench/workloads/streaming-optimizer/config.ts";
import { openDataset, sidecarPath } from "../../../native-bench/workloads/streaming-optimizer/data/dataset.ts";
import { foldExperiment } from "../../../native-bench/workloads/streaming-optimizer/data/fold-experiment.ts";
import { createReferenceExperiment } from "../../../native-bench/workloads/streaming-optimizer/model/experiment.ts";
import { parseFitConfig } from "../../../native-bench/workloads/streaming-optimizer/parse-config.ts";
import { samplePoints } from "../../../native-bench/workloads/streaming-optimizer/solver/start-sampler.ts";
import {
  type LinePlace,
  searchWolfe,
} from "../../../native-bench/workloads/streaming-optimizer/solver/wolfe-search.ts";
import { evaluateOnce, fitOnce, makeExperiment, modelOf, newPath, startOf, writeExperiment } from "./experiments.ts";

const model = modelOf("laminar");

/* The table of presets that users of the seed's optimizer know. */
test.each([
  [
    "aggressive",
    { warmupIterations: 50, maxWarmupIterations: 100, warmupLearningRate: 3e-3, ftol: 1e-7, chunkSize: 20_000 },
  ],
  [
    "conservative",
    {
      warmupIterations: 30,
      maxWarmupIterations: 80,
      warmupLearningRate: 3e-4,
      ftol: 1e-10,
      maxIterations: 200,
      trustRegionInitial: 0.5,
    },
  ],
  ["memory_optimized", { warmupIterations: 40, maxWarmupIterations: 100, chunkSize: 5000 }],
  [
    "defense_strict",
    {
      warmupIterations: 25,
      maxWarmupIterations: 60,
      warmupLearningRate: 5e-4,
      layers: {
        warmStartThreshold: 0.01,
        learningRates: { refinement: 1e-7, careful: 1e-6, exploration: 5e-4 },
        costIncreaseTolerance: 0.05,
        maxStepSize: 0.05,
      },
    },
  ],
  [
    "defense_relaxed",
    {
      warmupIterations: 50,
      maxWarmupIterations: 120,
      layers: {
        warmStartThreshold: 0.5,
        learningRates: { refinement: 1e-5, careful: 1e-4, exploration: 3e-3 },
        costIncreaseTolerance: 0.5,
        maxStepSize: 0.5,
      },
    },
  ],
  [
    "defense_disabled",
    { layers: { warmStartThreshold: null, learningRates: null, costIncreaseTolerance: null, maxStepSize: null } },
  ],
  [
    "scientific_default",
    {
      warmupIterations: 35,
      maxWarmupIterations: 100,
      ftol: 1e-10,
      maxIterations: 200,
      layers: { warmStartThreshold: 0.05, costIncreaseTolerance: 0.2, maxStepSize: 0.1 },
    },
  ],
])("preset %s", (preset, expected) => {
  expect(parseFitConfig({ preset })).toMatchObject(expected);
  expect(Object.keys(presets)).toContain(preset);
});

test("the keys of the layers change the layers, and the names of old are known", () => {
  const { layers } = parseFitConfig({
    enable_warm_start_detection: false,
    warmup_lr_careful: 2e-5,
    enable_cost_guard: false,
    max_warmup_step_size: 0.2,
    warmup_learning_rate: 2e-3,
  });
  expect(layers).toEqual({
    warmStartThreshold: null,
    learningRates: { refinement: 1e-6, careful: 2e-5, exploration: 2e-3 },
    costIncreaseTolerance: null,
    maxStepSize: 0.2,
  });
  expect(parseFitConfig({ gauss_newton_max_iterations: 7, gauss_newton_tol: 1e-5 })).toMatchObject({
    maxIterations: 7,
    ftol: 1e-5,
  });
  expect(() => parseFitConfig({ enable_cost_guard: 1 })).toThrow(
    "expected true or false for enable_cost_guard, found 1",
  );
  expect(() => parseFitConfig({ active_switching_criteria: ["never"] })).toThrow(
    "expected a list of plateau, gradient",
  );
});

test("the size of chunks changes the blocks, not the minimum", async () => {
  const dataset = await makeExperiment(model, { experiment: createReferenceExperiment(64, 5) });
  const fits = await Promise.all(
    [{}, { block_rows: 1 }, { block_rows: 64 }, { chunk_size: 1000 }].map((config) =>
      fitOnce(model, dataset, { config: { warmup: "none", ...config } }),
    ),
  );
  for (const fit of fits)
    for (const index of fit.popt.keys())
      expect(Math.abs(fit.popt[index] - (fits[0]?.popt[index] ?? 0))).toBeLessThan(1e-6 * fit.perr[index]);
});

test("groups of one's own are regularised, and those beyond the parameters refused", async () => {
  const perAngle = modelOf("laminar-per-angle");
  const dataset = await makeExperiment(perAngle, { experiment: createReferenceExperiment(40, 3) });
  const contrasts = [7, 9, 11];
  const spread = ({ popt }: { readonly popt: Float64Array }): number => {
    const values = contrasts.map((index) => popt[index] ?? 0);
    return Math.max(...values) - Math.min(...values);
  };
  const group = {
    enable_group_variance_regularization: true,
    group_variance_lambda: 1e4,
    group_variance_indices: [contrasts],
  };
  const free = await fitOnce(perAngle, dataset, { config: { warmup: "none" } });
  const held = await fitOnce(perAngle, dataset, { config: { warmup: "none", ...group } });
  expect(spread(held)).toBeLessThan(0.1 * spread(free));
  await expect(fitOnce(perAngle, dataset, { config: { ...group, group_variance_indices: [[0, 99]] } })).rejects.toThrow(
    "expected parameter numbers below 13 in group_variance_indices, found 99",
  );
});

describe("measured halves", () => {
  test("are folded exactly: the same sums, the same fit, half the points", async () => {
    const dataset = await makeExperiment(model, { experiment: createReferenceExperiment(71, 4) });
    const out = newPath();
    await foldExperiment({ dataset, out });
    const folded = openDataset(out).dataset;
    const parameters = startOf(model, dataset);
    const whole = await evaluateOnce(model, dataset, parameters, { kernel: "plain" });
    const half = await evaluateOnce(model, folded, parameters, { kernel: "plain" });
    for (const [index, value] of whole.H.entries())
      expect(Math.abs(half.H[index] - value)).toBeLessThan(1e-12 * Math.abs(value) + 1e-9);
    expect(Math.abs((half.cost + folded.foldedCost) / whole.cost - 1)).toBeLessThan(1e-12);
    const [a, b] = [
      await fitOnce(model, dataset, { config: { warmup: "none" } }),
      await fitOnce(model, folded, { config: { warmup: "none" } }),
    ];
    expect(b.pointCount).toBe(a.pointCount);
    for (const index of a.popt.keys()) {
      expect(Math.abs(b.popt[index] - a.popt[index])).toBeLessThan(1e-6 * a.perr[index]);
      expect(Math.abs(b.perr[index] / a.perr[index] - 1)).toBeLessThan(1e-6);
    }
  });

  test("are refused where there is only one, or where points have standard deviations", async () => {
    const half = await makeExperiment(model, { experiment: createReferenceExperiment(20, 2), layout: "upper" });
    await expect(foldExperiment({ dataset: half, out: newPath() })).rejects.toThrow(
      "only one half of each map is there",
    );
    const dataset = writeExperiment([Array.from({ length: 400 }, () => 1)], 20);
    await expect(
      foldExperiment({ dataset: { ...dataset, sigmaPath: sidecarPath(dataset.path) }, out: newPath() }),
    ).rejects.toThrow("cannot be folded");
  });
});

describe("several starts", () => {
  test.each(["lhs", "halton", "sobol"] as const)("%s fills the cube evenly, the same each time", (sampler) => {
    const points = samplePoints(sampler, { count: 64, dimensions: 9, seed: 1 });
    expect(points).toEqual(samplePoints(sampler, { count: 64, dimensions: 9, seed: 1 }));
    for (let dimension = 0; dimension < 9; dimension++) {
      const values = points.map((point) => point[dimension] ?? -1);
      expect(values.every((value) => value >= 0 && value < 1)).toBe(true);
      // Each eighth of every axis has about its share.
      for (let slice = 0; slice < 8; slice++) {
        const count = values.filter((value) => Math.floor(8 * value) === slice).length;
        expect(count).toBeGreaterThanOrEqual(sampler === "halton" ? 4 : 7);
      }
    }
  });

  test("get ten times closer than a start that is lost alone", async () => {
    const dataset = await makeExperiment(model, { experiment: createReferenceExperiment(80, 7) });
    const start = startOf(model, dataset);
    // Shear a hundred times too strong: every cosine is lost in its own turns.
    start.set([0.01, 0.1, 0, 0], 5);
    const alone = await fitOnce(model, dataset, { start, config: { warmup: "none" } });
    const seen: unknown[] = [];
    const listener = { onMultistart: (report: unknown) => void seen.push(report) };
    const config = { enable_multistart: true, n_starts: 24, scale_factor: 0.05, warmup: "none" };
    const found = await fitOnce(model, dataset, { start, config, listener });
    expect(seen).toHaveLength(1);
    expect(seen[0]).toMatchObject({ starts: 25 });
    expect(found.cost).toBeLessThan(0.1 * alone.cost);
  }, 180_000);
});

describe("a search along a line", () => {
  const along = (f: (t: number) => number, slope: (t: number) => number) => {
    let count = 0;
    return {
      evaluate: async (t: number) => (count++, { t, value: f(t), slope: slope(t) }),
      count: () => count,
    };
  };
  test.each([
    ["takes a good first step", (t: number) => (t - 1) ** 2, (t: number) => 2 * (t - 1)],
    ["goes further where the slope goes on", (t: number) => (t - 9) ** 2, (t: number) => 2 * (t - 9)],
    ["comes back where the step was too long", (t: number) => (t - 0.01) ** 2, (t: number) => 2 * (t - 0.01)],
    ["finds a bend", (t: number) => t ** 4 / 4 - 0.02 * t, (t: number) => t ** 3 - 0.02],
  ])("%s", async (_, f, slope) => {
    const start: LinePlace = { value: f(0), slope: slope(0) };
    const line = along(f, slope);
    const found = await searchWolfe(start, line.evaluate);
    expect(found).not.toBeNull();
    expect(found?.value).toBeLessThanOrEqual(start.value + 1e-4 * (found?.t ?? 0) * start.slope);
    expect(Math.abs(found?.slope ?? 1)).toBeLessThanOrEqual(0.9 * Math.abs(start.slope));
    expect(line.count()).toBeLessThanOrEqual(20);
  });

  test("gives up after twenty looks where nothing falls", async () => {
    const line = along(
      (t) => t,
      () => 1,
    );
    expect(await searchWolfe({ value: 0, slope: -1 }, line.evaluate)).toBeNull();
    expect(line.count()).toBe(20);
  });

  test.each(["wolfe", "backtracking"] as const)("L-BFGS lowers the cost with %s", async (search) => {
    const dataset = await makeExperiment(model, { experiment: createReferenceExperiment(24, 5) });
    const config = {
      warmup: "lbfgs",
      lbfgs_line_search: search,
      max_warmup_iterations: 20,
      active_switching_criteria: ["max_iter"],
    };
    const { warmUp } = await fitOnce(model, dataset, { config });
    expect(warmUp.iterations).toBe(20);
    expect(warmUp.lossAtEnd).toBeLessThan(0.8 * warmUp.lossAtStart);
  });
});
