import { SpanKind } from "../../../../traces/model/span-kind.ts";
import type { EvaluatorId } from "../evaluators/evaluator.ts";
import type { Fit } from "../fit.ts";
import {
  type LevenbergMarquardtHooks,
  type LevenbergMarquardtState,
  type Objective,
  runLevenbergMarquardt,
  startLevenbergMarquardt,
  type StopReason,
} from "../solver/levenberg-marquardt.ts";
import { toParameters } from "../solver/normalizer.ts";
import type { Minimum } from "./minimum.ts";
import type { WarmUpReport } from "./warm-up.ts";

const muAfterWarmUp = 1e-7;
const muFromStart = 1e-4;
/** float32 cannot tell decreases below this part of the cost. */
const handoverFraction = 1e-5;
const plausibleRho = { least: 0.5, most: 1.5 } as const;
const implausibleTrials = 2;

/** Phase 2 of mode deltaflame: one fused pass a trial. Engines of float32 go first; float64 always has the last passes. */
export async function minimizeFused(fit: Fit, warm: WarmUpReport): Promise<Minimum> {
  const { engine } = fit.problem;
  const isF64 = engine.endsWith("f64");
  if (!isF64 && fit.state.fused?.precision !== "f64") await minimizeWith(fit, warm, engine, "f32");
  return await minimizeWith(fit, warm, isF64 ? engine : "wasm-f64", "f64");
}

async function minimizeWith(
  fit: Fit,
  warm: WarmUpReport,
  engine: EvaluatorId,
  precision: "f32" | "f64",
): Promise<Minimum> {
  const { problem, host, normalizer, state } = fit;
  const { config } = problem;
  const evaluator = await fit.makeEvaluator(engine);
  try {
    const runner = fit.makeRunner(evaluator);
    const objective: Objective = {
      bounds: normalizer,
      get pointCount() {
        return fit.pointCount();
      },
      evaluate: (x, out) => runner.run(x, out),
    };
    const saved = state.fused?.precision === precision ? state.fused.solver : null;
    const solver = saved ?? (await startSolver(fit, warm, objective));
    state.pass = null;
    state.fused = { precision, solver };
    const save = (): void => fit.save(null);
    if (saved === null) save();
    report(fit, solver);
    const { stop } = await runLevenbergMarquardt(
      objective,
      solver,
      { mu0: solver.mu, ftol: config.ftol, maxTrials: config.maxIterations },
      createHooks(fit, { precision, onAccept: save, countPasses: () => runner.counts.full }),
    );
    state.x = solver.x;
    if (precision === "f32") state.fused = null;
    return {
      x: solver.x,
      equations: solver.equations,
      iterations: solver.trial,
      stop,
      converged: isMinimum(stop),
      engine: evaluator.description,
    };
  } finally {
    await evaluator.dispose();
    host.recorder.counter("rss bytes", process.memoryUsage.rss());
  }
}

const isMinimum = (stop: StopReason): boolean => stop === "ftol" || stop === "pred" || stop === "exact";

/** The first full pass. Layer 3 also guards the warm-up on a sample: where its end is worse over all points, the start is taken back. */
async function startSolver(
  { problem: { config }, normalizer, start, state, telemetry, pointCount }: Fit,
  warm: WarmUpReport,
  objective: Objective,
): Promise<LevenbergMarquardtState> {
  const warmed = warm.method !== "none" && warm.iterations > 0 && state.fused === null;
  const solver = await startLevenbergMarquardt(
    objective,
    state.x,
    config.mu0 ?? (warmed ? muAfterWarmUp : muFromStart),
  );
  const tolerance = config.layers.costIncreaseTolerance;
  if (!warmed || tolerance === null) return solver;
  const ratio = solver.equations.cost / pointCount() / warm.lossAtStart;
  if (ratio <= 1 + tolerance) return solver;
  telemetry.record({ kind: "layer3_cost_guard", cost_ratio: ratio, tolerance, iteration: warm.iterations });
  const original = start.map((value, index) => (value - normalizer.offset[index]) / normalizer.scale[index]);
  return await startLevenbergMarquardt(objective, original, config.mu0 ?? muFromStart);
}

function createHooks(
  fit: Fit,
  {
    precision,
    onAccept,
    countPasses,
  }: { readonly precision: "f32" | "f64"; readonly onAccept: () => void; readonly countPasses: () => number },
): LevenbergMarquardtHooks {
  const { recorder, listener } = fit.host;
  let implausible = 0;
  return {
    onSolveBegin: () => recorder.begin("solve", SpanKind.op),
    onSolveEnd: () => recorder.end(),
    onTrialBegin: (trial) => recorder.begin(`iter ${trial}`, SpanKind.step),
    onTrialEnd({ trial: _trial, accepted, cost, ...facts }) {
      recorder.end({ accepted, cost, ...facts });
      listener.onCost?.(countPasses(), cost);
    },
    onAccept(solver) {
      onAccept();
      report(fit, solver);
    },
    ...(precision === "f32" && {
      wantsHandover: ({ predictedFraction, rho }) => {
        if (!(rho >= plausibleRho.least && rho <= plausibleRho.most)) implausible++;
        return predictedFraction < handoverFraction || implausible >= implausibleTrials;
      },
    }),
  };
}

function report({ host, names, normalizer, problem: { model, dataset } }: Fit, { x }: LevenbergMarquardtState): void {
  const specs = model.parameters(dataset.experiment);
  const values = toParameters(normalizer, x);
  host.listener.onParameters?.(
    names.map((name, index) => ({
      name,
      unit: specs[index].unit,
      value: values[index],
      standardError: null,
      atBound: x[index] <= normalizer.lower[index] || x[index] >= normalizer.upper[index],
    })),
  );
}
