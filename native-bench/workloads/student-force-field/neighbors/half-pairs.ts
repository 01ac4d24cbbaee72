import { wrapPositions, type CellGeometry } from "./cell-geometry.ts";
import { PairListBuilder, type PairList } from "./pair-list.ts";

/** Tries every pair once. Best below about 300 atoms. */
export function findPairsByHalf(positions: Float64Array, cutoff: number): PairList {
  const atomCount = positions.length / 3;
  const builder = new PairListBuilder(atomCount);
  const limit = cutoff * cutoff;
  for (let i = 0; i < atomCount; i++) {
    const xi = positions[3 * i];
    const yi = positions[3 * i + 1];
    const zi = positions[3 * i + 2];
    for (let j = i + 1; j < atomCount; j++) {
      const x = positions[3 * j] - xi;
      const y = positions[3 * j + 1] - yi;
      const z = positions[3 * j + 2] - zi;
      if (x * x + y * y + z * z <= limit) builder.add(i, j, x, y, z);
    }
  }
  return builder.finish();
}

/** Tries every pair once in a periodic cell of any size. */
export function findPeriodicPairsByHalf(positions: Float64Array, cutoff: number, cell: CellGeometry): PairList {
  // Beyond twice the cutoff an atom sees at most one image of another: the nearest.
  const hasOneImage = cell.heights.every((height) => height > 2 * cutoff);
  if (!hasOneImage) return enumerateImages(positions, cutoff, cell);
  return cell.isOrthogonal
    ? findNearestOrthogonal(positions, cutoff, cell)
    : findNearestImages(positions, cutoff, cell);
}

function findNearestOrthogonal(positions: Float64Array, cutoff: number, cell: CellGeometry): PairList {
  const { cartesian } = wrapPositions(positions, cell);
  const atomCount = positions.length / 3;
  const builder = new PairListBuilder(atomCount);
  const limit = cutoff * cutoff;
  const { 0: a, 4: b, 8: c } = cell.vectors;
  for (let i = 0; i < atomCount; i++) {
    const xi = cartesian[3 * i];
    const yi = cartesian[3 * i + 1];
    const zi = cartesian[3 * i + 2];
    for (let j = i + 1; j < atomCount; j++) {
      let x = cartesian[3 * j] - xi;
      let y = cartesian[3 * j + 1] - yi;
      let z = cartesian[3 * j + 2] - zi;
      if (x > a / 2) x -= a;
      else if (x < -a / 2) x += a;
      if (y > b / 2) y -= b;
      else if (y < -b / 2) y += b;
      if (z > c / 2) z -= c;
      else if (z < -c / 2) z += c;
      if (x * x + y * y + z * z <= limit) builder.add(i, j, x, y, z);
    }
  }
  return builder.finish();
}

function findNearestImages(positions: Float64Array, cutoff: number, cell: CellGeometry): PairList {
  const { fractional } = wrapPositions(positions, cell);
  const atomCount = positions.length / 3;
  const builder = new PairListBuilder(atomCount);
  const limit = cutoff * cutoff;
  const v = cell.vectors;
  for (let i = 0; i < atomCount; i++) {
    for (let j = i + 1; j < atomCount; j++) {
      let a = fractional[3 * j] - fractional[3 * i];
      let b = fractional[3 * j + 1] - fractional[3 * i + 1];
      let c = fractional[3 * j + 2] - fractional[3 * i + 2];
      a -= Math.round(a);
      b -= Math.round(b);
      c -= Math.round(c);
      const x = a * v[0] + b * v[3] + c * v[6];
      const y = a * v[1] + b * v[4] + c * v[7];
      const z = a * v[2] + b * v[5] + c * v[8];
      if (x * x + y * y + z * z <= limit) builder.add(i, j, x, y, z);
    }
  }
  return builder.finish();
}

/** Tries every image that may lie within the cutoff: along an axis, |f + n| · height ≤ cutoff. */
function enumerateImages(positions: Float64Array, cutoff: number, cell: CellGeometry): PairList {
  const { cartesian, fractional } = wrapPositions(positions, cell);
  const atomCount = positions.length / 3;
  const builder = new PairListBuilder(atomCount);
  const limit = cutoff * cutoff;
  const reach = cell.heights.map((height) => cutoff / height);
  for (let i = 0; i < atomCount; i++) {
    for (let j = i; j < atomCount; j++) {
      const offset = [0, 1, 2].map((k) => fractional[3 * j + k] - fractional[3 * i + k]);
      const low = offset.map((value, k) => Math.ceil(-reach[k] - value));
      const high = offset.map((value, k) => Math.floor(reach[k] - value));
      for (let a = low[0]; a <= high[0]; a++) {
        for (let b = low[1]; b <= high[1]; b++) {
          for (let c = low[2]; c <= high[2]; c++) {
            // An atom and its own image: one of the two opposite shifts stands for both slots.
            if (i === j && !isPositive(a, b, c)) continue;
            const [x, y, z] = [0, 1, 2].map(
              (k) =>
                cartesian[3 * j + k] +
                (a * cell.vectors[k] + b * cell.vectors[3 + k] + c * cell.vectors[6 + k]) -
                cartesian[3 * i + k],
            );
            if (x * x + y * y + z * z <= limit) builder.add(i, j, x, y, z);
          }
        }
      }
    }
  }
  return builder.finish();
}

/** Whether the first step that is not zero is positive. */
export function isPositive(a: number, b: number, c: number): boolean {
  return a > 0 || (a === 0 && (b > 0 || (b === 0 && c > 0)));
}
