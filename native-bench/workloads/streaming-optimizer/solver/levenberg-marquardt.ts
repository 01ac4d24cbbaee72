import {
  copyNormalEquations,
  createNormalEquations,
  type NormalEquations,
  packedIndex,
} from "../evaluators/normal-equations.ts";
import { computeActiveSetStep, findFree } from "./active-set-step.ts";
import { dot, quadraticForm, solveDamped } from "./linear-algebra.ts";
import type { Bounds } from "./normalizer.ts";

/** What the solver minimises: Σ w·r² in normalised parameters. */
export interface Objective {
  readonly bounds: Bounds;
  /** Points that count for degrees of freedom. */
  readonly pointCount: number;
  /** Overwrites `out` with the normal equations at x; one pass over the data. */
  evaluate(x: Float64Array, out: NormalEquations): Promise<void>;
}

export interface LevenbergMarquardtOptions {
  /** Damping of the first trial, relative to the diagonal of H. */
  readonly mu0: number;
  /** Relative decrease of the cost below which a fit has converged. */
  readonly ftol: number;
  readonly maxTrials: number;
}

/** Everything the next trial depends on. */
export interface LevenbergMarquardtState {
  x: Float64Array;
  mu: number;
  nu: number;
  /** Trials so far, including those that no pass was spent on. */
  trial: number;
  equations: NormalEquations;
  /** Why it ended, where the state alone does not tell; null while it goes on. */
  stop: StopReason | null;
}

export type StopReason = "ftol" | "pred" | "exact" | "damping" | "trials" | "precision";

/** One trial, for curves and spans. */
export interface Trial {
  readonly trial: number;
  readonly cost: number;
  readonly accepted: boolean;
  /** (actual decrease)/(predicted decrease). */
  readonly rho: number;
  readonly mu: number;
  /** Largest |gᵢ|/√(Hᵢᵢ·C) of a free coordinate: the cosine between residuals and a column. */
  readonly gradientCosine: number;
  /** Distance to the minimum of the quadratic model, in standard errors. */
  readonly standardErrors: number;
}

export interface LevenbergMarquardtHooks {
  /** Called around each solution of the equations, which costs no pass. */
  readonly onSolveBegin?: () => void;
  readonly onSolveEnd?: () => void;
  /** Called around each trial that costs a pass. */
  readonly onTrialBegin?: (trial: number) => void;
  readonly onTrialEnd?: (trial: Trial) => void;
  readonly onAccept?: (state: LevenbergMarquardtState) => Promise<void> | void;
  /** The trial gives up float32: return true to stop with "precision". */
  readonly wantsHandover?: (facts: { readonly predictedFraction: number; readonly rho: number }) => boolean;
}

export interface LevenbergMarquardtOutcome {
  readonly state: LevenbergMarquardtState;
  readonly stop: StopReason;
}

const leastDiagonal = 1e-6;
const largestMu = 1e15;
/** Beyond this many standard errors from the minimum no tolerance may end the fit. */
const largestDistance = 1e-3;
/** Where the predicted decrease is below this part of the cost, the difference of two costs is rounding. */
const roundingFraction = 1e-13;
const steepestEnd = 1e-3;
const steepestPredEnd = 1e-4;
/** Mean square residual that no float64 sum over values near 1 can tell from 0. */
const exactMeanSquare = 1e-28;

/** State before the first trial; spends one pass. */
export async function startLevenbergMarquardt(
  objective: Objective,
  x: Float64Array,
  mu0: number,
): Promise<LevenbergMarquardtState> {
  const equations = createNormalEquations(x.length);
  await objective.evaluate(x, equations);
  return { x: Float64Array.from(x), mu: mu0, nu: 2, trial: 0, equations, stop: null };
}

/**
 * Levenberg–Marquardt with bounds: every trial is one pass, whose H and g are used when it is accepted.
 * Damping after Nielsen, Damping Parameter in Marquardt's Method, IMM-REP-1999-05, on the current diagonal of H.
 * The cost of the result is never above that of `state`.
 */
export async function runLevenbergMarquardt(
  objective: Objective,
  state: LevenbergMarquardtState,
  options: LevenbergMarquardtOptions,
  hooks: LevenbergMarquardtHooks = {},
): Promise<LevenbergMarquardtOutcome> {
  const scratch = createNormalEquations(state.x.length);
  while (state.stop === null && state.trial < options.maxTrials) {
    if (state.equations.cost <= exactMeanSquare * objective.pointCount) return { state, stop: "exact" };
    if (state.mu > largestMu) return { state, stop: "damping" };
    hooks.onSolveBegin?.();
    const step = proposeStep(objective, state);
    hooks.onSolveEnd?.();
    if (isPredictedFlat(step, state, options.ftol)) return { state, stop: "pred" };
    if (step.d === null || !(step.predicted > 0)) {
      state.trial++;
      raiseDamping(state);
      continue;
    }
    await tryStep(objective, state, { ...step, d: step.d, scratch }, options.ftol, hooks);
  }
  return { state, stop: state.stop ?? "trials" };
}

