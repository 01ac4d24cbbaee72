import { execFileSync } from "node:child_process";
import { statSync, writeFileSync } from "node:fs";
import { describe, expect, test, vi } from "vitest";
import { createArrayWriter } from "../../../native-bench/workloads/streaming-optimizer/data/array-writer.ts";
import { sidecarPath } from "../../../native-bench/workloads/streaming-optimizer/data/dataset.ts";
import {
  createNormalEquations,
  type NormalEquations,
  packedIndex,
} from "../../../native-bench/workloads/streaming-optimizer/evaluators/normal-equations.ts";
import { nullFitRecorder, type FitRecorder } from "../../../native-bench/workloads/streaming-optimizer/fit-recorder.ts";
import { createReferenceExperiment } from "../../../native-bench/workloads/streaming-optimizer/model/experiment.ts";
import { addGroupVariance } from "../../../native-bench/workloads/streaming-optimizer/solver/group-variance.ts";
import {
  type Objective,
  runLevenbergMarquardt,
  startLevenbergMarquardt,
  type Trial,
} from "../../../native-bench/workloads/streaming-optimizer/solver/levenberg-marquardt.ts";
import {
  runNlsqGaussNewton,
  startGaussNewton,
} from "../../../native-bench/workloads/streaming-optimizer/solver/nlsq-gauss-newton.ts";
import { buildChild } from "../../fixtures/optimizer/build-child.ts";
import { evaluateOnce, fitOnce, makeExperiment, modelOf, newPath, startOf, writeExperiment } from "./experiments.ts";

/*
 * Each known defect of the optimizer that this one was modelled on, with a test that fails where it is present. The numbers are those of the
 * list the tests were written from; where mode nlsq can keep a defect, the test shows it there too.
 */

const laminar = modelOf("laminar");
const l100k = createReferenceExperiment(66, 23);
const wide = { lower: new Float64Array(3).fill(-1e9), upper: new Float64Array(3).fill(1e9) };

/** Σ (A·x − b)² with A = diag(scales) repeated `copies` times, b shifted by alternating noise: minimum at `target`. */
function linearObjective(
  scales: readonly number[],
  target: readonly number[],
  { noise = 0.1, copies = 50, unit = 1 } = {},
): Objective & { passes: number } {
  const objective = {
    bounds: { lower: wide.lower.slice(0, scales.length), upper: wide.upper.slice(0, scales.length) },
    pointCount: copies * scales.length,
    passes: 0,
    evaluate: (x: Float64Array, out: NormalEquations): Promise<void> => {
      objective.passes++;
      out.H.fill(0);
      out.g.fill(0);
      out.cost = 0;
      for (let copy = 0; copy < copies; copy++)
        for (const [index, scale] of scales.entries()) {
          const residual =
            unit * (scale * (target[index] ?? 0) + (copy % 2 === 0 ? noise : -noise)) - unit * scale * x[index];
          out.H[packedIndex(index, index)] += (unit * scale) ** 2;
          out.g[index] += unit * scale * residual;
          out.cost += residual * residual;
        }
      return Promise.resolve();
    },
  };
  return objective;
}

const gaussNewton = { tol: 1e-8, maxIterations: 50, trustRegionInitial: 1, regularizationFactor: 1e-10 };

test("1: a rejected first step is not convergence", async () => {
  const dataset = await makeExperiment(laminar, { experiment: l100k });
  const start = await evaluateOnce(laminar, dataset, startOf(laminar, dataset), { kernel: "plain" });
  const kept = await fitOnce(laminar, dataset, { config: { mode: "nlsq", nlsq_defects: "keep", warmup: "none" } });
  // The seed's optimizer says "converged" at a point that is worse than the start, or far from the minimum.
  const repaired = await fitOnce(laminar, dataset, { config: { warmup: "none" } });
  expect(repaired.success).toBe(true);
  expect(repaired.cost).toBeLessThan(start.cost);
  expect(kept.cost).toBeGreaterThan(1.0001 * repaired.cost);
});

