import { countBlockPoints, planBlocks } from "../evaluators/block-plan.ts";
import type { Fit } from "../fit.ts";
import {
  type LevenbergMarquardtState,
  type Objective,
  runLevenbergMarquardt,
  startLevenbergMarquardt,
} from "../solver/levenberg-marquardt.ts";
import { samplePoints } from "../solver/start-sampler.ts";
import { chooseStride, sampleEngine } from "./warm-up.ts";

/** What came of several starts. */
export interface MultistartReport {
  readonly starts: number;
  /** 0: the start that was given; else the number of a sampled one. */
  readonly chosen: number;
  /** Mean square residual over the sample. */
  readonly loss: number;
}

const startSeed = 1;
const startMu = 1e-4;
const roundFtol = 1e-6;

interface Candidate {
  readonly number: number;
  readonly solver: LevenbergMarquardtState;
}

/**
 * A tournament of starts on the sample of the warm-up: each gets some trials of the solver, then the worse part goes, round by round.
 * Moves `fit.state.x` to where the winner has come. Null when it is switched off or a checkpoint has it behind it.
 */
export async function chooseStart(fit: Fit): Promise<MultistartReport | null> {
  const { problem, state, normalizer } = fit;
  const { config, dataset } = problem;
  if (!config.enableMultistart || state.warmUp !== null) return null;
  const stride = chooseStride(fit);
  const evaluator = await fit.makeEvaluator(sampleEngine(problem.engine), stride);
  try {
    const runner = fit.makeRunner(evaluator, true);
    const points = planBlocks(dataset.experiment.timeCount, stride).reduce(
      (count, block) => count + countBlockPoints(dataset, block),
      0,
    );
    const objective: Objective = { bounds: normalizer, pointCount: points, evaluate: (x, out) => runner.run(x, out) };
    let alive: Candidate[] = [];
    for (const [number, x] of listStarts(fit).entries()) {
      const solver = await startLevenbergMarquardt(objective, x, startMu);
      if (Number.isFinite(solver.equations.cost)) alive.push({ number, solver });
    }
    const starts = alive.length;
    for (let round = 0; round < config.eliminationRounds && alive.length > 1; round++) {
      for (const { solver } of alive)
        await runLevenbergMarquardt(objective, solver, {
          mu0: solver.mu,
          ftol: roundFtol,
          maxTrials: solver.trial + config.batchesPerRound,
        });
      alive = alive
        .toSorted((a, b) => a.solver.equations.cost - b.solver.equations.cost)
        .slice(0, Math.max(1, Math.ceil(alive.length * (1 - config.eliminationFraction))));
    }
    const best = alive.reduce<Candidate | null>(
      (least, one) => (least === null || one.solver.equations.cost < least.solver.equations.cost ? one : least),
      null,
    );
    if (best === null) return null;
    state.x = best.solver.x;
    return { starts, chosen: best.number, loss: best.solver.equations.cost / points };
  } finally {
    await evaluator.dispose();
  }
}

/** The start that was given, then sampled ones within the bounds; where there are none, within ± its own size. */
function listStarts({ problem: { config }, state, normalizer: { lower, upper } }: Fit): Float64Array[] {
  const { nStarts, multistartSampler, centerOnP0, scaleFactor } = config;
  const sampled = samplePoints(multistartSampler, { count: nStarts, dimensions: state.x.length, seed: startSeed });
  return [
    state.x,
    ...sampled.map((unit) =>
      state.x.map((center, index) => {
        const bounded = Number.isFinite(lower[index]) && Number.isFinite(upper[index]);
        const width = bounded ? upper[index] - lower[index] : 2 * Math.max(Math.abs(center), 1);
        const middle = centerOnP0 || !bounded ? center : (lower[index] + upper[index]) / 2;
        const reach = centerOnP0 || !bounded ? width * scaleFactor : width;
        return Math.min(upper[index], Math.max(lower[index], middle + (unit[index] - 0.5) * reach));
      }),
    ),
  ];
}
