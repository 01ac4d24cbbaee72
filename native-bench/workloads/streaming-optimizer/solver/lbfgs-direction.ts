import { dot } from "./linear-algebra.ts";

interface Pair {
  readonly s: Float64Array;
  readonly y: Float64Array;
  readonly rho: number;
}

export interface LbfgsStep {
  readonly step: Float64Array;
  readonly isFull: boolean;
  readonly hasHistory: boolean;
}

/** −H⁻¹·gradient from the last `size` pairs: the two-loop recursion of Nocedal and Wright, Numerical Optimization, 2nd ed., 7.4. */
export function createLbfgsDirection(
  length: number,
  size: number,
): (x: Float64Array, gradient: Float64Array) => LbfgsStep {
  const pairs: Pair[] = [];
  let previous: { readonly x: Float64Array; readonly gradient: Float64Array } | null = null;
  return (x, gradient) => {
    if (previous !== null) {
      const { x: lastX, gradient: lastGradient } = previous;
      const s = x.map((value, index) => value - lastX[index]);
      const y = gradient.map((value, index) => value - lastGradient[index]);
      const curvature = dot(s, y);
      if (curvature > 1e-14 * Math.sqrt(dot(s, s) * dot(y, y))) pairs.push({ s, y, rho: 1 / curvature });
      if (pairs.length > size) pairs.shift();
    }
    previous = { x: Float64Array.from(x), gradient: Float64Array.from(gradient) };
    return { step: recurse(pairs, gradient, length), isFull: pairs.length === size, hasHistory: pairs.length > 0 };
  };
}

function recurse(pairs: readonly Pair[], gradient: Float64Array, length: number): Float64Array {
  const q = gradient.map((value) => -value);
  const alphas = new Float64Array(pairs.length);
  for (let k = pairs.length - 1; k >= 0; k--) {
    const { s, y, rho } = pairs[k];
    alphas[k] = rho * dot(s, q);
    for (let index = 0; index < length; index++) q[index] -= alphas[k] * y[index];
  }
  const last = pairs.at(-1);
  if (last !== undefined) {
    const scale = 1 / (last.rho * dot(last.y, last.y));
    for (let index = 0; index < length; index++) q[index] *= scale;
  }
  for (const [k, { s, y, rho }] of pairs.entries()) {
    const beta = rho * dot(y, q);
    for (let index = 0; index < length; index++) q[index] += (alphas[k] - beta) * s[index];
  }
  return q;
}
