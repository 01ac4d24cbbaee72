import type { Fit } from "./fit.ts";
import type { PassKind } from "./evaluators/evaluator.ts";
import type { Minimum } from "./phases/minimum.ts";
import type { WarmUpReport } from "./phases/warm-up.ts";
import { computeCovariance, type Covariance } from "./solver/covariance.ts";
import type { DefenseSummary } from "./solver/defense-telemetry.ts";
import { toParameters } from "./solver/normalizer.ts";

/** What a fit found. Its size depends on the parameters alone, not on the data. */
export interface FitResult extends Omit<Covariance, "undetermined"> {
  readonly names: readonly string[];
  readonly popt: Float64Array;
  /** Σ w·r² at popt. */
  readonly cost: number;
  /** Only where phase 2 stopped at a minimum and the data determine all parameters. */
  readonly success: boolean;
  readonly stop: string;
  readonly message: string;
  readonly atBound: readonly boolean[];
  /** Points that count for degrees of freedom. */
  readonly pointCount: number;
  readonly maskedCount: number;
  readonly iterations: number;
  readonly passes: Readonly<Record<PassKind, number>>;
  readonly warmUp: WarmUpReport;
  readonly defense: DefenseSummary;
  /** Label of the engine that had the last pass. */
  readonly engine: string;
  readonly elapsedMs: number;
  readonly phaseMs: Readonly<Record<string, number>>;
}

/** Phase 3: parameters and covariance in their own units, from the H of the last accepted pass. */
export function describeResult(
  fit: Fit,
  warmUp: WarmUpReport,
  minimum: Minimum,
): Omit<FitResult, "elapsedMs" | "phaseMs"> {
  const { normalizer, names, state, telemetry, host } = fit;
  const { config, model, dataset } = fit.problem;
  const pointCount = fit.pointCount();
  const { undetermined, ...covariance } = computeCovariance(minimum.equations, normalizer, {
    pointCount,
    absoluteSigma: config.absoluteSigma,
  });
  const popt = toParameters(normalizer, minimum.x);
  const atBound = Array.from(
    minimum.x,
    (value, index) => value <= normalizer.lower[index] || value >= normalizer.upper[index],
  );
  const specs = model.parameters(dataset.experiment);
  host.listener.onParameters?.(
    names.map((name, index) => ({
      name,
      unit: specs[index].unit,
      value: popt[index],
      standardError: Number.isFinite(covariance.perr[index]) ? covariance.perr[index] : null,
      atBound: atBound[index],
    })),
  );
  return {
    ...covariance,
    names,
    popt,
    cost: minimum.equations.cost,
    success: minimum.converged && undetermined.length === 0 && Number.isFinite(minimum.equations.cost),
    stop: minimum.stop,
    message: explain(
      minimum,
      undetermined.map((index) => names[index]),
    ),
    atBound,
    pointCount,
    maskedCount: state.maskedCount,
    iterations: minimum.iterations,
    passes: { ...state.passCounts },
    warmUp,
    defense: telemetry.summarize(),
    engine: minimum.engine,
  };
}

function explain({ stop, converged }: Minimum, undetermined: readonly string[]): string {
  if (undetermined.length > 0)
    return `the data do not determine ${undetermined.join(", ")}: H is singular to working precision`;
  if (converged) return stopTexts[stop] ?? stop;
  return stop === "trials"
    ? "no minimum within the allowed iterations"
    : "no step lowers the cost, and the gradient is not small: not a minimum";
}

const stopTexts: Readonly<Record<string, string>> = {
  ftol: "the cost no longer falls by more than ftol",
  pred: "no step is predicted to lower the cost",
  exact: "the model meets the data to rounding",
  gradient: "the gradient is flat",
};