interface Proposal {
  /** null: the damped matrix is not positive definite. */
  readonly d: Float64Array | null;
  readonly predicted: number;
  readonly gradientCosine: number;
  readonly standardErrors: number;
}

function proposeStep(objective: Objective, state: LevenbergMarquardtState): Proposal {
  const { H, g } = state.equations;
  const damping = state.x.map((_, index) => state.mu * Math.max(H[packedIndex(index, index)], leastDiagonal));
  const d = computeActiveSetStep(state.x, state.equations, damping, objective.bounds);
  return {
    d,
    predicted: d === null ? Number.NaN : 2 * dot(g, d) - quadraticForm(H, d),
    gradientCosine: computeGradientCosine(objective, state),
    standardErrors: computeDistance(objective, state),
  };
}

function isPredictedFlat(
  { d, predicted, gradientCosine, standardErrors }: Proposal,
  { equations }: LevenbergMarquardtState,
  ftol: number,
): boolean {
  if (standardErrors >= largestDistance || gradientCosine >= steepestPredEnd) return false;
  return d === null || predicted <= 1e-2 * ftol * equations.cost;
}

interface Attempt extends Proposal {
  readonly d: Float64Array;
  readonly scratch: NormalEquations;
}

/** Spends one pass on the step; takes it when the cost falls. */
async function tryStep(
  objective: Objective,
  state: LevenbergMarquardtState,
  { d, scratch, predicted, gradientCosine, standardErrors }: Attempt,
  ftol: number,
  hooks: LevenbergMarquardtHooks,
): Promise<void> {
  const x = clip(state.x, d, objective.bounds);
  const before = state.equations.cost;
  hooks.onTrialBegin?.(state.trial + 1);
  await objective.evaluate(x, scratch);
  state.trial++;
  const decrease = before - scratch.cost;
  const rho = decrease / predicted;
  // Two costs that differ by rounding alone cannot judge the step: its prediction must do.
  const tooCloseToTell = predicted < roundingFraction * before && Math.abs(decrease) < 10 * roundingFraction * before;
  const accepted = tooCloseToTell || (decrease > 0 && rho > 1e-4);
  const { trial, mu } = state;
  hooks.onTrialEnd?.({ trial, cost: scratch.cost, accepted, rho, mu, gradientCosine, standardErrors });
  if (hooks.wantsHandover?.({ predictedFraction: predicted / before, rho }) === true) state.stop = "precision";
  if (accepted) {
    state.x = x;
    copyNormalEquations(scratch, state.equations);
    state.mu *= Math.max(1 / 3, 1 - (2 * (tooCloseToTell ? 1 : rho) - 1) ** 3);
    state.nu = 2;
    if (hasConverged(objective, state, { decrease, predicted, before }, ftol)) state.stop = "ftol";
    await hooks.onAccept?.(state);
  } else raiseDamping(state);
}

function hasConverged(
  objective: Objective,
  state: LevenbergMarquardtState,
  { decrease, predicted, before }: { readonly decrease: number; readonly predicted: number; readonly before: number },
  ftol: number,
): boolean {
  return (
    decrease < ftol * before &&
    predicted < ftol * state.equations.cost &&
    computeGradientCosine(objective, state) < steepestEnd &&
    computeDistance(objective, state) < largestDistance
  );
}

function raiseDamping(state: LevenbergMarquardtState): void {
  state.mu *= state.nu;
  state.nu *= 2;
}

function clip(x: Float64Array, d: Float64Array, { lower, upper }: Bounds): Float64Array {
  return x.map((value, index) => Math.min(upper[index], Math.max(lower[index], value + d[index])));
}

function computeGradientCosine({ bounds }: Objective, { x, equations }: LevenbergMarquardtState): number {
  let largest = 0;
  for (const index of findFree(x, equations, bounds)) {
    const norm = Math.sqrt(equations.H[packedIndex(index, index)] * equations.cost);
    if (norm > 0) largest = Math.max(largest, Math.abs(equations.g[index]) / norm);
  }
  return largest;
}

/** √(gᵀd₀·(N − p)/C) with the undamped step d₀ on the free coordinates; Infinity where H is singular. */
function computeDistance({ bounds, pointCount }: Objective, { x, equations }: LevenbergMarquardtState): number {
  const free = findFree(x, equations, bounds);
  const d = new Float64Array(x.length);
  // A hair of damping: only the step is judged, a rank that is missing is told by the covariance.
  const damping = Float64Array.from(x, (_, index) => 1e-14 * equations.H[packedIndex(index, index)]);
  if (free.length > 0 && !solveDamped(equations.H, damping, equations.g, free, d)) return Number.POSITIVE_INFINITY;
  const freedom = Math.max(1, pointCount - x.length);
  return Math.sqrt(Math.max(0, dot(equations.g, d)) * (freedom / equations.cost));
}
