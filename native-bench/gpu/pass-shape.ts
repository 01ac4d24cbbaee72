/** Which physics a pass has, see `FitModel.hasFlow` of the streaming optimizer. */
export type PassPhysics = "laminar" | "static";

/** One pass over a slab of rows: everything that changes between passes. Plain data, so that it can travel. */
export interface PassRequest {
  readonly physics: PassPhysics;
  /** Of a slab, from `upload`. */
  readonly slab: number;
  /** Times of a map. */
  readonly timeCount: number;
  readonly rowCount: number;
  readonly firstRow: number;
  readonly rowStep: number;
  /** Angles [firstAngle, firstAngle + angleCount) of the slab share one scaling pair. */
  readonly firstAngle: number;
  readonly angleCount: number;
  /** The cumulative integrals, `timeCount` each: four (at rest) or eight, each divided so that its largest value is 1. */
  readonly tables: Float32Array<ArrayBuffer>;
  /** Φ per unit of the scaled |ΔG|, cos(φ0 − φ), −sin(φ0 − φ), unused: four an angle, of all angles of the slab. */
  readonly angles: Float32Array<ArrayBuffer>;
  /** Exponent per unit of the scaled |ΔS|. */
  readonly decay: number;
  readonly contrast: number;
  /** Offset − 1; the slab holds y − 1: float32 keeps the digits that noise is made of. */
  readonly offset: number;
}

/** Sums of a pass in scaled columns, and when the device worked, ms since the epoch. */
export interface PassSums {
  /** H (lower, row by row), g, cost: 45 + 9 + 1, at rest 15 + 5 + 1. */
  readonly sums: Float64Array<ArrayBuffer>;
  readonly startMs: number;
  readonly endMs: number;
}

export const columnCountOf = (physics: PassPhysics): number => (physics === "laminar" ? 9 : 5);
export const sumCountOf = (physics: PassPhysics): number => (physics === "laminar" ? 55 : 21);

/** Terms that a thread adds up in float32 at most; the rest is added in float64. */
const mostTerms = 256;
/** Columns that a thread takes of one row. */
export const spanLengthOf = (angleCount: number): number => Math.max(1, Math.floor(mostTerms / angleCount));
