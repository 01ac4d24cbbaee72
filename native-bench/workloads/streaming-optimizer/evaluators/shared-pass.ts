import { timeTableStride } from "../model/time-tables.ts";
import type { PassInputs } from "./block-kernel.ts";

/** Doubles a block reports besides its sums: start, end of reading, end, masked points, place of a point that is not finite. */
export const reportLength = 5;

/** Doubles of `PassInputs.factors`. */
const factorCount = 3;

/** Memory that the coordinator and its threads share: inputs of the pass, one row of sums and one report a block. */
export interface SharedPass {
  readonly inputs: PassInputs;
  /** The next block to take, counted on from the first of the range. */
  readonly nextBlock: Int32Array;
  readonly sums: Float64Array;
  readonly reports: Float64Array;
}

export interface SharedPassSize {
  readonly timeCount: number;
  readonly angleCount: number;
  readonly blockCount: number;
  readonly sumLength: number;
}

export function sharedPassBytes({ timeCount, angleCount, blockCount, sumLength }: SharedPassSize): number {
  return (
    8 * (1 + 8 * timeTableStride(timeCount) + 6 * angleCount + factorCount + blockCount * (sumLength + reportLength))
  );
}

/** Lays the views out over `buffer`; the same on every thread. */
export function viewSharedPass(buffer: ArrayBufferLike, size: SharedPassSize): SharedPass {
  const stride = timeTableStride(size.timeCount);
  let next = 8;
  const take = (length: number): Float64Array => {
    const view = new Float64Array(buffer, next, length);
    next += 8 * length;
    return view;
  };
  return {
    nextBlock: new Int32Array(buffer, 0, 1),
    inputs: {
      tableStride: stride,
      tables: take(8 * stride),
      angles: take(4 * size.angleCount),
      scaling: take(2 * size.angleCount),
      factors: take(factorCount),
    },
    sums: take(size.blockCount * size.sumLength),
    reports: take(size.blockCount * reportLength),
  };
}
