import { UserFacingError } from "../../../../traces/model/errors.ts";

/** A periodic cell, ready for wrapping. All 3×3 matrices are row-major with cell vectors as rows. */
export interface CellGeometry {
  readonly vectors: Float64Array;
  /** Inverse of `vectors`: fractional = cartesian · inverse. */
  readonly inverse: Float64Array;
  /** Distances between opposite faces, Å. */
  readonly heights: readonly [number, number, number];
  /** Cell vectors along x, y and z. */
  readonly isOrthogonal: boolean;
}

/** Cells of less, Å³, hold nothing: their vectors lie in one plane. */
const leastVolume = 1e-9;

/** What is wrong with a cell of this volume, Å³; null when it can be wrapped into. */
export function findVolumeFault(vectors: Float64Array): string | null {
  const volume = Math.abs(normalsOf(vectors).determinant);
  return volume > leastVolume ? null : `expected a cell with a volume, found ${volume} Å³`;
}

/** Throws UserFacingError for cells without volume; `name`: of the structure. */
export function measureCell(vectors: Float64Array, name: string): CellGeometry {
  const fault = findVolumeFault(vectors);
  if (fault !== null) throw new UserFacingError(`${name}: ${fault}`);
  const { normals, determinant } = normalsOf(vectors);
  const inverse = new Float64Array(9);
  normals.forEach((normal, axis) => normal.forEach((value, k) => (inverse[3 * k + axis] = value / determinant)));
  const [first, second, third] = normals.map((normal) => Math.abs(determinant) / Math.hypot(...normal));
  return {
    vectors,
    inverse,
    heights: [first, second, third],
    isOrthogonal: [1, 2, 3, 5, 6, 7].every((i) => vectors[i] === 0),
  };
}

/** b × c, c × a, a × b, and a · (b × c). */
function normalsOf(vectors: Float64Array): {
  readonly normals: readonly (readonly number[])[];
  readonly determinant: number;
} {
  const [ax, ay, az, bx, by, bz, cx, cy, cz] = vectors;
  const normals = [
    [by * cz - bz * cy, bz * cx - bx * cz, bx * cy - by * cx],
    [cy * az - cz * ay, cz * ax - cx * az, cx * ay - cy * ax],
    [ay * bz - az * by, az * bx - ax * bz, ax * by - ay * bx],
  ];
  const determinant = ax * normals[0][0] + ay * normals[0][1] + az * normals[0][2];
  return { normals, determinant };
}

/** Moves all atoms into the cell. Returns cartesian and fractional coordinates, the latter in [0, 1). */
export function wrapPositions(
  positions: Float64Array,
  { vectors, inverse }: CellGeometry,
): { readonly cartesian: Float64Array; readonly fractional: Float64Array } {
  const cartesian = new Float64Array(positions.length);
  const fractional = new Float64Array(positions.length);
  for (let at = 0; at < positions.length; at += 3) {
    const x = positions[at];
    const y = positions[at + 1];
    const z = positions[at + 2];
    const a = wrap(x * inverse[0] + y * inverse[3] + z * inverse[6]);
    const b = wrap(x * inverse[1] + y * inverse[4] + z * inverse[7]);
    const c = wrap(x * inverse[2] + y * inverse[5] + z * inverse[8]);
    fractional[at] = a;
    fractional[at + 1] = b;
    fractional[at + 2] = c;
    cartesian[at] = a * vectors[0] + b * vectors[3] + c * vectors[6];
    cartesian[at + 1] = a * vectors[1] + b * vectors[4] + c * vectors[7];
    cartesian[at + 2] = a * vectors[2] + b * vectors[5] + c * vectors[8];
  }
  return { cartesian, fractional };
}

function wrap(value: number): number {
  const wrapped = value - Math.floor(value);
  // A tiny negative number rounds up to 1.
  return wrapped < 1 ? wrapped : 0;
}
