import type { NormalEquations } from "./normal-equations.ts";

export const evaluatorIds = [
  "wasm-f64",
  "js-f64",
  "tfjs-webgpu",
  "tfjs-node-gpu",
  "tfjs-wasm",
  "tfjs-cpu",
  "ort-f64",
] as const;
export type EvaluatorId = (typeof evaluatorIds)[number];

/** Blocks [first, end) of a pass; null: all of them. */
export interface BlockRange {
  readonly first: number;
  readonly end: number;
}

/** full: H, g and cost together; cost: the cost at least. */
export type PassKind = "full" | "cost";

/** Computes normal equations over the data, block by block. Owned by whoever made it; `dispose` ends its threads. */
export interface Evaluator {
  readonly id: EvaluatorId;
  readonly precision: "f64" | "f32";
  /** Where and how it really computes, for labels: kernel variant, threads, device. */
  readonly description: string;
  /** What the last bits depend on besides data and parameters; a checkpoint is only resumed with the same one. */
  readonly variant: string;
  readonly parameterCount: number;
  readonly blockCount: number;
  /** Points between two looks at cancel and progress that suit the engine; absent: by its precision. */
  readonly rangePoints?: number;
  /** Points a block reads; folded points count once. */
  pointsOfBlocks(range: BlockRange): number;
  /**
   * Adds the blocks of `range`, in their order, to `out`. The same bits for any number of workers and any split of a pass into
   * consecutive ranges. Throws UserFacingError for data that is not finite.
   */
  evaluate(parameters: Float64Array, out: NormalEquations, range: BlockRange, kind?: PassKind): Promise<void>;
  dispose(): Promise<void>;
}
