import { quantileOfSorted, standardDeviationOf } from "./describe.ts";

/** A peak of a density, in the unit of the values, and its part of the mass, 0 to 1. */
export interface Mode {
  readonly at: number;
  readonly weight: number;
}

const gridPoints = 256;
const smallestWeight = 0.1;
const deepestValley = 0.8;

/**
 * Modes of a Gaussian kernel density (Silverman's bandwidth, 0.9·min(s, IQR/1.34)·n^−⅕): peaks with at least 10 % of the
 * mass, parted by a valley of at most 80 % of the lower peak. None below 4 values or without spread.
 */
export function findModes(values: ArrayLike<number>): readonly Mode[] {
  const sorted = new Float64Array(values).sort();
  const spread = (quantileOfSorted(sorted, 0.75) - quantileOfSorted(sorted, 0.25)) / 1.34;
  const deviation = standardDeviationOf(sorted);
  const width = 0.9 * (spread > 0 ? Math.min(deviation, spread) : deviation) * sorted.length ** -0.2;
  if (sorted.length < 4 || !(width > 0)) return [];
  const from = sorted[0] - 3 * width;
  const step = (sorted[sorted.length - 1] + 3 * width - from) / (gridPoints - 1);
  const at = Float64Array.from({ length: gridPoints }, (_, i) => from + i * step);
  const density = at.map((x) => {
    let sum = 0;
    for (const value of sorted) sum += Math.exp(-0.5 * ((x - value) / width) ** 2);
    return sum / (sorted.length * width * Math.sqrt(2 * Math.PI));
  });
  return peaksOf(at, density, step);
}

/** `density` integrates to 1 over `at`, `step` apart. */
function peaksOf(at: Float64Array, density: Float64Array, step: number): readonly Mode[] {
  const peaks: { readonly index: number; begin: number }[] = [];
  let valley = 0;
  for (let i = 0; i < density.length; i++) {
    if (density[i] < density[valley]) valley = i;
    const isPeak = density[i] > (density[i - 1] ?? -1) && density[i] >= (density[i + 1] ?? -1);
    if (!isPeak) continue;
    const last = peaks.at(-1);
    const isParted = last === undefined || density[valley] <= deepestValley * Math.min(density[last.index], density[i]);
    if (isParted) peaks.push({ index: i, begin: last === undefined ? 0 : valley });
    else if (density[i] > density[last.index]) peaks[peaks.length - 1] = { index: i, begin: last.begin };
    valley = i;
  }
  const weighed = peaks.map(({ index, begin }, peak) => {
    const end = peaks[peak + 1]?.begin ?? density.length;
    let mass = 0;
    for (let i = begin; i < end; i++) mass += density[i] * step;
    return { at: at[index], weight: mass };
  });
  return weighed.filter(({ weight }) => weight >= smallestWeight);
}
