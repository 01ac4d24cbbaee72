import type { Estimate } from "../../measure/estimate.ts";
import type { ComparabilityCheck } from "../comparison.ts";

/** Two sides of benchmark results, measurement by measurement. */
export interface MeasurementComparison {
  /** One sentence over all measurements with a direction. */
  readonly sentence: string;
  readonly before: readonly string[];
  readonly after: readonly string[];
  /** Those of both sides, worst first. */
  readonly rows: readonly MeasurementRow[];
  readonly onlyBefore: readonly string[];
  readonly onlyAfter: readonly string[];
  /** Geometric mean of the ratios of all times, less 1; null without times. */
  readonly geometricMean: number | null;
  /** Facts that differ. */
  readonly checks: readonly ComparabilityCheck[];
  readonly counts: Readonly<Record<MeasurementVerdict, number>>;
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
}
