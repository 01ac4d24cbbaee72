import { countSlots, type PairList } from "../neighbors/pair-list.ts";
import type { FloatType } from "../../../onnx/graph.ts";
import { addPairForces, directionEpsilon } from "../reference/edge-gradient.ts";
import type { RadialTable } from "../radial/radial-table.ts";
import type { Evaluation } from "../structures/structure.ts";
import { clashOf } from "./close-atoms.ts";
import type { Surroundings } from "./edge-inputs.ts";

/** Sizes of a padded batch; the same sizes can use the same arrays again. */
export interface PaddedSizes {
  readonly atomCount: number;
  /** Slots per atom: most neighbors of any atom, at least 1. */
  readonly slotCount: number;
  readonly speciesCount: number;
}

export type Floats = Float32Array | Float64Array;

/** Inputs of the padded graphs, [atoms, slots, …] row-major; see `buildFastGraph`. */
export interface PaddedInputs extends PaddedSizes {
  readonly z: Int32Array;
  readonly neighbors: Int32Array;
  readonly directions: Floats;
  readonly radial: Floats;
  readonly radialSlope: Floats;
  readonly speciesSlots: Floats;
  readonly species: Int32Array;
}

/** Where the two slots of each pair lie, for the assembly of forces. */
export interface SlotMap {
  readonly firstSlot: Int32Array;
  readonly secondSlot: Int32Array;
}

export function measureBatch(parts: readonly Surroundings[]): PaddedSizes {
  let atomCount = 0;
  let slotCount = 1;
  const species = new Set<number>();
  for (const { structure, pairs } of parts) {
    atomCount += structure.atomicNumbers.length;
    for (const count of countSlots(pairs)) slotCount = Math.max(slotCount, count);
    for (const number of structure.atomicNumbers) species.add(number);
  }
  return { atomCount, slotCount, speciesCount: species.size };
}

export function createPaddedInputs(
  sizes: PaddedSizes,
  radialWidth: number,
  float: FloatType = "float32",
): PaddedInputs {
  const floats = (length: number): Floats =>
    float === "float64" ? new Float64Array(length) : new Float32Array(length);
  const slots = sizes.atomCount * sizes.slotCount;
  return {
    ...sizes,
    z: new Int32Array(sizes.atomCount),
    neighbors: new Int32Array(slots),
    directions: floats(3 * slots),
    radial: floats(radialWidth * slots),
    radialSlope: floats(radialWidth * slots),
    speciesSlots: floats(sizes.speciesCount * slots),
    species: new Int32Array(sizes.speciesCount),
  };
}

/**
 * Fills `inputs`, which must have the sizes of the batch or more atoms, with structures one after another. Unused slots see their own
 * atom with all weights zero, so that they add exactly nothing. Throws UserFacingError for pairs closer than the table
 * begins.
 */
export function fillPaddedInputs(parts: readonly Surroundings[], inputs: PaddedInputs, table: RadialTable): SlotMap[] {
  const { slotCount, speciesCount, z, neighbors, species, speciesSlots } = inputs;
  inputs.directions.fill(0);
  inputs.radial.fill(0);
  inputs.radialSlope.fill(0);
  speciesSlots.fill(0);
  const speciesOf = new Map<number, number>();
  let firstAtom = 0;
  for (const { structure } of parts) {
    const { atomicNumbers } = structure;
    for (let i = 0; i < atomicNumbers.length; i++) {
      const number = atomicNumbers[i];
      z[firstAtom + i] = number;
      neighbors.fill(firstAtom + i, (firstAtom + i) * slotCount, (firstAtom + i + 1) * slotCount);
      if (speciesOf.has(number)) continue;
      species[speciesOf.size] = number;
      speciesOf.set(number, speciesOf.size);
    }
    firstAtom += atomicNumbers.length;
  }
  // Atoms that fill up the last block see themselves alone.
  for (let atom = firstAtom; atom < inputs.atomCount; atom++) {
    z[atom] = 0;
    neighbors.fill(atom, atom * slotCount, (atom + 1) * slotCount);
  }
  const used = new Int32Array(firstAtom);
  let offset = 0;
  return parts.map(({ structure, pairs }) => {
    const map = fillPairs(structure.name, pairs, { inputs, table, used, offset });
    for (let pair = 0; pair < pairs.pairCount; pair++) {
      const i = offset + pairs.first[pair];
      const j = offset + pairs.second[pair];
      // speciesSlots is [atoms, S, slots].
      const ofJ = speciesOf.get(z[j]) ?? 0;
      const ofI = speciesOf.get(z[i]) ?? 0;
      speciesSlots[(i * speciesCount + ofJ) * slotCount + (map.firstSlot[pair] - i * slotCount)] = 1;
      speciesSlots[(j * speciesCount + ofI) * slotCount + (map.secondSlot[pair] - j * slotCount)] = 1;
    }
    offset += structure.atomicNumbers.length;
    return map;
  });
}

