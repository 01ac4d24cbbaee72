/*
 * What rules over result files and over the tables of a claims ledger have in common. Thresholds come from what honest
 * benchmarks show: a factor of 5 between things that should be equal is no noise.
 */

export const farApart = 5;
/** Both solutions of a mixture agree this well, or it is none. */
const mixtureAgreement = 0.01;

/** Whether a batch is so much quicker per item than every other one that it cannot have done the work. */
export function isIdle(perItem: number, others: readonly number[]): boolean {
  return others.length > 0 && others.every((other) => perItem * farApart < other);
}

/** The time of the one real repetition, from the mean and from the deviation. */
export interface CachedMixture {
  readonly fromMean: number;
  readonly fromDeviation: number;
}

/**
 * One real repetition x among n − 1 answers from a cache at h: mean = (x + (n − 1)h)/n and deviation =
 * (x − h)·√(n − 1)/n. Both are solved for x; agreement proves the mixture, null says there is none.
 */
export function solveMixture(mean: number, deviation: number, n: number, hit: number): CachedMixture | null {
  const fromMean = n * mean - (n - 1) * hit;
  const fromDeviation = hit + (deviation * n) / Math.sqrt(n - 1);
  return Math.abs(fromMean / fromDeviation - 1) > mixtureAgreement ? null : { fromMean, fromDeviation };
}
