/** Draws of a bootstrap that window and terminal ask for: their numbers are the same. */
export const usualDraws = 10_000;
/** Ends of an interval scatter by a fiftieth of its width then. */
const leastDraws = 2000;
const stepsDrawn = 1_000_000;

/** As many draws as are wanted, fewer where there are many steps: each draw takes all of them. */
export function drawsFor(wanted: number, stepCount: number): number {
  return Math.min(wanted, Math.max(leastDraws, Math.floor(stepsDrawn / Math.max(1, stepCount))));
}
