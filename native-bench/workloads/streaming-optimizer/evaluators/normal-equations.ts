/**
 * H = JᵀWJ (lower triangle, row by row, p(p+1)/2 doubles), g = JᵀWr (p doubles) and cost = Σ w·r², with J = ∂f/∂p and
 * r = y − f: the step that lowers the cost solves H·δ = g.
 */
export interface NormalEquations {
  readonly H: Float64Array;
  readonly g: Float64Array;
  cost: number;
}

export const packedLength = (count: number): number => (count * (count + 1)) / 2;

/** Place of H[row][column] in the packed triangle, in either order. */
export const packedIndex = (row: number, column: number): number =>
  row >= column ? (row * (row + 1)) / 2 + column : (column * (column + 1)) / 2 + row;

export function createNormalEquations(parameterCount: number): NormalEquations {
  return { H: new Float64Array(packedLength(parameterCount)), g: new Float64Array(parameterCount), cost: 0 };
}

export function clearNormalEquations(equations: NormalEquations): void {
  equations.H.fill(0);
  equations.g.fill(0);
  equations.cost = 0;
}

export function copyNormalEquations(from: NormalEquations, to: NormalEquations): void {
  to.H.set(from.H);
  to.g.set(from.g);
  to.cost = from.cost;
}

/** Adds (p+1)² products of the columns of J and the residual, r last; `columns` tells which parameter each column is of. */
export function addProducts(
  products: Float32Array | Float64Array,
  columns: readonly number[],
  out: NormalEquations,
): void {
  const count = columns.length;
  const stride = count + 1;
  for (let row = 0; row < count; row++) {
    for (let column = 0; column <= row; column++)
      out.H[packedIndex(columns[row], columns[column])] += products[row * stride + column];
    out.g[columns[row]] += products[count * stride + row];
  }
  out.cost += products[count * stride + count];
}
