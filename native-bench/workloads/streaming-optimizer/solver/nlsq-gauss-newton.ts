import { createNormalEquations, type NormalEquations, packedIndex } from "../evaluators/normal-equations.ts";
import type { PassKind } from "../evaluators/evaluator.ts";
import { decomposeSymmetric, dot, quadraticForm } from "./linear-algebra.ts";
import type { Bounds } from "./normalizer.ts";

export interface GaussNewtonObjective {
  readonly bounds: Bounds;
  readonly pointCount: number;
  evaluate(x: Float64Array, out: NormalEquations, kind: PassKind): Promise<void>;
}

export interface GaussNewtonOptions {
  readonly tol: number;
  readonly maxIterations: number;
  readonly trustRegionInitial: number;
  readonly regularizationFactor: number;
  /** Keep what is known to be wrong: see `runNlsqGaussNewton`. */
  readonly keepDefects: boolean;
  readonly onIteration?: (facts: {
    readonly iteration: number;
    readonly cost: number;
    readonly rho: number;
    readonly accepted: boolean;
  }) => void;
  /** After an iteration, with everything the next one depends on. */
  readonly onState?: (state: GaussNewtonState) => Promise<void> | void;
}

/** Everything the next iteration depends on. */
export interface GaussNewtonState {
  x: Float64Array;
  radius: number;
  rejections: number;
  iteration: number;
  previousCost: number;
  /** Why it ended; null while it goes on. */
  stop: "gradient" | "ftol" | null;
  best: { x: Float64Array; cost: number };
}

export interface GaussNewtonOutcome {
  readonly x: Float64Array;
  readonly cost: number;
  readonly equations: NormalEquations;
  readonly iterations: number;
  readonly stop: "gradient" | "ftol" | "trials";
  readonly lastRho: number;
}

const smallestRadius = 1e-8;
const largestRadius = 1000;
const rejectionsBeforeReset = 10;
const largeGradient = 1e-4;

export const startGaussNewton = (x: Float64Array, radius: number): GaussNewtonState => ({
  x: Float64Array.from(x),
  radius,
  rejections: 0,
  iteration: 0,
  previousCost: Number.POSITIVE_INFINITY,
  stop: null,
  best: { x: Float64Array.from(x), cost: Number.POSITIVE_INFINITY },
});

/**
 * Phase 2 as the seed's optimizer runs it: a pass for H and g, a pass for the cost of the trial, and, when it is accepted, a third pass whose
 * H and g are thrown away and computed again. `keepDefects` keeps the defects that change the result: a rejected first step
 * ends the fit as converged with the rejected point (1), ρ is twice too large (3), the best cost is recorded with the next
 * parameters (7), the gradient test is absolute (8). Repaired, it reaches the same minimum, so that times can be compared.
 */
export async function runNlsqGaussNewton(
  objective: GaussNewtonObjective,
  state: GaussNewtonState,
  options: GaussNewtonOptions,
): Promise<GaussNewtonOutcome> {
  const equations = createNormalEquations(state.x.length);
  let lastRho = Number.NaN;
  while (state.stop === null && state.iteration < options.maxIterations)
    lastRho = await iterate(objective, state, equations, options);
  const end = options.keepDefects ? state.best : await evaluateEnd(objective, state, equations);
  return {
    x: end.x,
    cost: end.cost,
    equations,
    iterations: state.iteration,
    stop: state.stop ?? "trials",
    lastRho,
  };
}

