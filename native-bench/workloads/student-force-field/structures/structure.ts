/** Atoms in space. Never written to. */
export interface Structure {
  readonly name: string;
  readonly atomicNumbers: Int32Array;
  /** x, y, z of each atom in Å. */
  readonly positions: Float64Array;
  /** Three cell vectors as rows in Å, all three periodic; null for a molecule. */
  readonly cell: Float64Array | null;
}

/** What a force field says about one structure. */
export interface Evaluation {
  /** eV */
  readonly energy: number;
  /** x, y, z of each atom, eV/Å. */
  readonly forces: Float64Array;
  /** ∂E/∂ε, 3×3 row-major, eV; ε is the strain x ↦ (1 + ε)x. */
  readonly virial: Float64Array;
}

/** Å³; null for a molecule. */
export function cellVolume({ cell }: Structure): number | null {
  if (cell === null) return null;
  const [ax, ay, az, bx, by, bz, cx, cy, cz] = cell;
  return Math.abs(ax * (by * cz - bz * cy) + ay * (bz * cx - bx * cz) + az * (bx * cy - by * cx));
}

/** 1 eV/Å³ in GPa (CODATA 2018 value of the electronvolt). */
export const gigapascalPerElectronvoltPerCubicAngstrom = 160.2176634;

/** Stress in GPa, 3×3; null for a molecule. */
export function computeStress(structure: Structure, { virial }: Evaluation): Float64Array | null {
  const volume = cellVolume(structure);
  if (volume === null) return null;
  return virial.map((value) => (value / volume) * gigapascalPerElectronvoltPerCubicAngstrom);
}
