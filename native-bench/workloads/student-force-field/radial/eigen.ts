/** Eigenpairs of a symmetric matrix, largest eigenvalue first; row q of `vectors` belongs to `values[q]`. */
export interface Eigenpairs {
  readonly values: Float64Array;
  readonly vectors: Float64Array;
}

const largestSweepCount = 60;

/**
 * Cyclic Jacobi rotations on a copy of `matrix` (n×n, row-major), until nothing is left beside the diagonal.
 * Golub and Van Loan, Matrix Computations, 4th ed., section 8.5.
 */
export function diagonalize(matrix: Float64Array, size: number): Eigenpairs {
  const a = matrix.slice();
  const vectors = new Float64Array(size * size);
  for (let i = 0; i < size; i++) vectors[i * size + i] = 1;
  const scale = a.reduce((sum, value) => sum + value * value, 0);
  for (let sweep = 0; sweep < largestSweepCount; sweep++) {
    let rest = 0;
    for (let p = 0; p < size; p++) for (let q = p + 1; q < size; q++) rest += a[p * size + q] ** 2;
    if (rest <= 1e-32 * scale) break;
    for (let p = 0; p < size; p++) for (let q = p + 1; q < size; q++) rotatePair(a, vectors, size, p, q);
  }
  const order = Array.from({ length: size }, (_, i) => i).sort((i, j) => a[j * size + j] - a[i * size + i]);
  const sorted = new Float64Array(size * size);
  order.forEach((from, to) => sorted.set(vectors.subarray(from * size, (from + 1) * size), to * size));
  return { values: Float64Array.from(order, (i) => a[i * size + i]), vectors: sorted };
}

/** Makes a[p][q] zero; `vectors` turn along. */
function rotatePair(a: Float64Array, vectors: Float64Array, size: number, p: number, q: number): void {
  const off = a[p * size + q];
  if (off === 0) return;
  const ratio = (a[q * size + q] - a[p * size + p]) / (2 * off);
  const t = Math.sign(ratio || 1) / (Math.abs(ratio) + Math.sqrt(ratio * ratio + 1));
  const c = 1 / Math.sqrt(t * t + 1);
  const s = t * c;
  for (let k = 0; k < size; k++) {
    const akp = a[k * size + p];
    const akq = a[k * size + q];
    a[k * size + p] = c * akp - s * akq;
    a[k * size + q] = s * akp + c * akq;
  }
  for (let k = 0; k < size; k++) {
    const apk = a[p * size + k];
    const aqk = a[q * size + k];
    a[p * size + k] = c * apk - s * aqk;
    a[q * size + k] = s * apk + c * aqk;
    const vp = vectors[p * size + k];
    const vq = vectors[q * size + k];
    vectors[p * size + k] = c * vp - s * vq;
    vectors[q * size + k] = s * vp + c * vq;
  }
}