/** One iteration; returns its ρ. */
async function iterate(
  objective: GaussNewtonObjective,
  state: GaussNewtonState,
  equations: NormalEquations,
  options: GaussNewtonOptions,
): Promise<number> {
  const { keepDefects } = options;
  // Changed in one go at the end, so that what is saved meanwhile is always a state between iterations.
  const next: GaussNewtonState = { ...state, iteration: state.iteration + 1 };
  await objective.evaluate(state.x, equations, "full");
  const { cost } = equations;
  const gradientNorm = Math.sqrt(dot(equations.g, equations.g));
  if (isFlat(objective, state.x, equations, gradientNorm, options)) {
    Object.assign(state, next, { stop: "gradient" });
    return Number.NaN;
  }
  const delta = solveOnBall(equations, state.radius, options.regularizationFactor);
  const x = clip(state.x, delta, objective.bounds);
  const trial = createNormalEquations(x.length);
  await objective.evaluate(x, trial, "cost");
  const predicted = Math.max(dot(equations.g, delta) - quadraticForm(equations.H, delta) / 2, 0);
  const rho = ((cost - trial.cost) / predicted) * (keepDefects ? 1 : 0.5);
  const accepted = trial.cost < cost;
  const reached = Math.min(trial.cost, cost);
  options.onIteration?.({ iteration: next.iteration, cost: reached, rho, accepted });
  if (keepDefects && next.best.cost > cost) next.best = { x, cost };
  resizeRadius(next, { rho, delta, gradientNorm, accepted }, options);
  if (accepted) {
    await objective.evaluate(x, createNormalEquations(x.length), "full");
    next.x = x;
  }
  const isPlateau = Math.abs(next.previousCost - reached) / cost < options.tol;
  if (accepted) next.previousCost = trial.cost;
  const isFalselyConverged = keepDefects && !accepted && next.iteration === 1;
  if (isFalselyConverged || (isPlateau && (accepted || keepDefects))) next.stop = "ftol";
  Object.assign(state, next);
  await options.onState?.(state);
  return rho;
}

function clip(x: Float64Array, delta: Float64Array, { lower, upper }: Bounds): Float64Array {
  return x.map((value, index) => Math.min(upper[index], Math.max(lower[index], value + delta[index])));
}

/** The last accepted point with its own H, g and cost. */
async function evaluateEnd(
  objective: GaussNewtonObjective,
  state: GaussNewtonState,
  equations: NormalEquations,
): Promise<{ readonly x: Float64Array; readonly cost: number }> {
  await objective.evaluate(state.x, equations, "full");
  return { x: state.x, cost: equations.cost };
}

function isFlat(
  objective: GaussNewtonObjective,
  x: Float64Array,
  { H, g, cost }: NormalEquations,
  gradientNorm: number,
  options: GaussNewtonOptions,
): boolean {
  if (options.keepDefects) return gradientNorm < options.tol;
  const { lower, upper } = objective.bounds;
  for (let index = 0; index < g.length; index++) {
    if ((x[index] <= lower[index] && g[index] < 0) || (x[index] >= upper[index] && g[index] > 0)) continue;
    if (Math.abs(g[index]) > options.tol * Math.sqrt(H[packedIndex(index, index)] * cost)) return false;
  }
  return true;
}

/** Gauss–Newton step from the eigenvalues of H, lifted to 1e-10 of the largest, scaled onto the ball of `radius`. */
function solveOnBall({ H, g }: NormalEquations, radius: number, regularization: number): Float64Array {
  const { values, vectors } = decomposeSymmetric(H, g.length);
  const floor = 1e-10 * (values[g.length - 1] + regularization);
  const delta = new Float64Array(g.length);
  for (const [k, value] of values.entries()) {
    const factor = dot(vectors[k], g) / Math.max(value + regularization, floor);
    for (let index = 0; index < g.length; index++) delta[index] += factor * vectors[k][index];
  }
  const length = Math.sqrt(dot(delta, delta));
  return length <= radius ? delta : delta.map((value) => (value * radius) / length);
}

function resizeRadius(
  state: GaussNewtonState,
  {
    rho,
    delta,
    gradientNorm,
    accepted,
  }: { readonly rho: number; readonly delta: Float64Array; readonly gradientNorm: number; readonly accepted: boolean },
  { trustRegionInitial }: GaussNewtonOptions,
): void {
  if (!(rho >= 0.25)) {
    state.radius /= 2;
    if (state.radius < smallestRadius && gradientNorm > largeGradient)
      state.radius = Math.min((0.1 * gradientNorm) / Math.max(1, gradientNorm), 1);
  } else if (rho > 0.75 && Math.sqrt(dot(delta, delta)) >= 0.9 * state.radius)
    state.radius = Math.min(2 * state.radius, largestRadius);
  state.radius = Math.max(state.radius, smallestRadius);
  state.rejections = accepted ? 0 : state.rejections + 1;
  if (state.rejections < rejectionsBeforeReset || gradientNorm <= largeGradient) return;
  state.radius = trustRegionInitial;
  state.rejections = 0;
}
