import { findAtomicNumber } from "./elements.ts";
import type { Structure } from "./structure.ts";

/*
 * Geometries of the small molecules: the G2/97 set (Curtiss, Raghavachari, Redfern, Pople, J. Chem. Phys. 106, 1063,
 * 1997), MP2(full)/6-31G*, in Å.
 */

export const water: Structure = molecule(
  "H2O",
  "O H H",
  [0, 0, 0.119262, 0, 0.763239, -0.477047, 0, -0.763239, -0.477047],
);

export const ammonia: Structure = molecule(
  "NH3",
  "N H H H",
  [0, 0, 0.116489, 0, 0.939731, -0.271808, 0.813831, -0.469865, -0.271808, -0.813831, -0.469865, -0.271808],
);

export const methane: Structure = molecule(
  "CH4",
  "C H H H H",
  [
    0, 0, 0, 0.629118, 0.629118, 0.629118, -0.629118, -0.629118, 0.629118, 0.629118, -0.629118, -0.629118, -0.629118,
    0.629118, -0.629118,
  ],
);

export const ethane: Structure = molecule(
  "C2H6",
  "C C H H H H H H",
  [
    0, 0, 0.762209, 0, 0, -0.762209, 0, 1.018957, 1.157229, -0.882443, -0.509479, 1.157229, 0.882443, -0.509479,
    1.157229, 0, -1.018957, -1.157229, -0.882443, 0.509479, -1.157229, 0.882443, 0.509479, -1.157229,
  ],
);

export const ethanol: Structure = molecule(
  "C2H5OH",
  "C C O H H H H H H",
  [
    1.168181, -0.400382, 0, 0, 0.559462, 0, -1.190083, -0.214194, 0, -1.946623, 0.381525, 0, 0.042557, 1.207508,
    0.886933, 0.042557, 1.207508, -0.886933, 2.115891, 0.1448, 0, 1.128599, -1.037234, 0.885881, 1.128599, -1.037234,
    -0.885881,
  ],
);

export const propane: Structure = molecule(
  "C3H8",
  "C C C H H H H H H H H",
  [
    0, 0, 0.587716, 0, 1.266857, -0.260186, 0, -1.266857, -0.260186, -0.876898, 0, 1.244713, 0.876898, 0, 1.244713, 0,
    2.16615, 0.362066, 0, -2.16615, 0.362066, 0.883619, 1.304234, -0.904405, -0.883619, 1.304234, -0.904405, 0.883619,
    -1.304234, -0.904405, -0.883619, -1.304234, -0.904405,
  ],
);

export const benzene: Structure = {
  name: "C6H6",
  atomicNumbers: Int32Array.of(6, 6, 6, 6, 6, 6, 1, 1, 1, 1, 1, 1),
  positions: Float64Array.from([...hexagon(1.395248), ...hexagon(2.48236)]),
  cell: null,
};

const benzeneSpacing = 6;

/** Five benzenes side by side: the "60 atoms" of the roadmap's benchmark. */
export const fiveBenzenes: Structure = joinStructures(
  "5 C6H6",
  Array.from({ length: 5 }, (_, i) => translate(benzene, [benzeneSpacing * i, 0, 0])),
);

/** Buckminsterfullerene as a truncated icosahedron with equal edges of 1.44 Å, the mean bond length. */
export const fullerene: Structure = createFullerene(1.44);

function molecule(name: string, symbols: string, positions: readonly number[]): Structure {
  return {
    name,
    atomicNumbers: Int32Array.from(symbols.split(" "), (symbol) => findAtomicNumber(symbol) ?? 0),
    positions: Float64Array.from(positions),
    cell: null,
  };
}

function hexagon(radius: number): number[] {
  return Array.from({ length: 6 }, (_, i) => {
    const angle = (i * Math.PI) / 3;
    return [radius * Math.sin(angle), radius * Math.cos(angle), 0];
  }).flat();
}

/** Even permutations of (0, ±1, ±3φ), (±1, ±(2 + φ), ±2φ), (±φ, ±2, ±(2φ + 1)) have edges of length 2. */
function createFullerene(bond: number): Structure {
  const phi = (1 + Math.sqrt(5)) / 2;
  const positions: number[] = [];
  for (const [x, y, z] of [
    [0, 1, 3 * phi],
    [1, 2 + phi, 2 * phi],
    [phi, 2, 2 * phi + 1],
  ]) {
    for (const sx of x === 0 ? [1] : [1, -1]) {
      for (const sy of [1, -1]) {
        for (const sz of [1, -1]) {
          const corner = [sx * x, sy * y, sz * z].map((value) => (value * bond) / 2);
          for (let turn = 0; turn < 3; turn++) positions.push(...corner.slice(turn), ...corner.slice(0, turn));
        }
      }
    }
  }
  return {
    name: "C60",
    atomicNumbers: new Int32Array(60).fill(6),
    positions: Float64Array.from(positions),
    cell: null,
  };
}

export function translate(structure: Structure, [x, y, z]: readonly [number, number, number]): Structure {
  const offset = [x, y, z];
  return { ...structure, positions: structure.positions.map((value, at) => value + offset[at % 3]) };
}

export function joinStructures(name: string, parts: readonly Structure[]): Structure {
  return {
    name,
    atomicNumbers: Int32Array.from(parts.flatMap(({ atomicNumbers }) => [...atomicNumbers])),
    positions: Float64Array.from(parts.flatMap(({ positions }) => [...positions])),
    cell: parts[0]?.cell ?? null,
  };
}
