import type { Interval } from "./estimate.ts";

/**
 * Relative change that belongs to a shift between two sides whose medians have the mean `middle`:
 * (middle + shift/2) / (middle − shift/2) − 1. With shift = median after − median before that is after/before − 1; and
 * exchanging the sides gives the reciprocal ratio exactly, which shift/median before does not.
 * −1: nothing is left. Infinity: there was nothing. 0 when both sides are 0.
 */
export function relativeOf(shift: number, middle: number): number {
  if (shift === 0) return 0;
  const before = middle - shift / 2;
  if (before <= 0) return Infinity;
  return Math.max(-1, shift / before);
}

export function relativeInterval(shift: Interval, middle: number): Interval {
  return [relativeOf(shift[0], middle), relativeOf(shift[1], middle)];
}

/** The relative change seen from the other side. */
export function mirrored(relative: number): number {
  return relative === Infinity ? -1 : 1 / (1 + relative) - 1;
}
