/** Something in a benchmark that does not measure what it says. An inference, with its arithmetic. */
export interface IntegrityFinding {
  readonly rule: IntegrityRule;
  /** `invalid`: the number must not be used; `doubtful`: look before use; `note`: true, but says something else. */
  readonly severity: "invalid" | "doubtful" | "note";
  /** Where it stands: the path in the file, or the configuration. */
  readonly place: string;
  /** One sentence: what the number is. */
  readonly message: string;
  /** How that follows, with the numbers. */
  readonly arithmetic: string;
}

export type IntegrityRule =
  | "firstSlow"
  | "smallSizesSlow"
  | "noTime"
  | "batchOneIdle"
  | "singleDiffers"
  | "cachedMixture"
  | "noKernels"
  | "leftToCpu"
  | "medianDiffers"
  | "sizeIndependent"
  | "sameOutputs"
  | "bimodal";

/** One timed quantity of a benchmark, whatever file it stands in. Times in ms. */
export interface Timing {
  readonly place: string;
  /** Words of the path, for finding what belongs together. */
  readonly path: readonly string[];
  /** Timings of one batch series differ in nothing but the batch; those of one size series in nothing but the size. */
  readonly batchSeries: string;
  readonly sizeSeries: string;
  /** Of one step. */
  readonly meanMs: number;
  readonly stdMs: number | null;
  readonly count: number | null;
  /** In the order they were taken; empty when the file holds only a summary. */
  readonly samplesMs: readonly number[];
  /** Whether steps before the samples are known to have compiled and allocated; false when the file does not say. */
  readonly isWarmedUp: boolean;
  /** Items of a step; null when the file does not say. */
  readonly batch: number | null;
  /** How large one item is (atoms, points); null when the file does not say. */
  readonly size: number | null;
}
