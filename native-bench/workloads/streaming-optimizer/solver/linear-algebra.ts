import { packedIndex } from "../evaluators/normal-equations.ts";

/*
 * Small dense matrices (p ≤ a few hundred): lower triangles packed row by row.
 */

/**
 * Solves (H + diag(damping))·d = g on the rows `free`, into `d` (others are left alone). H packed, p×p.
 * Returns false when the matrix is not positive definite to working precision.
 */
export function solveDamped(
  H: Float64Array,
  damping: Float64Array,
  g: Float64Array,
  free: readonly number[],
  d: Float64Array,
): boolean {
  const count = free.length;
  const L = new Float64Array(count * count);
  const z = new Float64Array(count);
  for (let row = 0; row < count; row++) {
    for (let column = 0; column <= row; column++) {
      let sum = H[packedIndex(free[row], free[column])] + (row === column ? damping[free[row]] : 0);
      for (let k = 0; k < column; k++) sum -= L[row * count + k] * L[column * count + k];
      if (row !== column) L[row * count + column] = sum / L[column * count + column];
      else if (sum > 1e-15 * H[packedIndex(free[row], free[row])] && Number.isFinite(sum))
        L[row * count + row] = Math.sqrt(sum);
      else return false;
    }
    let sum = g[free[row]];
    for (let k = 0; k < row; k++) sum -= L[row * count + k] * z[k];
    z[row] = sum / L[row * count + row];
  }
  for (let row = count - 1; row >= 0; row--) {
    let sum = z[row];
    for (let k = row + 1; k < count; k++) sum -= L[k * count + row] * z[k];
    z[row] = sum / L[row * count + row];
    d[free[row]] = z[row];
  }
  return true;
}

/** gᵀd. */
export function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let index = 0; index < a.length; index++) sum += a[index] * b[index];
  return sum;
}

/** dᵀHd, H packed. */
export function quadraticForm(H: Float64Array, d: Float64Array): number {
  let sum = 0;
  for (let row = 0, index = 0; row < d.length; row++)
    for (let column = 0; column <= row; column++, index++)
      sum += (row === column ? 1 : 2) * H[index] * d[row] * d[column];
  return sum;
}

/** Eigenvalues, ascending, and eigenvectors of a symmetric matrix: vector k is `vectors[k]`. */
export interface Eigen {
  readonly values: Float64Array;
  readonly vectors: readonly Float64Array[];
}

/** Cyclic Jacobi rotations (Golub and Van Loan, Matrix Computations, 4th ed., 8.5); exact to working precision for p ≤ 100. */
export function decomposeSymmetric(packed: Float64Array, count: number): Eigen {
  const a = Array.from({ length: count }, (_, row) =>
    Float64Array.from({ length: count }, (_, column) => packed[packedIndex(row, column)]),
  );
  const v = Array.from({ length: count }, (_, row) =>
    Float64Array.from({ length: count }, (_, column) => (row === column ? 1 : 0)),
  );
  let rotated = true;
  for (let sweep = 0; rotated && sweep < 60; sweep++) {
    rotated = false;
    for (let p = 0; p < count - 1; p++) for (let q = p + 1; q < count; q++) rotated = rotate(a, v, p, q) || rotated;
  }
  const order = Array.from({ length: count }, (_, index) => index).sort((x, y) => a[x][x] - a[y][y]);
  return {
    values: Float64Array.from(order, (index) => a[index][index]),
    vectors: order.map((index) => Float64Array.from(v, (row) => row[index])),
  };
}

/** Returns whether there was anything to rotate: relative to the diagonal, so that small eigenvalues keep their digits. */
function rotate(a: readonly Float64Array[], v: readonly Float64Array[], p: number, q: number): boolean {
  if (Math.abs(a[p][q]) <= 1e-16 * Math.sqrt(Math.abs(a[p][p] * a[q][q]))) return false;
  const theta = (a[q][q] - a[p][p]) / (2 * a[p][q]);
  const t = Math.sign(theta || 1) / (Math.abs(theta) + Math.sqrt(theta * theta + 1));
  const c = 1 / Math.sqrt(t * t + 1);
  const s = t * c;
  for (const row of a) {
    const [x, y] = [row[p], row[q]];
    row[p] = c * x - s * y;
    row[q] = s * x + c * y;
  }
  const [rowP, rowQ] = [a[p], a[q]];
  for (let k = 0; k < rowP.length; k++) {
    const [x, y] = [rowP[k], rowQ[k]];
    rowP[k] = c * x - s * y;
    rowQ[k] = s * x + c * y;
  }
  for (const row of v) {
    const [x, y] = [row[p], row[q]];
    row[p] = c * x - s * y;
    row[q] = s * x + c * y;
  }
  return true;
}
