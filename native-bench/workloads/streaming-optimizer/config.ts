import type { PointRules } from "./evaluators/block-kernel.ts";
import { standardBlockRows } from "./evaluators/block-plan.ts";
import type { TelemetryLevel } from "./solver/defense-telemetry.ts";
import type { NormalizationStrategy } from "./solver/normalizer.ts";

/** How a fit runs. Files write the keys in snake_case, see `parseFitConfig`. */
export interface FitConfig extends PointRules {
  /** deltaflame: one fused pass a trial; nlsq: the passes and steps of the seed's optimizer, as the "before". */
  readonly mode: "deltaflame" | "nlsq";
  /** repair: mode nlsq reaches the same minimum; keep: its known defects stay, for tests and comparisons. */
  readonly nlsqDefects: "repair" | "keep";
  /** false: the solver works in the parameters' own units, as with the strategy none. */
  readonly normalize: boolean;
  readonly normalizationStrategy: NormalizationStrategy;
  readonly warmup: "subsample" | "adam" | "lbfgs" | "none";
  /** Every how many rows the sample of the warm-up takes, at most. */
  readonly sampleStride: number;
  /** First-order warm-up: exits are only read from this iteration on. */
  readonly warmupIterations: number;
  readonly maxWarmupIterations: number;
  readonly warmupLearningRate: number;
  readonly lossPlateauThreshold: number;
  readonly gradientNormThreshold: number;
  /** Which exits of a first-order warm-up count; null: all. */
  readonly activeSwitchingCriteria: readonly SwitchingCriterion[] | null;
  /** Largest global norm of a gradient; null: as it is. */
  readonly gradientClipValue: number | null;
  /** 50 iterations of linear rise, then a cosine to 1e-4 of the rate. */
  readonly useLearningRateSchedule: boolean;
  readonly lbfgsHistorySize: number;
  /** First steps without history, by how good the start is: careful, far away, close. */
  readonly lbfgsInitialStepSize: number;
  readonly lbfgsExplorationStepSize: number;
  readonly lbfgsRefinementStepSize: number;
  /** wolfe: until the slope has fallen too; backtracking: until the cost has. */
  readonly lbfgsLineSearch: "wolfe" | "backtracking";
  readonly layers: DefenseLayers;
  readonly maxIterations: number;
  /** Relative decrease of the cost that ends a fit; in mode nlsq also the gradient norm. */
  readonly ftol: number;
  /** First damping; null: 1e-7 after a good warm-up, else 1e-4. */
  readonly mu0: number | null;
  readonly trustRegionInitial: number;
  readonly regularizationFactor: number;
  /** Whether λ·N·Var of each group of parameters is added to the cost. */
  readonly enableGroupVarianceRegularization: boolean;
  readonly groupVarianceLambda: number;
  /** Groups as lists of parameter numbers; null: the contrasts, and the offsets, of models with a pair an angle. */
  readonly groupVarianceIndices: readonly (readonly number[])[] | null;
  /** Points of a block; null: `blockRows` rows of all maps. */
  readonly chunkSize: number | null;
  readonly blockRows: number;
  /** Tries several starts on a sample before phase 1; the one that gets furthest goes on. */
  readonly enableMultistart: boolean;
  readonly nStarts: number;
  readonly multistartSampler: "lhs" | "halton" | "sobol";
  /** After each round this part of the starts goes, until one is left or the rounds are over. */
  readonly eliminationRounds: number;
  readonly eliminationFraction: number;
  /** Trials of the solver that a start gets in a round. */
  readonly batchesPerRound: number;
  /** Starts lie around the given one, `scaleFactor` of the box away at most; else all over the box. */
  readonly centerOnP0: boolean;
  readonly scaleFactor: number;
  readonly dof: "unique" | "upstream";
  /** Standard deviations are absolute: the covariance is not scaled by χ²/(N − p). */
  readonly absoluteSigma: boolean;
  readonly telemetry: TelemetryLevel;
}

export const switchingCriteria = ["plateau", "gradient", "max_iter"] as const;
export type SwitchingCriterion = (typeof switchingCriteria)[number];

