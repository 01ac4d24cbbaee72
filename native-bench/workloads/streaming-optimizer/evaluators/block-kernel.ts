import type { Dataset } from "../data/dataset.ts";

/** How the points of a fit enter its sums; fixed for the whole fit. */
export interface PointRules {
  readonly diagonal: "keep" | "drop";
  /** Points that are not finite: refuse the fit, or leave them out and count them. */
  readonly nonFinite: "reject" | "mask";
  readonly loss: "linear" | "soft-l1";
  /** Residual, in units of the (weighted) data, where soft-L1 turns from square to straight. */
  readonly lossScale: number;
}

/** Everything a thread needs to process blocks, besides the compiled kernel. Plain data. */
export interface BlockJob {
  readonly dataset: Dataset;
  readonly hasFlow: boolean;
  readonly scalingPerAngle: boolean;
  /** Rows of the largest block: so much room the slots have. */
  readonly blockRows: number;
  readonly rules: PointRules;
}

/** The inputs of one pass, views on one buffer that threads share. */
export interface PassInputs {
  /** Eight cumulative integrals of `stride` doubles each, see TimeTables. */
  readonly tables: Float64Array;
  readonly tableStride: number;
  /** κcos(φ0−φ), −κsin(φ0−φ)·π/180, 1/(κcos), unused: four doubles an angle. */
  readonly angles: Float64Array;
  /** Contrast and offset of each angle. */
  readonly scaling: Float64Array;
  /** k2 = −q²dt; 1/s² of soft-L1, 0 for the linear loss; 1 where only the cost is wanted. */
  readonly factors: Float64Array;
}

/** Sums one block that lies in its slots. */
export interface BlockKernel {
  /** Where the points of a block go: [angle][row][j] as `BlockJob.dataset` has them; weighted kernels take float64. */
  readonly points: Float64Array | Float32Array;
  /** The same shape as `points`; null where all points count alike. */
  readonly weights: Float64Array | null;
  /** (i, offset) per row, see fillRowIndex. */
  readonly rows: Int32Array;
  setInputs(inputs: PassInputs): void;
  /**
   * Adds up angles [firstAngle, firstAngle + angleCount), which share one scaling pair and lie `angleStride` elements apart, into `out`:
   * 45 of H, 9 of g and the cost for shear flow, 15 + 5 + 1 at rest.
   */
  run(call: KernelCall, out: Float64Array): void;
}

export interface KernelCall {
  readonly rowCount: number;
  readonly firstAngle: number;
  readonly angleCount: number;
  readonly angleStride: number;
  /** Only the cost is wanted; kernels that cannot leave out the rest compute all of it. */
  readonly costOnly: boolean;
}

/** Sums of one kernel call. */
export const sumCount = ({ hasFlow }: Pick<BlockJob, "hasFlow">): number => (hasFlow ? 55 : 21);

export const isWeighted = ({ dataset, rules }: BlockJob): boolean =>
  dataset.sigmaPath !== null || rules.loss === "soft-l1" || rules.nonFinite === "mask";
