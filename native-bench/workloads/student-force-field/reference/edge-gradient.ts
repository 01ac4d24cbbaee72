import type { PairList } from "../neighbors/pair-list.ts";

/** Keeps u = r/(d + ε) finite; part of the model. */
export const directionEpsilon = 1e-8;

/**
 * Turns gradients of half pairs into forces and virial: with e = d + ε,
 * t = g_d·r/d + g_u/e − (g_u·r)/(e²d)·r is ∂E/∂r; F_first += t, F_second −= t, ∂E/∂ε_ab = Σ t_a r_b.
 * `distanceGradient` holds ∂E/∂d and `directionGradient` (three a pair) ∂E/∂u of `first`'s slot less those of
 * `second`'s; eV/Å and eV. Adds to `forces` and `virial`.
 */
export function addPairForces(
  { pairCount, first, second, vectors }: PairList,
  distanceGradient: Float64Array,
  directionGradient: Float64Array,
  { forces, virial }: { readonly forces: Float64Array; readonly virial: Float64Array },
): void {
  for (let pair = 0; pair < pairCount; pair++) {
    const at = 3 * pair;
    const x = vectors[at];
    const y = vectors[at + 1];
    const z = vectors[at + 2];
    const gx = directionGradient[at];
    const gy = directionGradient[at + 1];
    const gz = directionGradient[at + 2];
    const distance = Math.sqrt(x * x + y * y + z * z);
    const length = distance + directionEpsilon;
    const along = distanceGradient[pair] / distance - (gx * x + gy * y + gz * z) / (length * length * distance);
    const tx = gx / length + along * x;
    const ty = gy / length + along * y;
    const tz = gz / length + along * z;
    const i = 3 * first[pair];
    const j = 3 * second[pair];
    forces[i] += tx;
    forces[i + 1] += ty;
    forces[i + 2] += tz;
    forces[j] -= tx;
    forces[j + 1] -= ty;
    forces[j + 2] -= tz;
    virial[0] += tx * x;
    virial[1] += tx * y;
    virial[2] += tx * z;
    virial[3] += ty * x;
    virial[4] += ty * y;
    virial[5] += ty * z;
    virial[6] += tz * x;
    virial[7] += tz * y;
    virial[8] += tz * z;
  }
}