test("the cost of the result is never above that of the start", async () => {
  for (const seed of [3, 4, 5]) {
    const dataset = await makeExperiment(laminar, { experiment: createReferenceExperiment(30, 5), seed });
    const start = await evaluateOnce(laminar, dataset, startOf(laminar, dataset), { kernel: "plain" });
    for (const config of [
      {},
      { warmup: "none" },
      { mode: "nlsq", warmup: "none" },
      { warmup: "lbfgs", warmup_iterations: 5, max_warmup_iterations: 10 },
    ])
      expect((await fitOnce(laminar, dataset, { config })).cost).toBeLessThanOrEqual(start.cost * (1 + 1e-12));
  }
});

test("2: no two passes read all points at the same parameters", async () => {
  const dataset = await makeExperiment(laminar, { experiment: l100k });
  const passesOf = async (config: Readonly<Record<string, unknown>>): Promise<string[]> => {
    const passes: string[] = [];
    const recorder: FitRecorder = {
      ...nullFitRecorder,
      begin: (name, _, args) => void (name === "pass" && passes.push(String(args?.["parameters"]))),
    };
    await fitOnce(laminar, dataset, { config, recorder });
    return passes;
  };
  const fused = await passesOf({ warmup: "none" });
  expect(new Set(fused).size).toBe(fused.length);
  const three = await passesOf({ mode: "nlsq", warmup: "none", max_iterations: 10 });
  expect(new Set(three).size).toBeLessThan(three.length);
});

test("3: ρ is 1 on a linear model", async () => {
  const trials: Trial[] = [];
  const objective = linearObjective([1, 2, 3], [0.3, -0.2, 0.1]);
  await runLevenbergMarquardt(
    objective,
    await startLevenbergMarquardt(objective, new Float64Array(3), 1e-4),
    { mu0: 1e-4, ftol: 1e-8, maxTrials: 30 },
    { onTrialEnd: (trial) => void trials.push(trial) },
  );
  expect(trials[0]?.rho).toBeCloseTo(1, 9);
  for (const [keepDefects, expected] of [
    [false, 1],
    [true, 2],
  ] as const) {
    const rhos: number[] = [];
    await runNlsqGaussNewton(objective, startGaussNewton(new Float64Array(3), 1), {
      ...gaussNewton,
      keepDefects,
      onIteration: ({ rho }) => void rhos.push(rho),
    });
    expect(rhos[0]).toBeCloseTo(expected, 6);
  }
});

test("4: an ill-conditioned quadratic is solved in a dozen trials", async () => {
  const objective = linearObjective([1, 1e-2, 1e-5], [3, -200, 5e4]);
  const { state, stop } = await runLevenbergMarquardt(
    objective,
    await startLevenbergMarquardt(objective, new Float64Array(3), 1e-4),
    { mu0: 1e-4, ftol: 1e-10, maxTrials: 12 },
  );
  expect(["ftol", "pred"]).toContain(stop);
  expect(state.x[2] / 5e4).toBeCloseTo(1, 6);
});

test("5 and 6: the warm-up costs less than a pass; the seed's costs hundreds, moves little and says so", async () => {
  const model = modelOf("static");
  const dataset = await makeExperiment(model, { experiment: createReferenceExperiment(600, 1) });
  const ours = await fitOnce(model, dataset);
  expect(ours.warmUp.method).toBe("subsample");
  expect(ours.warmUp.passEquivalents).toBeLessThan(1);
  const small = await makeExperiment(model, { experiment: createReferenceExperiment(60, 1) });
  // So near to the minimum that the second layer allows steps of 1e-6 only.
  const start = Float64Array.of(0.31, 1.001, 1500, -0.4, 20);
  const adam = await fitOnce(model, small, { start, config: { warmup: "adam" } });
  expect(adam.warmUp.passEquivalents).toBeGreaterThan(200);
  expect(adam.warmUp.warning).toMatch(/^the warm-up moved .* % of the box in \d+ passes$/);
});

