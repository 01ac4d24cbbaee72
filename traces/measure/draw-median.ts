import type { Random } from "./random.ts";

/**
 * The median of a bootstrap sample: n values drawn with replacement. It lies at a rank around n/2 with deviation √n/2,
 * so one normal number stands for n drawings. `sorted` ascending. `effectiveN`: independent values that say as much as
 * all do; fewer scatter more.
 */
export function drawMedian(sorted: ArrayLike<number>, random: Random, effectiveN: number = sorted.length): number {
  const n = sorted.length;
  const rank = 0.5 + random.normal() / (2 * Math.sqrt(effectiveN));
  return sorted[Math.max(0, Math.min(n - 1, Math.floor(rank * n)))];
}
