import { type NormalEquations, packedIndex } from "../evaluators/normal-equations.ts";
import { decomposeSymmetric, type Eigen } from "./linear-algebra.ts";
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
  const eigen = decomposeSymmetric(scaleToCorrelation(equations.H, root), count);
  const informative = eigen.values.map((value) => Number(value > rankTolerance * eigen.values[count - 1]));
  const undetermined = findUndetermined(eigen, informative);
  const freedom = pointCount - count;
  const fromResiduals = freedom > 0 ? equations.cost / freedom : Number.POSITIVE_INFINITY;
  const residualVariance = absoluteSigma ? 1 : fromResiduals;
  const pcov = new Float64Array(count * count);
  for (let row = 0; row < count; row++)
    for (let column = 0; column <= row; column++) {
      let sum = undetermined.has(row) || undetermined.has(column) ? Number.NaN : 0;
      for (const [k, value] of eigen.values.entries())
        if (informative[k] === 1) sum += (eigen.vectors[k][row] * eigen.vectors[k][column]) / value;
      const value = (residualVariance * sum * scale[row] * scale[column]) / (root[row] * root[column]);
      pcov[row * count + column] = value;
      pcov[column * count + row] = value;
    }
  const { values } = decomposeSymmetric(equations.H, count);
  return {
    pcov,
    perr: Float64Array.from(scale, (_, index) => rootOrNaN(pcov[index * count + index])),
    residualVariance,
    conditionNumber: values[0] > 0 ? values[count - 1] / values[0] : Number.POSITIVE_INFINITY,
    undetermined: [...undetermined].sort((a, b) => a - b),
  };
}

/** H with a unit diagonal, so that its rank does not depend on units; rows of zeros stay. */
function scaleToCorrelation(H: Float64Array, root: Float64Array): Float64Array {
  const correlation = new Float64Array(H.length);
  for (let row = 0, index = 0; row < root.length; row++)
    for (let column = 0; column <= row; column++, index++) {
      const norm = root[row] * root[column];
      correlation[index] = norm > 0 ? H[index] / norm : 0;
    }
  return correlation;
}

function findUndetermined({ vectors }: Eigen, informative: Float64Array): ReadonlySet<number> {
  const undetermined = new Set<number>();
  for (const [k, vector] of vectors.entries()) {
    if (informative[k] === 1) continue;
    for (const [index, component] of vector.entries())
      if (Math.abs(component) > largeComponent) undetermined.add(index);
  }
  return undetermined;
}

const rootOrNaN = (value: number): number => (value >= 0 ? Math.sqrt(value) : Number.NaN);