test("7: the best cost is that of the best point", async () => {
  const dataset = await makeExperiment(laminar, { experiment: createReferenceExperiment(40, 5) });
  for (const config of [
    {},
    { mode: "nlsq", warmup: "none" },
    { warmup: "adam", warmup_iterations: 3, max_warmup_iterations: 6 },
  ]) {
    const result = await fitOnce(laminar, dataset, { config });
    const again = await evaluateOnce(laminar, dataset, result.popt, { kernel: "plain" });
    expect(Math.abs(again.cost / result.cost - 1)).toBeLessThan(1e-12);
  }
  const kept = await fitOnce(laminar, dataset, {
    config: { mode: "nlsq", nlsq_defects: "keep", warmup: "none", max_iterations: 3 },
  });
  const again = await evaluateOnce(laminar, dataset, kept.popt, { kernel: "plain" });
  expect(again.cost).not.toBe(kept.cost);
});

test("8: the verdict does not depend on the unit of the data or on their number", async () => {
  const verdicts = [];
  for (const [unit, copies] of [
    [1, 50],
    [10, 50],
    [1000, 50],
    [1, 800],
  ] as const) {
    const objective = linearObjective([1, 0.1, 4], [0.4, 2, -1], { unit, copies });
    const { state, stop } = await runLevenbergMarquardt(
      objective,
      await startLevenbergMarquardt(objective, new Float64Array(3), 1e-4),
      { mu0: 1e-4, ftol: 1e-8, maxTrials: 40 },
    );
    verdicts.push({ stop, trials: state.trial });
  }
  expect(new Set(verdicts.map((verdict) => JSON.stringify(verdict))).size).toBe(1);
});

test("9: every key changes what happens or is refused", async () => {
  const { defaultConfig } = await import("../../../native-bench/workloads/streaming-optimizer/config.ts");
  const { parseFitConfig } = await import("../../../native-bench/workloads/streaming-optimizer/parse-config.ts");
  for (const ignored of [
    "callback",
    "min_success_rate",
    "gc_chunk_interval",
    "enable_multi_device",
    "cg_max_iterations",
    "layers",
  ])
    expect(() => parseFitConfig({ [ignored]: 1 })).toThrow("unknown key");
  for (const key of Object.keys(defaultConfig))
    if (key !== "layers") expect(() => parseFitConfig({ [key]: { no: "value" } })).toThrow("expected");
});

test("11: phase 2 minimises the weighted cost", async () => {
  const model = modelOf("static");
  const n = 90;
  const clean = await makeExperiment(model, { experiment: createReferenceExperiment(n, 1), sigma: 0.01 });
  const { readFileSync } = await import("node:fs");
  const values = Array.from(
    new Float64Array(Uint8Array.from(readFileSync(clean.path).subarray(clean.dataOffset)).buffer),
  );
  // Every seventh point is far off, and its σ says so.
  const spoiled = values.map((value, index) => (index % 7 === 0 ? value + 0.4 : value));
  const sigma = writeExperiment([values.map((_, index) => (index % 7 === 0 ? 1e4 : 0.01))], n);
  const dataset = writeExperiment([spoiled], n);
  const weighted = { ...dataset, sigmaPath: sigma.path };
  const plain = await fitOnce(model, dataset);
  const fit = await fitOnce(model, weighted, { config: { absolute_sigma: true } });
  expect(Math.abs(fit.popt[1] - 1) / fit.perr[1]).toBeLessThan(4.5);
  // A seventh of the points lie 0.4 too high.
  expect(plain.popt[1] - 1).toBeGreaterThan(0.03);
});

test("12: the group variance has the gradient and curvature of its cost", () => {
  const parameters = Float64Array.of(0.3, 0.31, 0.27, 1, 1.02, 0.99);
  const groups = [
    [0, 1, 2],
    [3, 4, 5],
  ];
  const at = (values: Float64Array): NormalEquations => {
    const out = createNormalEquations(values.length);
    addGroupVariance(groups, 7, values, out);
    return out;
  };
  const { g, H } = at(parameters);
  const h = 1e-5;
  for (const index of parameters.keys()) {
    const moved = (sign: number): NormalEquations =>
      at(parameters.map((value, k) => (k === index ? value + sign * h : value)));
    expect((moved(1).cost - moved(-1).cost) / (2 * h)).toBeCloseTo(-2 * g[index], 8);
    expect((moved(-1).g[index] - moved(1).g[index]) / (2 * h)).toBeCloseTo(H[packedIndex(index, index)], 8);
  }
});

