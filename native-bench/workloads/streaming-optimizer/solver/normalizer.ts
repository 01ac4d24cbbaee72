import { UserFacingError } from "../../../../traces/model/errors.ts";
import { type NormalEquations, packedIndex } from "../evaluators/normal-equations.ts";

export type NormalizationStrategy = "auto" | "bounds" | "p0" | "none";

/** Maps parameters p to the solver's x = (p − offset)/scale and back. */
export interface Normalizer {
  readonly strategy: Exclude<NormalizationStrategy, "auto">;
  readonly scale: Float64Array;
  readonly offset: Float64Array;
  /** Bounds in x; ±Infinity where there are none. */
  readonly lower: Float64Array;
  readonly upper: Float64Array;
}

export interface Bounds {
  readonly lower: Float64Array;
  readonly upper: Float64Array;
}

/** Phase 0. Throws UserFacingError for bounds that cross and for a start outside of them. */
export function createNormalizer(
  strategy: NormalizationStrategy,
  start: Float64Array,
  bounds: Bounds,
  names: readonly string[],
): Normalizer {
  for (const [index, name] of names.entries()) {
    const [lower, upper, value] = [bounds.lower[index], bounds.upper[index], start[index]];
    if (!(lower < upper)) throw new UserFacingError(`expected lower < upper for ${name}, found ${lower} and ${upper}`);
    if (!(value >= lower && value <= upper))
      throw new UserFacingError(`expected a start of ${name} between ${lower} and ${upper}, found ${value}`);
  }
  const bounded = bounds.lower.every(Number.isFinite) && bounds.upper.every(Number.isFinite);
  const chosen = strategy === "auto" ? (bounded ? "bounds" : "p0") : strategy;
  if (chosen === "bounds" && !bounded) throw new UserFacingError("expected finite bounds for normalization by bounds");
  const scale = start.map((value, index) => {
    if (chosen === "none") return 1;
    const size = chosen === "bounds" ? bounds.upper[index] - bounds.lower[index] : Math.abs(value);
    return size < (chosen === "bounds" ? 1 : 10) * Number.EPSILON ? 1 : size;
  });
  const offset = chosen === "bounds" ? Float64Array.from(bounds.lower) : new Float64Array(start.length);
  const toX = (p: Float64Array): Float64Array => p.map((value, index) => (value - offset[index]) / scale[index]);
  return { strategy: chosen, scale, offset, lower: toX(bounds.lower), upper: toX(bounds.upper) };
}

export const toNormalized = ({ scale, offset }: Normalizer, p: Float64Array): Float64Array =>
  p.map((value, index) => (value - offset[index]) / scale[index]);

export const toParameters = ({ scale, offset }: Normalizer, x: Float64Array): Float64Array =>
  x.map((value, index) => value * scale[index] + offset[index]);

/** Takes H and g from parameters to x, in place: H ← D·H·D, g ← D·g with D = diag(scale). */
export function normalizeEquations({ scale }: Normalizer, equations: NormalEquations): void {
  for (let row = 0; row < scale.length; row++) {
    equations.g[row] *= scale[row];
    for (let column = 0; column <= row; column++) equations.H[packedIndex(row, column)] *= scale[row] * scale[column];
  }
}
