import type { Estimate } from "../../measure/estimate.ts";
import type { ScalingFit } from "../../measure/scaling-fit.ts";
import type { Regime, ScalingAxis } from "../../measure/scaling-regime.ts";
import type { ComparabilityCheck, ComparisonOptions } from "../comparison.ts";

/** Two sides of benchmark results, measurement by measurement. */
export interface MeasurementComparison {
  /** One sentence over all measurements with a direction. */
  readonly sentence: string;
  readonly before: readonly string[];
  readonly after: readonly string[];
  /** Machine, backend and precision of each side; see `conditionsOf`. */
  readonly conditions: { readonly before: string; readonly after: string };
  /** Those of both sides, worst first. */
  readonly rows: readonly MeasurementRow[];
  readonly onlyBefore: readonly string[];
  readonly onlyAfter: readonly string[];
  /** Geometric mean of the ratios of all times, less 1; null without times. */
  readonly geometricMean: number | null;
  /** Facts that differ. */
  readonly checks: readonly ComparabilityCheck[];
  /** Options alike in all of both sides, which the names leave out: "batch=8". */
  readonly shared: readonly string[];
  readonly counts: Readonly<Record<MeasurementVerdict, number>>;
  /** Times over sizes or batches that both sides have. */
  readonly scaling: readonly ScalingPair[];
  readonly options: ComparisonOptions;
}

/** One curve of each side over the same axis. */
export interface ScalingPair {
  /** The name of its measurements with "#" for the size. */
  readonly title: string;
  readonly axis: ScalingAxis;
  /** What the axis counts, as the files call it: "batch", "atoms". */
  readonly axisTitle: string;
  readonly before: ScalingCurve;
  readonly after: ScalingCurve;
}

export interface ScalingCurve {
  /** By size, ascending. */
  readonly points: readonly ScalingCurvePoint[];
  /** Null below two sizes that count. */
  readonly fit: ScalingFit | null;
  readonly regime: Regime | null;
}

export interface ScalingCurvePoint {
  readonly size: number;
  /** Of a whole step. */
  readonly medianMs: number;
  /** 95 % of the median; null below six repetitions. */
  readonly intervalMs: readonly [low: number, high: number] | null;
  /** Repetitions; null when the file does not say. */
  readonly count: number | null;
  /** Why the point is shown and not fitted; null where it counts. */
  readonly excluded: string | null;
}

/** "changed": significant, but nobody said which way is better. */
export type MeasurementVerdict = Estimate["verdict"] | "changed";

export interface MeasurementRow {
  readonly name: string;
  /** Of the numbers in `estimate`: times are ns, whatever the files say. */
  readonly unit: string;
  readonly better: "lower" | "higher" | null;
  readonly estimate: Estimate;
  readonly verdict: MeasurementVerdict;
  /** What was tested: repetitions, or one value a run; empty where the file holds a summary only. */
  readonly before: readonly number[];
  readonly after: readonly number[];
}
