import { type NormalEquations, packedIndex } from "../evaluators/normal-equations.ts";
import { decomposeSymmetric } from "./linear-algebra.ts";
import type { Normalizer } from "./normalizer.ts";

/** Phase 3: how well the data determine the parameters. */
export interface Covariance {
  /** p×p, row by row, in the parameters' units; NaN where the data say nothing, Infinity when N ≤ p. */
  readonly pcov: Float64Array;
  /** √diag; NaN where that is not defined. */
  readonly perr: Float64Array;
  /** σ² = C/(N − p), or 1 for absolute standard deviations. */
  readonly residualVariance: number;
  /** Of H in normalised parameters. */
  readonly conditionNumber: number;
  /** Parameters that the data do not determine, because H is singular to working precision. */
  readonly undetermined: readonly number[];
}

/** Eigenvalues of the correlation-scaled H below this part of the largest are rounding. */
const rankTolerance = 1e-13;
/** Part of a null vector that makes a parameter undetermined. */
const largeComponent = 1e-3;

/** Covariance σ²·H⁻¹ from normalised equations. Directions without information make their parameters NaN, they are not guessed. */
export function computeCovariance(
  equations: NormalEquations,
  { scale }: Normalizer,
  { pointCount, absoluteSigma }: { readonly pointCount: number; readonly absoluteSigma: boolean },
): Covariance {
  const count = scale.length;
  const root = Float64Array.from(scale, (_, index) => Math.sqrt(equations.H[packedIndex(index, index)]));
  const correlation = new Float64Array(equations.H.length);
  for (let row = 0, index = 0; row < count; row++)
    for (let column = 0; column <= row; column++, index++) {
      const norm = root[row] * root[column];
      correlation[index] = norm > 0 ? equations.H[index] / norm : row === column ? 0 : 0;
    }
  const { values, vectors } = decomposeSymmetric(correlation, count);
  const largest = values[count - 1];
  const undetermined = new Set<number>();
  for (const [k, value] of values.entries())
    if (!(value > rankTolerance * largest))
      for (const [index, component] of vectors[k].entries())
        if (Math.abs(component) > largeComponent) undetermined.add(index);
  const residualVariance = absoluteSigma
    ? 1
    : pointCount > count
      ? equations.cost / (pointCount - count)
      : Number.POSITIVE_INFINITY;
  const pcov = new Float64Array(count * count);
  for (let row = 0; row < count; row++)
    for (let column = 0; column <= row; column++) {
      let sum = undetermined.has(row) || undetermined.has(column) ? Number.NaN : 0;
      for (const [k, value] of values.entries())
        if (value > rankTolerance * largest) sum += (vectors[k][row] * vectors[k][column]) / value;
      pcov[row * count + column] = pcov[column * count + row] =
        (residualVariance * sum * scale[row] * scale[column]) / (root[row] * root[column]);
    }
  const perr = Float64Array.from(scale, (_, index) => {
    const variance = pcov[index * count + index];
    return variance >= 0 ? Math.sqrt(variance) : Number.NaN;
  });
  const { values: raw } = decomposeSymmetric(equations.H, count);
  return {
    pcov,
    perr,
    residualVariance,
    conditionNumber: raw[0] > 0 ? raw[count - 1] / raw[0] : Number.POSITIVE_INFINITY,
    undetermined: [...undetermined].sort((a, b) => a - b),
  };
}
