import { studentQuantile } from "./distributions.ts";

/** t = a + c·x by least squares. */
export interface LineFit {
  readonly a: number;
  readonly c: number;
  /** Half widths of the 95 % intervals (Student); null with two points: no freedom is left. */
  readonly aHalf: number | null;
  readonly cHalf: number | null;
}

/** Ordinary least squares over at least two different x. */
export function fitLine(points: readonly (readonly [x: number, t: number])[]): LineFit {
  const n = points.length;
  const meanX = points.reduce((sum, [x]) => sum + x, 0) / n;
  const meanT = points.reduce((sum, [, t]) => sum + t, 0) / n;
  const spread = points.reduce((sum, [x]) => sum + (x - meanX) ** 2, 0);
  const c = points.reduce((sum, [x, t]) => sum + (x - meanX) * (t - meanT), 0) / spread;
  const a = meanT - c * meanX;
  if (n < 3) return { a, c, aHalf: null, cHalf: null };
  const residual = points.reduce((sum, [x, t]) => sum + (t - a - c * x) ** 2, 0) / (n - 2);
  const factor = studentQuantile(0.95, n - 2) * Math.sqrt(residual);
  return { a, c, aHalf: factor * Math.sqrt(1 / n + meanX ** 2 / spread), cHalf: factor / Math.sqrt(spread) };
}
