import type { PairList } from "../neighbors/pair-list.ts";
import type { Evaluation, Structure } from "../structures/structure.ts";

/** A structure with its neighbors. */
export interface Surroundings {
  readonly structure: Structure;
  readonly pairs: PairList;
}

/** Inputs of the naive graph for structures one after another; see `buildNaiveGraph`. */
export interface EdgeInputs {
  readonly z: BigInt64Array;
  readonly positions: Float64Array;
  readonly shifts: Float64Array;
  readonly neighbors: BigInt64Array;
  readonly centers: BigInt64Array;
  readonly batch: BigInt64Array;
  readonly structureCount: number;
}

/** Edges 2p and 2p + 1 are the two directions of pair p. */
export function buildEdgeInputs(parts: readonly Surroundings[]): EdgeInputs {
  const atomCount = parts.reduce((sum, { structure }) => sum + structure.atomicNumbers.length, 0);
  const edgeCount = 2 * parts.reduce((sum, { pairs }) => sum + pairs.pairCount, 0);
  const inputs = {
    z: new BigInt64Array(atomCount),
    positions: new Float64Array(3 * atomCount),
    shifts: new Float64Array(3 * edgeCount),
    neighbors: new BigInt64Array(edgeCount),
    centers: new BigInt64Array(edgeCount),
    batch: new BigInt64Array(atomCount),
    structureCount: parts.length,
  };
  let atom = 0;
  let edge = 0;
  parts.forEach(({ structure, pairs }, index) => {
    const { atomicNumbers, positions } = structure;
    inputs.positions.set(positions, 3 * atom);
    for (let i = 0; i < atomicNumbers.length; i++) {
      inputs.z[atom + i] = BigInt(atomicNumbers[i]);
      inputs.batch[atom + i] = BigInt(index);
    }
    for (let pair = 0; pair < pairs.pairCount; pair++, edge += 2) {
      const i = pairs.first[pair];
      const j = pairs.second[pair];
      inputs.centers[edge] = inputs.neighbors[edge + 1] = BigInt(atom + i);
      inputs.neighbors[edge] = inputs.centers[edge + 1] = BigInt(atom + j);
      if (structure.cell === null) continue;
      for (let k = 0; k < 3; k++) {
        const shift = pairs.vectors[3 * pair + k] - positions[3 * j + k] + positions[3 * i + k];
        inputs.shifts[3 * edge + k] = shift;
        inputs.shifts[3 * edge + 3 + k] = -shift;
      }
    }
    atom += atomicNumbers.length;
  });
  return inputs;
}

/**
 * Splits outputs by structure. `edgeGradients` is ∂E/∂r of edges in the order of `buildEdgeInputs`; the virial is
 * Σ ∂E/∂r_a r_b in float64.
 */
export function splitEdgeOutputs(
  parts: readonly Surroundings[],
  outputs: {
    readonly energies: ArrayLike<number>;
    readonly forces: ArrayLike<number>;
    readonly edgeGradients: ArrayLike<number>;
  },
): Evaluation[] {
  let atom = 0;
  let edge = 0;
  return parts.map(({ structure, pairs }, index) => {
    const length = 3 * structure.atomicNumbers.length;
    const first = 3 * atom;
    const forces = Float64Array.from({ length }, (_, i) => outputs.forces[first + i]);
    const virial = new Float64Array(9);
    for (let pair = 0; pair < pairs.pairCount; pair++, edge += 2) {
      for (let a = 0; a < 3; a++) {
        const along = outputs.edgeGradients[3 * edge + a] - outputs.edgeGradients[3 * edge + 3 + a];
        for (let b = 0; b < 3; b++) virial[3 * a + b] += along * pairs.vectors[3 * pair + b];
      }
    }
    atom += structure.atomicNumbers.length;
    return { energy: outputs.energies[index], forces, virial };
  });
}