function fillPairs(
  name: string,
  { pairCount, first, second, vectors }: PairList,
  {
    inputs,
    table,
    used,
    offset,
  }: {
    readonly inputs: PaddedInputs;
    readonly table: RadialTable;
    readonly used: Int32Array;
    readonly offset: number;
  },
): SlotMap {
  const { slotCount, neighbors, directions, radial, radialSlope } = inputs;
  const { width } = table;
  const firstSlot = new Int32Array(pairCount);
  const secondSlot = new Int32Array(pairCount);
  for (let pair = 0; pair < pairCount; pair++) {
    const x = vectors[3 * pair];
    const y = vectors[3 * pair + 1];
    const z = vectors[3 * pair + 2];
    const distance = Math.sqrt(x * x + y * y + z * z);
    if (distance < table.start) throw clashOf(name, first[pair], second[pair], distance, table.start);
    const i = offset + first[pair];
    const j = offset + second[pair];
    const a = i * slotCount + used[i]++;
    const b = j * slotCount + used[j]++;
    firstSlot[pair] = a;
    secondSlot[pair] = b;
    neighbors[a] = j;
    neighbors[b] = i;
    const scale = 1 / (distance + directionEpsilon);
    directions[3 * a] = x * scale;
    directions[3 * a + 1] = y * scale;
    directions[3 * a + 2] = z * scale;
    directions[3 * b] = -x * scale;
    directions[3 * b + 1] = -y * scale;
    directions[3 * b + 2] = -z * scale;
    if (distance >= table.end) {
      table.interpolate(table.end, radial, radialSlope, a * width);
      radialSlope.fill(0, a * width, (a + 1) * width);
    } else {
      table.interpolate(distance, radial, radialSlope, a * width);
    }
    radial.copyWithin(b * width, a * width, (a + 1) * width);
    radialSlope.copyWithin(b * width, a * width, (a + 1) * width);
  }
  return { firstSlot, secondSlot };
}

/**
 * Splits outputs of a padded graph by structure; sums in float64. `maps` come from `fillPaddedInputs`.
 */
export function assemblePaddedOutputs(
  parts: readonly Surroundings[],
  maps: readonly SlotMap[],
  outputs: {
    readonly atomEnergies: Floats;
    readonly distanceGradient: Floats;
    readonly directionGradient: Floats;
  },
): Evaluation[] {
  const { atomEnergies, distanceGradient, directionGradient } = outputs;
  let offset = 0;
  return parts.map(({ structure, pairs }, index) => {
    const atomCount = structure.atomicNumbers.length;
    let energy = 0;
    for (let atom = offset; atom < offset + atomCount; atom++) energy += atomEnergies[atom];
    const { firstSlot, secondSlot } = maps[index];
    const alongDistance = new Float64Array(pairs.pairCount);
    const alongDirection = new Float64Array(3 * pairs.pairCount);
    for (let pair = 0; pair < pairs.pairCount; pair++) {
      const a = firstSlot[pair];
      const b = secondSlot[pair];
      alongDistance[pair] = distanceGradient[a] + distanceGradient[b];
      for (let k = 0; k < 3; k++) {
        alongDirection[3 * pair + k] = directionGradient[3 * a + k] - directionGradient[3 * b + k];
      }
    }
    const evaluation = { energy, forces: new Float64Array(3 * atomCount), virial: new Float64Array(9) };
    addPairForces(pairs, alongDistance, alongDirection, evaluation);
    offset += atomCount;
    return evaluation;
  });
}
