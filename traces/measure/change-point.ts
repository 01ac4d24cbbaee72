import { medianOf } from "./describe.ts";

/** Changes of mean smaller than this many relative parts are no change of phase. */
const smallestNoise = 1e-3;

/**
 * Where the mean of log values changes: first index of each new level, ascending. Pruned exact linear time (Killick,
 * Fearnhead & Eckley 2012), squared-error cost in units of the noise, penalty 3·ln n.
 * Noise: median absolute difference of neighbours, so that levels themselves do not count as noise.
 */
export function findChangePoints(values: ArrayLike<number>): number[] {
  const n = values.length;
  if (n < 4) return [];
  const logs = Float64Array.from(values, (value) => Math.log(Math.max(value, Number.MIN_VALUE)));
  const noise = Math.max(smallestNoise, noiseOf(logs));
  const sum = new Float64Array(n + 1);
  const squares = new Float64Array(n + 1);
  for (let i = 0; i < n; i++) {
    const value = (logs[i] - logs[0]) / noise;
    sum[i + 1] = sum[i] + value;
    squares[i + 1] = squares[i] + value * value;
  }
  const costOf = (begin: number, end: number): number =>
    squares[end] - squares[begin] - (sum[end] - sum[begin]) ** 2 / (end - begin);
  const penalty = 3 * Math.log(n);
  const best = new Float64Array(n + 1);
  best[0] = -penalty;
  const previous = new Int32Array(n + 1);
  let candidates = [0];
  for (let end = 1; end <= n; end++) {
    best[end] = Infinity;
    for (const begin of candidates) {
      const cost = best[begin] + costOf(begin, end) + penalty;
      if (cost >= best[end]) continue;
      best[end] = cost;
      previous[end] = begin;
    }
    candidates = candidates.filter((begin) => best[begin] + costOf(begin, end) <= best[end]);
    candidates.push(end);
  }
  const points: number[] = [];
  for (let end = previous[n]; end > 0; end = previous[end]) points.push(end);
  return points.toReversed();
}

/** Steps fewer than these are too few to tell a warm-up from chance. */
const smallestSeries = 6;

/** How many first values are warm-up: up to the last change point of the first half, never more than half. */
export function warmUpLength(values: ArrayLike<number>): number {
  if (values.length < smallestSeries) return 0;
  const half = Math.floor(values.length / 2);
  return findChangePoints(values).findLast((point) => point <= half) ?? 0;
}

const smallestShort = 4;
const slowStart = 2;

/**
 * Whether the first of four or five values, as many as profilers are often told to record, is more than twice every other:
 * a profiler that starts takes its buffers in it. No proof, so a test keeps such a value and a mean is better without it.
 */
export function hasSlowStart(values: readonly number[]): boolean {
  if (values.length < smallestShort || values.length >= smallestSeries) return false;
  const [first, ...others] = values;
  return first > slowStart * Math.max(...others);
}

/** Standard deviation of white noise with this median |difference of neighbours|: /(0.6745·√2). */
function noiseOf(logs: Float64Array): number {
  const steps = Float64Array.from({ length: logs.length - 1 }, (_, i) => Math.abs(logs[i + 1] - logs[i]));
  return medianOf(steps) / (0.6744897501960817 * Math.SQRT2);
}