test("13: a file larger than the memory of the fit is fitted", async () => {
  const model = modelOf("static");
  // Made by hand, since 162 MB of Gaussian noise take longer than their fit: rows of one map that depends on |i − j| alone.
  const n = 4500;
  const experiment = createReferenceExperiment(n, 1);
  const path = newPath();
  const decay = (model.parameters(experiment)[2]?.truth ?? 0) * experiment.wavevector ** 2 * experiment.timeStepSeconds;
  const lags = Float64Array.from({ length: 2 * n }, (_, index) => 1 + 0.3 * Math.exp(-decay * Math.abs(index - n)));
  const noise = Float64Array.from({ length: 3 * n }, (_, index) => 0.02 * Math.sin(index * index * 0.7));
  const writer = await createArrayWriter(path, { dtype: "f64", shape: [1, n, n] });
  const row = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    const shift = (i * 7919) % (2 * n);
    for (let j = 0; j < n; j++) row[j] = (lags[n - i + j] ?? 0) + (noise[shift + j] ?? 0);
    await writer.write(row);
  }
  await writer.finish();
  writeFileSync(sidecarPath(path), JSON.stringify({ experiment, model: model.id }));
  const program = await buildChild("fit-child");
  const output = execFileSync(process.execPath, [program, path, `${path}-checkpoints`, "1", "4000000"], {
    encoding: "utf8",
  });
  const { success, peakKb } = JSON.parse(/^result (.*)$/m.exec(output)?.[1] ?? "{}") as Record<string, unknown>;
  expect(success).toBe(true);
  expect(statSync(path).size).toBeGreaterThan(150 * 2 ** 20);
  expect(peakKb).toBeLessThan(150 * 1024);
}, 180_000);

// 10 and 14, resuming and half-written checkpoints: checkpoint.test.ts.

test("15: the size of a result does not depend on the number of points", async () => {
  const model = modelOf("static");
  const sizeOf = async (n: number): Promise<number> => {
    const result = await fitOnce(model, await makeExperiment(model, { experiment: createReferenceExperiment(n, 1) }));
    return Object.values(result).reduce(
      (sum: number, value) => sum + (value instanceof Float64Array ? value.length : 0),
      0,
    );
  };
  expect(await sizeOf(300)).toBe(await sizeOf(30));
});

test("16: powers and logarithms are computed per time, not per point", async () => {
  const power = vi.spyOn(Math, "pow");
  const logarithm = vi.spyOn(Math, "log");
  const callsOf = async (n: number, angles: number): Promise<number> => {
    const dataset = await makeExperiment(laminar, { experiment: createReferenceExperiment(n, angles) });
    power.mockClear();
    logarithm.mockClear();
    await evaluateOnce(laminar, dataset, startOf(laminar, dataset), { kernel: "js" });
    return power.mock.calls.length + logarithm.mock.calls.length;
  };
  expect(await callsOf(100, 4)).toBe(4 * 100);
  expect(await callsOf(100, 8)).toBe(4 * 100);
  expect(await callsOf(200, 4)).toBe(4 * 200);
  vi.restoreAllMocks();
});

describe("17: kernels are compiled once", () => {
  test("not again in the passes, the phases or the next fit", async () => {
    const model = modelOf("static");
    const dataset = await makeExperiment(model, { experiment: createReferenceExperiment(600, 1) });
    let compiled = 0;
    const recorder: FitRecorder = {
      ...nullFitRecorder,
      begin: (name) => void (name === "kernel.compile" && compiled++),
    };
    await fitOnce(model, dataset, { recorder });
    await fitOnce(model, dataset, { recorder });
    expect(compiled).toBeLessThanOrEqual(1);
  });
});
