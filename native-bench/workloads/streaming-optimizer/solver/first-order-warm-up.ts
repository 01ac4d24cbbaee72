import type { DefenseLayers, FitConfig, SwitchingCriterion } from "../config.ts";
import { createNormalEquations, type NormalEquations } from "../evaluators/normal-equations.ts";
import type { DefenseTelemetry, LearningMode } from "./defense-telemetry.ts";
import { createLbfgsDirection } from "./lbfgs-direction.ts";
import type { Objective } from "./levenberg-marquardt.ts";
import { dot } from "./linear-algebra.ts";
import { searchWolfe } from "./wolfe-search.ts";

export interface WarmUpOptions extends Pick<
  FitConfig,
  | "warmupIterations"
  | "maxWarmupIterations"
  | "warmupLearningRate"
  | "lossPlateauThreshold"
  | "gradientNormThreshold"
  | "gradientClipValue"
  | "useLearningRateSchedule"
  | "lbfgsHistorySize"
  | "lbfgsInitialStepSize"
  | "lbfgsExplorationStepSize"
  | "lbfgsRefinementStepSize"
  | "lbfgsLineSearch"
  | "activeSwitchingCriteria"
> {
  readonly method: "adam" | "lbfgs";
  readonly layers: DefenseLayers;
  readonly telemetry: DefenseTelemetry;
  /** Variance of the data, to judge how good the start is. */
  readonly dataVariance: number;
  readonly onIteration?: (iteration: number, cost: number) => void;
}

export interface WarmUpOutcome {
  /** The best point that was evaluated, with its own cost. */
  readonly x: Float64Array;
  readonly cost: number;
  readonly firstCost: number;
  readonly iterations: number;
  readonly stop: "skipped" | "gradient" | "plateau" | "guard" | "iterations";
}

/** Length of the first step of L-BFGS, which has no history to tell its own: a part of the gradient. */
const carefulFirstStep = 0.5;
const lineSearchSteps = 20;
const armijo = 1e-4;
const scheduleRise = 50;
const scheduleFall = 450;
const scheduleEnd = 1e-4;

/**
 * Phase 1 as the seed's optimizer has it: first-order steps on ℓ = C/N over all points, guarded by four layers.
 * Adam: Kingma and Ba, arXiv:1412.6980.
 */
export async function runFirstOrderWarmUp(
  objective: Objective,
  start: Float64Array,
  options: WarmUpOptions,
): Promise<WarmUpOutcome> {
  options.telemetry.countWarmup();
  const equations = createNormalEquations(start.length);
  let x: Float64Array = Float64Array.from(start);
  let loss = await evaluateLoss(objective, x, equations);
  const firstLoss = loss;
  const best = { x, loss };
  const finish = (iterations: number, stop: WarmUpOutcome["stop"]): WarmUpOutcome => ({
    x: best.x,
    cost: best.loss * objective.pointCount,
    firstCost: firstLoss * objective.pointCount,
    iterations,
    stop,
  });
  const mode = judgeStart(firstLoss, options);
  if (mode === null) return finish(0, "skipped");
  const step =
    options.method === "adam" ? createAdam(start.length, options, mode) : createLbfgs(start.length, options, mode);

  for (let iteration = 0; iteration < options.maxWarmupIterations; iteration++) {
    const gradient = clipGradient(lossGradient(objective, equations), options.gradientClipValue);
    const update = clipStep(step(x, gradient, iteration), options);
    const trial = await takeStep(objective, { x, loss, gradient, update, iteration }, equations, options);
    const next = trial.x;
    const nextLoss = trial.loss;
    options.onIteration?.(iteration, nextLoss * objective.pointCount);
    if (iteration > 0 && isGuarded(nextLoss / firstLoss, iteration, options)) return finish(iteration + 1, "guard");
    const change = Math.abs(nextLoss - loss) / (Math.abs(loss) + Number.EPSILON);
    x = next;
    loss = nextLoss;
    if (loss < best.loss) Object.assign(best, { x, loss });
    if (iteration < options.warmupIterations) continue;
    if (isActive(options, "gradient") && norm(gradient) < options.gradientNormThreshold)
      return finish(iteration + 1, "gradient");
    if (isActive(options, "plateau") && change < options.lossPlateauThreshold) return finish(iteration + 1, "plateau");
  }
  return finish(options.maxWarmupIterations, "iterations");
}

const isActive = ({ activeSwitchingCriteria: active }: WarmUpOptions, criterion: SwitchingCriterion): boolean =>
  active === null || active.includes(criterion);

/** Layers 1 and 2: how careful to be, by the loss relative to the spread of the data; null: the start is good enough. */
function judgeStart(firstLoss: number, { layers, telemetry, dataVariance }: WarmUpOptions): LearningMode | null {
  const relativeLoss = firstLoss / (dataVariance + 1e-10);
  const threshold = layers.warmStartThreshold;
  if (threshold !== null && relativeLoss < threshold) {
    telemetry.record({ kind: "layer1_warm_start", relative_loss: relativeLoss, threshold });
    return null;
  }
  const mode = relativeLoss < 0.1 ? "refinement" : relativeLoss < 1 ? "careful" : "exploration";
  if (layers.learningRates !== null) telemetry.record({ kind: "layer2_lr_mode", mode, relative_loss: relativeLoss });
  return mode;
}

/** Layer 3: whether the loss has risen too far above its start. */
function isGuarded(ratio: number, iteration: number, { layers, telemetry }: WarmUpOptions): boolean {
  const tolerance = layers.costIncreaseTolerance;
  if (tolerance === null || ratio <= 1 + tolerance) return false;
  telemetry.record({ kind: "layer3_cost_guard", cost_ratio: ratio, tolerance, iteration });
  return true;
}

