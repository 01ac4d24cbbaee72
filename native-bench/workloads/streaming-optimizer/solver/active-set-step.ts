import type { NormalEquations } from "../evaluators/normal-equations.ts";
import { packedIndex } from "../evaluators/normal-equations.ts";
import { solveDamped } from "./linear-algebra.ts";
import type { Bounds } from "./normalizer.ts";

/** Coordinates that may move: not those that sit on a bound and would be pushed beyond it. */
export function findFree(x: Float64Array, { g }: NormalEquations, { lower, upper }: Bounds): number[] {
  const free: number[] = [];
  for (let index = 0; index < x.length; index++)
    if (!((x[index] <= lower[index] && g[index] < 0) || (x[index] >= upper[index] && g[index] > 0))) free.push(index);
  return free;
}

/**
 * The step d with (H + μD)·d = g that stays within the bounds: the first bound hit along d fixes its coordinate there, its term moves to
 * the right side, and the rest is solved again. Returns null when the matrix is not positive definite.
 */
export function computeActiveSetStep(
  x: Float64Array,
  equations: NormalEquations,
  damping: Float64Array,
  bounds: Bounds,
): Float64Array | null {
  const { H, g } = equations;
  const d = new Float64Array(x.length);
  const rightSide = Float64Array.from(g);
  let free = findFree(x, equations, bounds);
  while (free.length > 0) {
    if (!solveDamped(H, damping, rightSide, free, d)) return null;
    const hit = findFirstHit(x, d, free, bounds);
    if (hit === null) break;
    d[hit.index] = hit.distance;
    free = free.filter((index) => index !== hit.index);
    for (const index of free) rightSide[index] -= H[packedIndex(index, hit.index)] * hit.distance;
  }
  return d;
}

function findFirstHit(
  x: Float64Array,
  d: Float64Array,
  free: readonly number[],
  { lower, upper }: Bounds,
): { readonly index: number; readonly distance: number } | null {
  let first: { readonly index: number; readonly distance: number } | null = null;
  let shortest = 1;
  for (const index of free) {
    const target = x[index] + d[index];
    const distance =
      target < lower[index] ? lower[index] - x[index] : target > upper[index] ? upper[index] - x[index] : null;
    if (distance === null) continue;
    const fraction = distance / d[index];
    if (first !== null && fraction >= shortest) continue;
    first = { index, distance };
    shortest = fraction;
  }
  return first;
}
