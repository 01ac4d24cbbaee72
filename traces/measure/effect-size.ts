import type { Estimate } from "./estimate.ts";

/** Cliff's δ: (#{b > a} − #{b < a}) / (n·m). Follows from Mann–Whitney's U of a. */
export function cliffsDeltaFromU(uA: number, n: number, m: number): number {
  return 1 - (2 * uA) / (n * m);
}

/** Limits of Romano et al. 2006. */
export function nameEffect(delta: number): NonNullable<Estimate["effect"]> {
  const size = Math.abs(delta);
  if (size < 0.147) return "negligible";
  if (size < 0.33) return "small";
  return size < 0.474 ? "medium" : "large";
}
