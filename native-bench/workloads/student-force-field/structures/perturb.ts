import { drawGaussian } from "../model/seeded-weights.ts";
import type { Structure } from "./structure.ts";

/**
 * Moves every coordinate by Gaussian noise of `sigma` Å. An only atom of a box sees nothing but its own images, which
 * move with it: there the cell vectors move too, or no answer would change.
 */
export function perturb(structure: Structure, sigma: number, random: () => number): Structure {
  const move = (value: number): number => value + sigma * drawGaussian(random);
  const positions = structure.positions.map(move);
  const cell = structure.atomicNumbers.length === 1 ? (structure.cell?.map(move) ?? null) : structure.cell;
  return { ...structure, positions, cell };
}
