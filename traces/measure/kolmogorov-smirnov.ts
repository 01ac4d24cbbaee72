import { kolmogorovTail } from "./distributions.ts";

const largestExactProduct = 10_000;

export interface ShapeTest {
  /** Largest distance of the two distribution functions. */
  readonly d: number;
  /** Two-sided. */
  readonly p: number;
  readonly exact: boolean;
}

/** Two-sample Kolmogorov–Smirnov: differences of any kind, spread included. Exact for n·m ≤ 10,000. */
export function testShape(a: ArrayLike<number>, b: ArrayLike<number>): ShapeTest {
  const d = largestDistance(a, b);
  const n = a.length;
  const m = b.length;
  if (n * m <= largestExactProduct) return { d, p: exactP(d, n, m), exact: true };
  return { d, p: kolmogorovTail(d * Math.sqrt((n * m) / (n + m))), exact: false };
}

function largestDistance(a: ArrayLike<number>, b: ArrayLike<number>): number {
  const x = new Float64Array(a).sort();
  const y = new Float64Array(b).sort();
  let i = 0;
  let j = 0;
  let largest = 0;
  while (i < x.length && j < y.length) {
    const value = Math.min(x[i], y[j]);
    while (i < x.length && x[i] === value) i++;
    while (j < y.length && y[j] === value) j++;
    largest = Math.max(largest, Math.abs(i / x.length - j / y.length));
  }
  return largest;
}

/**
 * Paths through the n × m lattice that stay closer than d to its diagonal, as a probability: row by row, each row
 * scaled by i / (i + m). Hodges 1958; Nikiforov 1994.
 */
function exactP(d: number, n: number, m: number): number {
  // Distances are multiples of 1/(n·m): half of one below d separates "< d" from "≥ d".
  const limit = (Math.floor(d * n * m - 1e-7) + 0.5) / (n * m);
  const inside = new Float64Array(m + 1);
  for (let j = 0; j <= m; j++) inside[j] = j / m > limit ? 0 : 1;
  for (let i = 1; i <= n; i++) {
    const scale = i / (i + m);
    inside[0] = i / n > limit ? 0 : scale * inside[0];
    for (let j = 1; j <= m; j++) inside[j] = Math.abs(i / n - j / m) > limit ? 0 : scale * inside[j] + inside[j - 1];
  }
  return Math.min(1, Math.max(0, 1 - inside[m]));
}
