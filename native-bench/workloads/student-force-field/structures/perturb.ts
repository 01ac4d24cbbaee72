import { drawGaussian } from "../model/seeded-weights.ts";
import type { Structure } from "./structure.ts";

/** Moves every coordinate by Gaussian noise of `sigma` Å. */
export function perturb(structure: Structure, sigma: number, random: () => number): Structure {
  return { ...structure, positions: structure.positions.map((value) => value + sigma * drawGaussian(random)) };
}