export interface DefenseLayers {
  /** Relative loss below which the start is good enough to skip the warm-up; null: layer off. */
  readonly warmStartThreshold: number | null;
  /** Rates of Adam by relative loss < 0.1, < 1 and above; null: warmupLearningRate always. */
  readonly learningRates: {
    readonly refinement: number;
    readonly careful: number;
    readonly exploration: number;
  } | null;
  /** Rise of the loss over its start that ends the warm-up; null: layer off. */
  readonly costIncreaseTolerance: number | null;
  /** Longest step in normalised parameters; null: layer off. */
  readonly maxStepSize: number | null;
}

export const defaultLayers: DefenseLayers = {
  warmStartThreshold: 0.01,
  learningRates: { refinement: 1e-6, careful: 1e-5, exploration: 1e-3 },
  costIncreaseTolerance: 0.05,
  maxStepSize: 0.1,
};

export const defaultConfig: FitConfig = {
  mode: "deltaflame",
  nlsqDefects: "repair",
  normalize: true,
  normalizationStrategy: "auto",
  warmup: "subsample",
  sampleStride: 32,
  warmupIterations: 200,
  maxWarmupIterations: 500,
  warmupLearningRate: 1e-3,
  lossPlateauThreshold: 1e-4,
  gradientNormThreshold: 1e-3,
  activeSwitchingCriteria: null,
  gradientClipValue: null,
  useLearningRateSchedule: false,
  lbfgsHistorySize: 10,
  lbfgsInitialStepSize: 0.1,
  lbfgsExplorationStepSize: 0.1,
  lbfgsRefinementStepSize: 1,
  lbfgsLineSearch: "wolfe",
  layers: defaultLayers,
  maxIterations: 100,
  ftol: 1e-8,
  mu0: null,
  trustRegionInitial: 1,
  regularizationFactor: 1e-10,
  enableGroupVarianceRegularization: false,
  groupVarianceLambda: 0.01,
  groupVarianceIndices: null,
  chunkSize: null,
  blockRows: standardBlockRows,
  enableMultistart: false,
  nStarts: 10,
  multistartSampler: "lhs",
  eliminationRounds: 3,
  eliminationFraction: 0.5,
  batchesPerRound: 50,
  centerOnP0: true,
  scaleFactor: 1,
  diagonal: "keep",
  nonFinite: "reject",
  loss: "linear",
  lossScale: 1,
  dof: "unique",
  absoluteSigma: false,
  telemetry: "events",
};

const layersOff: DefenseLayers = {
  warmStartThreshold: null,
  learningRates: null,
  costIncreaseTolerance: null,
  maxStepSize: null,
};

/** Named sets of differences from the default. */
export const presets: Readonly<Record<string, Partial<FitConfig>>> = {
  default: {},
  faithful: { mode: "nlsq", warmup: "adam", chunkSize: 10_000 },
  aggressive: {
    warmupIterations: 50,
    maxWarmupIterations: 100,
    warmupLearningRate: 3e-3,
    lossPlateauThreshold: 5e-4,
    gradientNormThreshold: 5e-3,
    ftol: 1e-7,
    chunkSize: 20_000,
  },
  conservative: {
    warmupIterations: 30,
    maxWarmupIterations: 80,
    warmupLearningRate: 3e-4,
    lossPlateauThreshold: 1e-5,
    gradientNormThreshold: 1e-4,
    ftol: 1e-10,
    maxIterations: 200,
    trustRegionInitial: 0.5,
  },
  memory_optimized: { warmupIterations: 40, maxWarmupIterations: 100, chunkSize: 5000 },
  defense_strict: {
    warmupLearningRate: 5e-4,
    warmupIterations: 25,
    maxWarmupIterations: 60,
    layers: {
      warmStartThreshold: 0.01,
      learningRates: { refinement: 1e-7, careful: 1e-6, exploration: 5e-4 },
      costIncreaseTolerance: 0.05,
      maxStepSize: 0.05,
    },
  },
  defense_relaxed: {
    warmupLearningRate: 3e-3,
    warmupIterations: 50,
    maxWarmupIterations: 120,
    layers: {
      warmStartThreshold: 0.5,
      learningRates: { refinement: 1e-5, careful: 1e-4, exploration: 3e-3 },
      costIncreaseTolerance: 0.5,
      maxStepSize: 0.5,
    },
  },
  defense_disabled: { layers: layersOff },
  scientific_default: {
    warmupIterations: 35,
    maxWarmupIterations: 100,
    layers: { ...defaultLayers, warmStartThreshold: 0.05, costIncreaseTolerance: 0.2 },
    ftol: 1e-10,
    maxIterations: 200,
  },
};
