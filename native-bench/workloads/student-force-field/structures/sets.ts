import { createRandom } from "../../../samples/seeded-random.mjs";
import { ammonia, benzene, ethane, ethanol, fiveBenzenes, fullerene, methane, propane, water } from "./molecules.ts";
import { perturb } from "./perturb.ts";
import type { Structure } from "./structure.ts";
import { createWaterBox } from "./water-box.ts";

/** Structures to choose from by name, smallest first. */
export const structureSets = [
  "mix",
  "h2o",
  "nh3",
  "ch4",
  "c2h6",
  "ethanol",
  "c3h8",
  "c6h6",
  "benzenes",
  "c60",
  "water24",
  "water81",
  "water192",
  "water375",
  "water648",
  "water1029",
] as const;
export type StructureSet = (typeof structureSets)[number];

const molecules: Readonly<Partial<Record<StructureSet, Structure>>> = {
  h2o: water,
  nh3: ammonia,
  ch4: methane,
  c2h6: ethane,
  ethanol,
  c3h8: propane,
  c6h6: benzene,
  benzenes: fiveBenzenes,
  c60: fullerene,
};

const mixture = [water, ammonia, methane, ethane, propane, benzene];
const mixtureSigma = 0.02;

/** From this size on, water is a periodic box; below, the box would be smaller than three cutoffs. */
const smallestPeriodicEdge = 5;

/**
 * `count` structures of a set, each moved a little by a seed of its own: 0.02 Å, so that no two are alike. "mix" cycles
 * through molecules of 3 to 12 atoms.
 */
export function createStructures(set: StructureSet, count: number, seed = 1): Structure[] {
  const random = createRandom(seed);
  return Array.from({ length: count }, (_, i) => perturb(pickStructure(set, i), mixtureSigma, random));
}

function pickStructure(set: StructureSet, index: number): Structure {
  if (set === "mix") return mixture[index % mixture.length];
  const molecule = molecules[set];
  if (molecule !== undefined) return molecule;
  const moleculesPerEdge = Math.round(Math.cbrt(Number(set.slice("water".length)) / 3));
  return createWaterBox(moleculesPerEdge, { periodic: moleculesPerEdge >= smallestPeriodicEdge });
}
