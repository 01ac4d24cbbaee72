import { UserFacingError } from "../../../traces/model/errors.ts";
import { defaultConfig, type DefenseLayers, type FitConfig, presets, switchingCriteria } from "./config.ts";

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

const part: Rule = {
  accepts: (value) => typeof value === "number" && value > 0 && value < 1,
  expected: "a number between 0 and 1",
};
const listOf = (accepts: Rule["accepts"], expected: string): Rule => ({
  accepts: (value) => Array.isArray(value) && value.length > 0 && value.every(accepts),
  expected: `a list of ${expected}`,
});
const wholeNumbers = listOf((value) => Number.isSafeInteger(value) && Number(value) >= 0, "parameter numbers");

const rules: Readonly<Record<Exclude<keyof FitConfig, "layers">, Rule>> = {
  mode: oneOf("deltaflame", "nlsq"),
  nlsqDefects: oneOf("repair", "keep"),
  normalize: flag,
  normalizationStrategy: oneOf("auto", "bounds", "p0", "none"),
  warmup: oneOf("subsample", "adam", "lbfgs", "none"),
  sampleStride: whole(1),
  warmupIterations: whole(0),
  maxWarmupIterations: whole(1),
  warmupLearningRate: above(0),
  lossPlateauThreshold: above(0),
  gradientNormThreshold: above(0),
  activeSwitchingCriteria: orNull(
    listOf((value) => switchingCriteria.some((known) => known === value), switchingCriteria.join(", ")),
  ),
  gradientClipValue: orNull(above(0)),
  useLearningRateSchedule: flag,
  lbfgsHistorySize: whole(1),
  lbfgsInitialStepSize: above(0),
  lbfgsExplorationStepSize: above(0),
  lbfgsRefinementStepSize: above(0),
  lbfgsLineSearch: oneOf("wolfe", "backtracking"),
  maxIterations: whole(1),
  ftol: above(0),
  mu0: orNull(above(0)),
  trustRegionInitial: above(0),
  regularizationFactor: above(0),
  enableGroupVarianceRegularization: flag,
  groupVarianceLambda: above(0),
  groupVarianceIndices: orNull(listOf(wholeNumbers.accepts, "lists of parameter numbers")),
  chunkSize: orNull(whole(1)),
  blockRows: whole(1),
  enableMultistart: flag,
  nStarts: whole(1),
  multistartSampler: oneOf("lhs", "halton", "sobol"),
  eliminationRounds: whole(0),
  eliminationFraction: part,
  batchesPerRound: whole(1),
  centerOnP0: flag,
  scaleFactor: above(0),
  diagonal: oneOf("keep", "drop"),
  nonFinite: oneOf("reject", "mask"),
  loss: oneOf("linear", "soft-l1"),
  lossScale: above(0),
  dof: oneOf("unique", "upstream"),
  absoluteSigma: flag,
  telemetry: oneOf("off", "counters", "events"),
};

/** Names that the optimizer this one was modelled on has for keys of ours. */
const otherNames: Readonly<Record<string, keyof typeof rules>> = {
  gaussNewtonMaxIterations: "maxIterations",
  gaussNewtonTol: "ftol",
};

/** Keys of the defense layers, each with how it changes them. A layer that is switched off keeps its values for later. */
const layerKeys: Readonly<Record<string, { readonly rule: Rule; apply(layers: LayerSwitches, value: never): void }>> = {
  enableWarmStartDetection: { rule: flag, apply: (layers, on: boolean) => void (layers.on[0] = on) },
  warmStartThreshold: { rule: above(0), apply: (layers, value: number) => void (layers.warmStartThreshold = value) },
  enableAdaptiveWarmupLr: { rule: flag, apply: (layers, on: boolean) => void (layers.on[1] = on) },
  warmupLrRefinement: { rule: above(0), apply: (layers, value: number) => void (layers.refinement = value) },
  warmupLrCareful: { rule: above(0), apply: (layers, value: number) => void (layers.careful = value) },
  enableCostGuard: { rule: flag, apply: (layers, on: boolean) => void (layers.on[2] = on) },
  costIncreaseTolerance: { rule: above(0), apply: (layers, value: number) => void (layers.costIncrease = value) },
  enableStepClipping: { rule: flag, apply: (layers, on: boolean) => void (layers.on[3] = on) },
  maxWarmupStepSize: { rule: above(0), apply: (layers, value: number) => void (layers.stepSize = value) },
};

interface LayerSwitches {
  on: [boolean, boolean, boolean, boolean];
  warmStartThreshold: number;
  refinement: number;
  careful: number;
  costIncrease: number;
  stepSize: number;
}

function openLayers(layers: DefenseLayers): LayerSwitches {
  return {
    on: [
      layers.warmStartThreshold !== null,
      layers.learningRates !== null,
      layers.costIncreaseTolerance !== null,
      layers.maxStepSize !== null,
    ],
    warmStartThreshold: layers.warmStartThreshold ?? 0.01,
    refinement: layers.learningRates?.refinement ?? 1e-6,
    careful: layers.learningRates?.careful ?? 1e-5,
    costIncrease: layers.costIncreaseTolerance ?? 0.05,
    stepSize: layers.maxStepSize ?? 0.1,
  };
}

/** Far from the minimum Adam takes the rate of the warm-up itself. */
function closeLayers(layers: LayerSwitches, exploration: number): DefenseLayers {
  const [warmStart, rates, guard, clip] = layers.on;
  return {
    warmStartThreshold: warmStart ? layers.warmStartThreshold : null,
    learningRates: rates ? { refinement: layers.refinement, careful: layers.careful, exploration } : null,
    costIncreaseTolerance: guard ? layers.costIncrease : null,
    maxStepSize: clip ? layers.stepSize : null,
  };
}

/**
 * Reads a configuration: `preset`, any key of FitConfig but `layers`, and the keys of the layers, in snake_case or camelCase.
 * Throws UserFacingError for a key that would be ignored and for a value out of range.
 */
export function parseFitConfig(given: Readonly<Record<string, unknown>>): FitConfig {
  const { preset = "default", ...values } = given;
  if (typeof preset !== "string" || !Object.hasOwn(presets, preset))
    throw new UserFacingError(
      `expected a preset (${Object.keys(presets).join(", ")}), found ${JSON.stringify(preset)}`,
    );
  const config: Record<string, unknown> = { ...defaultConfig, ...presets[preset] };
  const layers = openLayers(config["layers"] as DefenseLayers);
  for (const [key, value] of Object.entries(values)) {
    const written = key.replaceAll(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
    const name = otherNames[written] ?? written;
    const layerKey = Object.hasOwn(layerKeys, name) ? layerKeys[name] : null;
    const rule = layerKey?.rule ?? (isRuled(name) ? rules[name] : null);
    if (rule === null)
      throw new UserFacingError(
        `unknown key "${key}" of the fit; keys are ${[...Object.keys(rules), ...Object.keys(layerKeys)].join(", ")}`,
      );
    if (!rule.accepts(value))
      throw new UserFacingError(`expected ${rule.expected} for ${key}, found ${JSON.stringify(value)}`);
    if (layerKey === null) config[name] = value;
    else layerKey.apply(layers, value as never);
  }
  config["layers"] = closeLayers(layers, Number(config["warmupLearningRate"]));
  return config as unknown as FitConfig;
}

const isRuled = (name: string): name is keyof typeof rules => Object.hasOwn(rules, name);
