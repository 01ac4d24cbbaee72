import { measureVariance } from "../data/data-variance.ts";
import { countBlockPoints, planBlocks } from "../evaluators/block-plan.ts";
import type { EvaluatorId } from "../evaluators/evaluator.ts";
import type { NormalEquations } from "../evaluators/normal-equations.ts";
import type { Fit } from "../fit.ts";
import { runFirstOrderWarmUp } from "../solver/first-order-warm-up.ts";
import { type Objective, runLevenbergMarquardt, startLevenbergMarquardt } from "../solver/levenberg-marquardt.ts";
import { toNormalized } from "../solver/normalizer.ts";

/** What phase 1 did. */
export interface WarmUpReport {
  readonly method: "subsample" | "adam" | "lbfgs" | "none";
  readonly iterations: number;
  readonly stop: string;
  /** Passes over all points that the warm-up cost, in parts of one. */
  readonly passEquivalents: number;
  /** Mean square residual at the start and at the end, over the points that the warm-up saw; NaN where it saw none. */
  readonly lossAtStart: number;
  readonly lossAtEnd: number;
  /** How far x moved, as a part of the diagonal of the unit box. */
  readonly movedFraction: number;
  readonly warning: string | null;
}

/** A sample of more than this part of the rows costs more passes than it saves. */
const leastStride = 16;
const sampleFtol = 1e-6;
const sampleTrials = 60;
const negligibleMove = 0.01;

/** Phase 1: moves `fit.state.x` to a good start of phase 2. Skipped when a checkpoint has it done. */
export async function warmUp(fit: Fit): Promise<WarmUpReport> {
  if (fit.state.warmUp !== null) return fit.state.warmUp;
  const report = await chooseWarmUp(fit);
  fit.state.warmUp = report;
  return report;
}

async function chooseWarmUp(fit: Fit): Promise<WarmUpReport> {
  const { warmup } = fit.problem.config;
  if (warmup === "none") return skipped("none", "switched off");
  return warmup === "subsample" ? await warmUpOnSample(fit) : await warmUpOnAll(fit, warmup);
}

const skipped = (method: WarmUpReport["method"], stop: string): WarmUpReport => ({
  method,
  iterations: 0,
  stop,
  passEquivalents: 0,
  lossAtStart: Number.NaN,
  lossAtEnd: Number.NaN,
  movedFraction: 0,
  warning: null,
});

/** The stride of rows that leaves a sample of enough points. */
export function chooseStride({ problem: { dataset, config, model } }: Fit): number {
  const n = dataset.experiment.timeCount;
  const rows = Math.ceil(model.leastSamplePoints / (n * dataset.experiment.anglesDegrees.length));
  return Math.max(1, Math.min(config.sampleStride, Math.floor(n / Math.max(rows, 4))));
}

/** The engine of samples: the float64 one that is always there, so that phase 1 does not depend on the engine of phase 2. */
export const sampleEngine = (engine: EvaluatorId): EvaluatorId => (engine === "js-f64" ? "js-f64" : "wasm-f64");

async function warmUpOnSample(fit: Fit): Promise<WarmUpReport> {
  const { problem, normalizer, telemetry, state } = fit;
  const { dataset, config } = problem;
  const stride = chooseStride(fit);
  if (stride < Math.min(leastStride, config.sampleStride)) return skipped("subsample", "too few points for a sample");
  const points = planBlocks(dataset.experiment.timeCount, stride).reduce(
    (count, block) => count + countBlockPoints(dataset, block),
    0,
  );
  const evaluator = await fit.makeEvaluator(sampleEngine(problem.engine), stride);
  try {
    const runner = fit.makeRunner(evaluator, true);
    const objective: Objective = { bounds: normalizer, pointCount: points, evaluate: (x, out) => runner.run(x, out) };
    telemetry.countWarmup();
    const solver = await startLevenbergMarquardt(objective, state.x, config.mu0 ?? 1e-4);
    const lossAtStart = solver.equations.cost / points;
    const threshold = config.layers.warmStartThreshold;
    if (threshold !== null) {
      const relative =
        lossAtStart /
        ((await measureSampleVariance(fit, (p, out) => runner.run(toNormalized(normalizer, p), out))) + 1e-10);
      if (relative < threshold) {
        telemetry.record({ kind: "layer1_warm_start", relative_loss: relative, threshold });
        return { ...skipped("subsample", "warm start"), lossAtStart, lossAtEnd: lossAtStart };
      }
    }
    const startX = state.x;
    const { stop } = await runLevenbergMarquardt(objective, solver, {
      mu0: solver.mu,
      ftol: sampleFtol,
      maxTrials: sampleTrials,
    });
    state.x = solver.x;
    return {
      method: "subsample",
      iterations: solver.trial,
      stop,
      passEquivalents:
        (runner.counts.full * points) /
        planBlocks(dataset.experiment.timeCount).reduce((count, block) => count + countBlockPoints(dataset, block), 0),
      lossAtStart,
      lossAtEnd: solver.equations.cost / points,
      movedFraction: distance(startX, solver.x),
      warning: null,
    };
  } finally {
    await evaluator.dispose();
  }
}

async function measureSampleVariance(
  { problem: { dataset, model }, start, normalizer }: Fit,
  evaluateNormalized: (parameters: Float64Array, out: NormalEquations) => Promise<void>,
): Promise<number> {
  return await measureVariance(model, dataset.experiment.anglesDegrees.length, start, async (parameters, out) => {
    await evaluateNormalized(parameters, out);
    for (let row = 0, index = 0; row < normalizer.scale.length; row++) {
      out.g[row] /= normalizer.scale[row];
      for (let column = 0; column <= row; column++, index++)
        out.H[index] /= normalizer.scale[row] * normalizer.scale[column];
    }
  });
}

/** Adam or L-BFGS over all points at every iteration, as the seed's optimizer does it. */
async function warmUpOnAll(fit: Fit, method: "adam" | "lbfgs"): Promise<WarmUpReport> {
  const { problem, normalizer, telemetry, state, host } = fit;
  const evaluator = await fit.makeEvaluator(problem.engine);
  try {
    const runner = fit.makeRunner(evaluator);
    const objective: Objective = {
      bounds: normalizer,
      pointCount: fit.pointCount(),
      evaluate: (x, out) => runner.run(x, out),
    };
    const dataVariance = await measureSampleVariance(fit, (p, out) => runner.run(toNormalized(normalizer, p), out));
    const startX = state.x;
    const outcome = await runFirstOrderWarmUp(objective, startX, {
      ...problem.config,
      method,
      telemetry,
      dataVariance,
      onIteration: (_, cost) => host.listener.onCost?.(runner.counts.full, cost),
    });
    state.x = outcome.x;
    const movedFraction = distance(startX, outcome.x);
    return {
      method,
      iterations: outcome.iterations,
      stop: outcome.stop,
      passEquivalents: runner.counts.full,
      lossAtStart: outcome.firstCost / fit.pointCount(),
      lossAtEnd: outcome.cost / fit.pointCount(),
      movedFraction,
      warning:
        outcome.stop !== "skipped" && movedFraction < negligibleMove
          ? `the warm-up moved ${(100 * movedFraction).toPrecision(2)} % of the box in ${runner.counts.full} passes`
          : null,
    };
  } finally {
    await evaluator.dispose();
  }
}

function distance(a: Float64Array, b: Float64Array): number {
  return Math.sqrt(a.reduce((sum, value, index) => sum + (value - b[index]) ** 2, 0) / a.length);
}
