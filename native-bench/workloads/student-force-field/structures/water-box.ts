import { createRandom } from "../../../samples/seeded-random.mjs";
import { drawGaussian } from "../model/seeded-weights.ts";
import { water } from "./molecules.ts";
import type { Structure } from "./structure.ts";

/** Lattice of one molecule each at the density of water, Å. */
const latticeConstant = 3.107;

/**
 * m³ water molecules on a cubic lattice in random orientations: 3m³ atoms. A droplet, or with `periodic` a box of
 * m · 3.107 Å.
 */
export function createWaterBox(
  moleculesPerEdge: number,
  { periodic = false, seed = 1 }: { readonly periodic?: boolean; readonly seed?: number } = {},
): Structure {
  const random = createRandom(seed);
  const moleculeCount = moleculesPerEdge ** 3;
  const atomicNumbers = new Int32Array(3 * moleculeCount);
  const positions = new Float64Array(9 * moleculeCount);
  for (let molecule = 0; molecule < moleculeCount; molecule++) {
    atomicNumbers.set(water.atomicNumbers, 3 * molecule);
    const site = [
      Math.floor(molecule / moleculesPerEdge ** 2),
      Math.floor(molecule / moleculesPerEdge) % moleculesPerEdge,
      molecule % moleculesPerEdge,
    ];
    const rotated = rotate(water.positions, drawRotation(random));
    rotated.forEach((value, at) => {
      positions[9 * molecule + at] = value + (site[at % 3] + 0.5) * latticeConstant;
    });
  }
  const edge = moleculesPerEdge * latticeConstant;
  return {
    name: `${periodic ? "periodic water" : "water"} ${3 * moleculeCount}`,
    atomicNumbers,
    positions,
    cell: periodic ? Float64Array.of(edge, 0, 0, 0, edge, 0, 0, 0, edge) : null,
  };
}

/** A rotation matrix (row-major), uniform over all: a normalized Gaussian quaternion (Muller, 1959). */
export function drawRotation(random: () => number): Float64Array {
  const raw = Array.from({ length: 4 }, () => drawGaussian(random));
  const [w, x, y, z] = raw.map((value) => value / Math.hypot(...raw));
  return Float64Array.of(
    1 - 2 * (y * y + z * z),
    2 * (x * y - w * z),
    2 * (x * z + w * y),
    2 * (x * y + w * z),
    1 - 2 * (x * x + z * z),
    2 * (y * z - w * x),
    2 * (x * z - w * y),
    2 * (y * z + w * x),
    1 - 2 * (x * x + y * y),
  );
}

/** R·x for each point of `points`. */
export function rotate(points: Float64Array, rotation: Float64Array): Float64Array {
  const turned = new Float64Array(points.length);
  for (let at = 0; at < points.length; at += 3) {
    for (let k = 0; k < 3; k++) {
      turned[at + k] =
        rotation[3 * k] * points[at] + rotation[3 * k + 1] * points[at + 1] + rotation[3 * k + 2] * points[at + 2];
    }
  }
  return turned;
}