interface StepRequest {
  readonly x: Float64Array;
  readonly loss: number;
  readonly gradient: Float64Array;
  readonly update: Float64Array;
  readonly iteration: number;
}

/**
 * Adam takes its step as it is. L-BFGS halves it until the loss falls enough (Armijo, c₁ = 1e-4), at most 20 times; where it never does,
 * −0.1·gradient takes its place.
 */
async function takeStep(
  objective: Objective,
  { x, loss, gradient, update, iteration }: StepRequest,
  equations: NormalEquations,
  options: WarmUpOptions,
): Promise<{ readonly x: Float64Array; readonly loss: number }> {
  const at = async (
    step: Float64Array,
    factor: number,
  ): Promise<{ readonly x: Float64Array; readonly loss: number }> => {
    const { lower, upper } = objective.bounds;
    const next = x.map((value, index) => Math.min(upper[index], Math.max(lower[index], value + factor * step[index])));
    return { x: next, loss: await evaluateLoss(objective, next, equations) };
  };
  if (options.method === "adam") return await at(update, 1);
  const slope = dot(update, gradient);
  if (options.lbfgsLineSearch === "wolfe") {
    const found = await searchWolfe({ value: loss, slope }, async (factor) => {
      const { x: next, loss: value } = await at(update, factor);
      return { x: next, value, slope: dot(update, lossGradient(objective, equations)) };
    });
    if (found !== null) return { x: found.x, loss: found.value };
  } else
    for (let halving = 0, factor = 1; halving < lineSearchSteps; halving++, factor /= 2) {
      const trial = await at(update, factor);
      if (trial.loss <= loss + armijo * factor * slope) return trial;
    }
  options.telemetry.record({ kind: "lbfgs_line_search_failure", iteration });
  return await at(
    clipStep(
      gradient.map((value) => -0.1 * value),
      options,
    ),
    1,
  );
}

async function evaluateLoss(objective: Objective, x: Float64Array, equations: NormalEquations): Promise<number> {
  await objective.evaluate(x, equations);
  return equations.cost / objective.pointCount;
}

/** ∇ℓ = −2g/N. */
const lossGradient = ({ pointCount }: Objective, { g }: NormalEquations): Float64Array =>
  g.map((value) => (-2 * value) / pointCount);

const norm = (vector: Float64Array): number => Math.sqrt(dot(vector, vector));

function clipGradient(gradient: Float64Array, largest: number | null): Float64Array {
  const length = norm(gradient);
  return largest === null || length <= largest ? gradient : gradient.map((value) => (value * largest) / length);
}

function clipStep(update: Float64Array, { layers: { maxStepSize }, telemetry }: WarmUpOptions): Float64Array {
  if (maxStepSize === null) return update;
  const length = norm(update);
  if (length <= maxStepSize) return update;
  telemetry.record({ kind: "layer4_clip", original_norm: length, max_norm: maxStepSize });
  const factor = Math.min(1, maxStepSize / (length + 1e-10));
  return update.map((value) => value * factor);
}

type Step = (x: Float64Array, gradient: Float64Array, iteration: number) => Float64Array;

function createAdam(length: number, options: WarmUpOptions, mode: LearningMode): Step {
  const first = new Float64Array(length);
  const second = new Float64Array(length);
  const base = options.layers.learningRates?.[mode] ?? options.warmupLearningRate;
  return (_, gradient, iteration) => {
    const rate = base * (options.useLearningRateSchedule ? scheduleFactor(iteration) : 1);
    return gradient.map((value, index) => {
      first[index] = 0.9 * first[index] + 0.1 * value;
      second[index] = 0.999 * second[index] + 0.001 * value * value;
      const mean = first[index] / (1 - 0.9 ** (iteration + 1));
      const square = second[index] / (1 - 0.999 ** (iteration + 1));
      return (-rate * mean) / (Math.sqrt(square) + 1e-8);
    });
  };
}

function scheduleFactor(iteration: number): number {
  if (iteration < scheduleRise) return (iteration + 1) / scheduleRise;
  const part = Math.min(1, (iteration - scheduleRise) / scheduleFall);
  return scheduleEnd + ((1 - scheduleEnd) * (1 + Math.cos(Math.PI * part))) / 2;
}

/** Steps along the L-BFGS direction, which descends because only pairs of positive curvature are kept. */
function createLbfgs(length: number, options: WarmUpOptions, mode: LearningMode): Step {
  const { telemetry } = options;
  const direction = createLbfgsDirection(length, options.lbfgsHistorySize);
  const firstStep = firstStepOf(options, mode);
  let wasFull = false;
  return (x, gradient, iteration) => {
    const { step, isFull, hasHistory } = direction(x, gradient);
    if (isFull && !wasFull) telemetry.record({ kind: "lbfgs_history_fill", iteration });
    wasFull = isFull;
    if (dot(step, gradient) < 0 && step.every(Number.isFinite))
      return hasHistory ? step : step.map((value) => value * firstStep);
    telemetry.record({ kind: "lbfgs_line_search_failure", iteration });
    return gradient.map((value) => -0.1 * value);
  };
}

function firstStepOf(options: WarmUpOptions, mode: LearningMode): number {
  if (options.layers.learningRates === null) return options.lbfgsInitialStepSize;
  if (mode === "careful") return carefulFirstStep;
  return mode === "refinement" ? options.lbfgsRefinementStepSize : options.lbfgsExplorationStepSize;
}
