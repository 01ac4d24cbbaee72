import { meanOf } from "./describe.ts";
import { doubledRanks } from "./ranks.ts";

export interface Dependence {
  /** Lag-1 autocorrelation of the ranks. */
  readonly rho: number;
  /** Integrated autocorrelation time, at least 1. */
  readonly tau: number;
  readonly effectiveN: number;
  /** Length of the blocks within which values depend on each other; 1 = independent. */
  readonly blockLength: number;
}

/** Values apart from which a series may be tested for dependence at all. */
const smallestSeries = 8;
/** ρ̂₁ of independent values scatters by 1/√n; below so many of that they count as independent. */
const whiteNoisePoint = 1;

/**
 * How far the values of a series (steps in time order) depend on their neighbours.
 * τ: Geyer's initial positive sequence (Practical Markov Chain Monte Carlo, 1992). Block length for overlapping
 * blocks: Carlstein 1986 for AR(1), (6ρ²/(1−ρ²)²)^⅓·n^⅓, at most n/4.
 */
export function measureDependence(values: ArrayLike<number>): Dependence {
  const n = values.length;
  const independent: Dependence = { rho: 0, tau: 1, effectiveN: n, blockLength: 1 };
  if (n < smallestSeries) return independent;
  const series = ranksOf(values);
  const rho = neighborCorrelation(series);
  if (!Number.isFinite(rho)) return independent;
  if (rho < whiteNoisePoint / Math.sqrt(n)) return { ...independent, rho };
  const tau = Math.min(n, integratedTime(series));
  return { rho, tau, effectiveN: n / tau, blockLength: blockLengthFor(rho, n) };
}

/** ρ₁ of doubled midranks: their mean is n + 1, whatever the ties. */
function neighborCorrelation(ranks: Float64Array): number {
  const mean = ranks.length + 1;
  let top = 0;
  let bottom = 0;
  let last = 0;
  for (let i = 0; i < ranks.length; i++) {
    const deviation = ranks[i] - mean;
    bottom += deviation * deviation;
    top += deviation * last;
    last = deviation;
  }
  return top / bottom;
}

/** τ = 1 + 2Σρ_k, summed while ρ_{2k−1} + ρ_{2k} > 0; at least 1. */
export function integratedTime(series: ArrayLike<number>): number {
  let tau = 1;
  for (let lag = 1; lag + 1 < series.length; lag += 2) {
    const pair = autocorrelationAt(series, lag) + autocorrelationAt(series, lag + 1);
    if (!(pair > 0)) break;
    tau += 2 * pair;
  }
  return Math.max(1, tau);
}

export function blockLengthFor(rho: number, n: number): number {
  const optimal = Math.cbrt((6 * rho * rho) / (1 - rho * rho) ** 2) * Math.cbrt(n);
  return Math.max(1, Math.min(Math.ceil(optimal - 1e-9), Math.floor(n / 4)));
}

/** ρ_k = Σ(x_i − x̄)(x_{i+k} − x̄) / Σ(x_i − x̄)²; NaN for constant values. */
export function autocorrelationAt(series: ArrayLike<number>, lag: number): number {
  const mean = meanOf(series);
  let top = 0;
  let bottom = 0;
  for (let i = 0; i < series.length; i++) {
    const deviation = series[i] - mean;
    bottom += deviation * deviation;
    if (i + lag < series.length) top += deviation * (series[i + lag] - mean);
  }
  return top / bottom;
}

/** Midranks: outliers of a busy machine would hide the dependence of everything else. A drift counts as dependence. */
function ranksOf(values: ArrayLike<number>): Float64Array {
  return doubledRanks(values, new Float64Array(values).sort());
}
