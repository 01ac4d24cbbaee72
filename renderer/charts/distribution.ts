/** Values of one group, in any order. */
export interface SampleGroup {
  readonly id: string;
  readonly title: string;
  /** CSS color, a token as `var(--name)`. */
  readonly color: string;
  readonly values: ArrayLike<number>;
}

export interface EcdfStep {
  readonly value: number;
  /** Part of the values that are at most this one. */
  readonly share: number;
}

/** The empirical distribution function: one step a distinct value, ascending. */
export function ecdfOf(values: ArrayLike<number>): readonly EcdfStep[] {
  const sorted = Float64Array.from(values).sort();
  const steps: EcdfStep[] = [];
  for (const [index, value] of sorted.entries())
    if (sorted[index + 1] !== value) steps.push({ value, share: (index + 1) / sorted.length });
  return steps;
}

export interface Bins {
  /** Edges, one more than bins, ascending. */
  readonly edges: readonly number[];
  /** By group, count of each bin. The last bin holds its upper edge. */
  readonly counts: readonly (readonly number[])[];
}

const fewestBins = 5;
const mostBins = 60;

/**
 * Common bins of all groups, as wide as the most spread group asks for: 2·IQR·n^(−1/3) (Freedman & Diaconis 1981).
 * One bin where all values are equal; none without values.
 */
export function binsOf(groups: readonly ArrayLike<number>[]): Bins {
  const sorted = groups.map((values) => Float64Array.from(values).sort());
  const low = sorted.reduce((least, values) => Math.min(least, values[0] ?? Infinity), Infinity);
  const high = sorted.reduce((most, values) => Math.max(most, values.at(-1) ?? -Infinity), -Infinity);
  if (low > high) return { edges: [], counts: groups.map(() => []) };
  if (low === high) return { edges: [low, high], counts: sorted.map((values) => [values.length]) };
  const widths = sorted.flatMap((values) => {
    const width = (2 * (quantile(values, 0.75) - quantile(values, 0.25))) / Math.cbrt(values.length);
    return width > 0 ? [width] : [];
  });
  const wanted = widths.length === 0 ? fewestBins : Math.ceil((high - low) / Math.max(...widths));
  const binCount = Math.min(mostBins, Math.max(fewestBins, wanted));
  const edges = Array.from({ length: binCount + 1 }, (_, index) => low + ((high - low) * index) / binCount);
  const counts = sorted.map((values) => {
    const count = Array.from({ length: binCount }, () => 0);
    for (const value of values) {
      const bin = Math.min(binCount - 1, Math.floor(((value - low) / (high - low)) * binCount));
      count[bin] = (count[bin] ?? 0) + 1;
    }
    return count;
  });
  return { edges, counts };
}

/** Linear between order statistics (Hyndman & Fan, type 7); `sorted` ascending and not empty. */
export function quantile(sorted: ArrayLike<number>, share: number): number {
  const place = share * (sorted.length - 1);
  const below = sorted[Math.floor(place)] ?? Number.NaN;
  const above = sorted[Math.ceil(place)] ?? below;
  return below + (above - below) * (place - Math.floor(place));
}
