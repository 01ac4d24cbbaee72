import { quantileOfSorted } from "../describe.ts";
import { findModes } from "../modes.ts";
import { farApart } from "./formulas.ts";

/** Below this many samples two groups are chance. */
const leastSamples = 20;
/** Modes nearer than this are one thing measured on a busy machine. */
const leastFactor = 2;
/** Part of the samples that a mode holds at least, near the other and far from it. */
const leastWeight = 0.2;
const leastFarWeight = 1 / 12;
/** Between far groups nothing lies: a gap of this factor. */
const leastGap = 2;
/** The middle half of a group of equal work lies within this factor; what a busy machine delays is ragged. */
const largestRaggedness = 1.5;

/** Samples in two groups: where each lies, and its part of all. */
export interface TwoGroups {
  readonly low: { readonly atMs: number; readonly weight: number };
  readonly high: { readonly atMs: number; readonly weight: number };
}

/**
 * Two kinds of samples: far apart with nothing between, each repeating its time, so that a small part of them is
 * enough; or two modes of the density, of which each must hold a good part.
 */
export function findTwoGroups(samplesMs: readonly number[]): TwoGroups | null {
  if (samplesMs.length < leastSamples) return null;
  const sorted = samplesMs.toSorted((a, b) => a - b);
  // Modes lie between the samples: without the density, most runs need none of its time.
  if (sorted[sorted.length - 1] < leastFactor * sorted[0]) return null;
  return findFarGroups(sorted) ?? findTwoModes(samplesMs);
}

function findFarGroups(sorted: readonly number[]): TwoGroups | null {
  let split = 1;
  for (let i = 2; i < sorted.length; i++) if (sorted[i] / sorted[i - 1] > sorted[split] / sorted[split - 1]) split = i;
  const [low, high] = [sorted.slice(0, split), sorted.slice(split)];
  const [atLow, atHigh] = [low, high].map((group) => quantileOfSorted(group, 0.5));
  const weights = [low, high].map(({ length }) => length / sorted.length);
  const isApart = high[0] >= leastGap * low[low.length - 1] && atHigh >= farApart * atLow;
  if (!isApart || Math.min(...weights) < leastFarWeight || ![low, high].every(repeatsItself)) return null;
  return { low: { atMs: atLow, weight: weights[0] }, high: { atMs: atHigh, weight: weights[1] } };
}

function repeatsItself(sorted: readonly number[]): boolean {
  return quantileOfSorted(sorted, 0.75) <= largestRaggedness * quantileOfSorted(sorted, 0.25);
}

function findTwoModes(samplesMs: readonly number[]): TwoGroups | null {
  const modes = findModes(samplesMs.map(Math.log)).filter(({ weight }) => weight >= leastWeight);
  const [low, high] = [modes[0], modes.at(-1)];
  if (low === undefined || high === undefined || high.at - low.at < Math.log(leastFactor)) return null;
  const toGroup = ({ at, weight }: typeof low) => ({ atMs: Math.exp(at), weight });
  return { low: toGroup(low), high: toGroup(high) };
}
