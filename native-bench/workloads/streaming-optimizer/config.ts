import { UserFacingError } from "../../../traces/model/errors.ts";
import type { PointRules } from "./evaluators/block-kernel.ts";
import type { TelemetryLevel } from "./solver/defense-telemetry.ts";
import type { NormalizationStrategy } from "./solver/normalizer.ts";

/** How a fit runs. Files write the keys in snake_case, see `parseFitConfig`. */
export interface FitConfig extends PointRules {
  /** deltaflame: one fused pass a trial; nlsq: the passes and steps of the seed's optimizer, as the "before". */
  readonly mode: "deltaflame" | "nlsq";
  /** repair: mode nlsq reaches the same minimum; keep: its known defects stay, for tests and comparisons. */
  readonly nlsqDefects: "repair" | "keep";
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
  /** Largest global norm of a gradient; null: as it is. */
  readonly gradientClipValue: number | null;
  /** 50 iterations of linear rise, then a cosine to 1e-4 of the rate. */
  readonly useLearningRateSchedule: boolean;
  readonly lbfgsHistorySize: number;
  readonly layers: DefenseLayers;
  readonly maxIterations: number;
  /** Relative decrease of the cost that ends a fit; in mode nlsq also the gradient norm. */
  readonly ftol: number;
  /** First damping; null: 1e-7 after a good warm-up, else 1e-4. */
  readonly mu0: number | null;
  readonly trustRegionInitial: number;
  readonly regularizationFactor: number;
  /** λ of λ·N·Var over the contrasts and over the offsets of models with a pair an angle; 0: off. */
  readonly groupVarianceLambda: number;
  readonly dof: "unique" | "upstream";
  /** Standard deviations are absolute: the covariance is not scaled by χ²/(N − p). */
  readonly absoluteSigma: boolean;
  readonly telemetry: TelemetryLevel;
}

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
  normalizationStrategy: "auto",
  warmup: "subsample",
  sampleStride: 32,
  warmupIterations: 200,
  maxWarmupIterations: 500,
  warmupLearningRate: 1e-3,
  lossPlateauThreshold: 1e-4,
  gradientNormThreshold: 1e-3,
  gradientClipValue: null,
  useLearningRateSchedule: false,
  lbfgsHistorySize: 10,
  layers: defaultLayers,
  maxIterations: 100,
  ftol: 1e-8,
  mu0: null,
  trustRegionInitial: 1,
  regularizationFactor: 1e-10,
  groupVarianceLambda: 0,
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
  faithful: { mode: "nlsq", warmup: "adam" },
  aggressive: {
    warmupIterations: 50,
    maxWarmupIterations: 100,
    warmupLearningRate: 3e-3,
    lossPlateauThreshold: 5e-4,
    gradientNormThreshold: 5e-3,
    ftol: 1e-7,
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
  memory_optimized: { warmupIterations: 40, maxWarmupIterations: 100 },
  defense_strict: {
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

/** Values that a key accepts, as a test and a sentence. */
interface Rule {
  readonly accepts: (value: unknown) => boolean;
  readonly expected: string;
}

const oneOf = (...values: readonly string[]): Rule => ({
  accepts: (value) => values.includes(String(value)),
  expected: `one of ${values.join(", ")}`,
});
const above = (least: number): Rule => ({
  accepts: (value) => typeof value === "number" && value > least && Number.isFinite(value),
  expected: `a number above ${least}`,
});
const whole = (least: number): Rule => ({
  accepts: (value) => Number.isSafeInteger(value) && Number(value) >= least,
  expected: `a whole number from ${least} up`,
});
const flag: Rule = { accepts: (value) => typeof value === "boolean", expected: "true or false" };
const orNull = ({ accepts, expected }: Rule): Rule => ({
  accepts: (value) => value === null || accepts(value),
  expected: `${expected} or null`,
});

const rules: Readonly<Record<Exclude<keyof FitConfig, "layers">, Rule>> = {
  mode: oneOf("deltaflame", "nlsq"),
  nlsqDefects: oneOf("repair", "keep"),
  normalizationStrategy: oneOf("auto", "bounds", "p0", "none"),
  warmup: oneOf("subsample", "adam", "lbfgs", "none"),
  sampleStride: whole(1),
  warmupIterations: whole(0),
  maxWarmupIterations: whole(1),
  warmupLearningRate: above(0),
  lossPlateauThreshold: above(0),
  gradientNormThreshold: above(0),
  gradientClipValue: orNull(above(0)),
  useLearningRateSchedule: flag,
  lbfgsHistorySize: whole(1),
  maxIterations: whole(1),
  ftol: above(0),
  mu0: orNull(above(0)),
  trustRegionInitial: above(0),
  regularizationFactor: above(0),
  groupVarianceLambda: {
    accepts: (value) => typeof value === "number" && value >= 0 && Number.isFinite(value),
    expected: "a number from 0 up",
  },
  diagonal: oneOf("keep", "drop"),
  nonFinite: oneOf("reject", "mask"),
  loss: oneOf("linear", "soft-l1"),
  lossScale: above(0),
  dof: oneOf("unique", "upstream"),
  absoluteSigma: flag,
  telemetry: oneOf("off", "counters", "events"),
};

/**
 * Reads a configuration: `preset` and any key of FitConfig but `layers`, in snake_case or camelCase.
 * Throws UserFacingError for a key that would be ignored and for a value out of range.
 */
export function parseFitConfig(given: Readonly<Record<string, unknown>>): FitConfig {
  const { preset = "default", ...values } = given;
  if (typeof preset !== "string" || !Object.hasOwn(presets, preset))
    throw new UserFacingError(
      `expected a preset (${Object.keys(presets).join(", ")}), found ${JSON.stringify(preset)}`,
    );
  const config: Record<string, unknown> = { ...defaultConfig, ...presets[preset] };
  for (const [key, value] of Object.entries(values)) {
    const name = key.replaceAll(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
    if (!isRuled(name))
      throw new UserFacingError(`unknown key "${key}" of the fit; keys are ${Object.keys(rules).join(", ")}`);
    if (!rules[name].accepts(value))
      throw new UserFacingError(`expected ${rules[name].expected} for ${key}, found ${JSON.stringify(value)}`);
    config[name] = value;
  }
  return config as unknown as FitConfig;
}

const isRuled = (name: string): name is keyof typeof rules => Object.hasOwn(rules, name);
