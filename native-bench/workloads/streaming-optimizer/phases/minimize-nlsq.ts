import type { Fit } from "../fit.ts";
import { runNlsqGaussNewton, startGaussNewton } from "../solver/nlsq-gauss-newton.ts";
import type { Minimum } from "./minimum.ts";

/** Phase 2 of mode nlsq: three passes an iteration, one engine. */
export async function minimizeNlsq(fit: Fit): Promise<Minimum> {
  const { problem, host, normalizer, state } = fit;
  const { config } = problem;
  const evaluator = await fit.makeEvaluator(problem.engine);
  try {
    const runner = fit.makeRunner(evaluator);
    state.nlsq ??= startGaussNewton(state.x, config.trustRegionInitial);
    state.pass = null;
    const outcome = await runNlsqGaussNewton(
      { bounds: normalizer, pointCount: fit.pointCount(), evaluate: (x, out, kind) => runner.run(x, out, kind) },
      state.nlsq,
      {
        tol: config.ftol,
        maxIterations: config.maxIterations,
        trustRegionInitial: config.trustRegionInitial,
        regularizationFactor: config.regularizationFactor,
        keepDefects: config.nlsqDefects === "keep",
        onIteration({ iteration, cost, rho, accepted }) {
          host.recorder.instant(`iter ${iteration}`, { cost, rho, accepted });
          host.listener.onCost?.(runner.counts.full + runner.counts.cost, cost);
        },
        onState: () => fit.save(null),
      },
    );
    state.x = outcome.x;
    return {
      x: outcome.x,
      equations: { ...outcome.equations, cost: outcome.cost },
      iterations: outcome.iterations,
      stop: outcome.stop,
      converged: outcome.stop !== "trials",
      engine: evaluator.description,
    };
  } finally {
    await evaluator.dispose();
    host.recorder.counter("rss bytes", process.memoryUsage.rss());
  }
}
