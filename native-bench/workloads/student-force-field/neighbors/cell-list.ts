import { wrapPositions, type CellGeometry } from "./cell-geometry.ts";
import { isPositive } from "./half-pairs.ts";
import { PairListBuilder, type PairList } from "./pair-list.ts";

/** Bins of atoms. Positions lie in bin order, so that a bin is one run of memory. */
interface Bins {
  readonly counts: readonly [number, number, number];
  /** Bins to look at on each side of an axis. */
  readonly reach: readonly [number, number, number];
  /** Bin b holds atoms [starts[b], starts[b + 1]) of `order`. */
  readonly starts: Int32Array;
  readonly order: Int32Array;
  readonly sorted: Float64Array;
}

/**
 * Sorts atoms into bins at least a cutoff wide and looks at a bin and half of its neighbors: O(N).
 * Counting sort and half stencil as in Allen and Tildesley, Computer Simulation of Liquids, 2nd ed., section 5.3.2.
 */
export function findPairsByCells(positions: Float64Array, cutoff: number): PairList {
  const low = [Infinity, Infinity, Infinity];
  const high = [-Infinity, -Infinity, -Infinity];
  for (let at = 0; at < positions.length; at++) {
    low[at % 3] = Math.min(low[at % 3], positions[at]);
    high[at % 3] = Math.max(high[at % 3], positions[at]);
  }
  const extents = low.map((value, k) => Math.max(high[k] - value, cutoff));
  const counts = chooseCounts(extents, cutoff, positions.length / 3);
  const fractional = positions.map((value, at) => (value - low[at % 3]) / extents[at % 3]);
  return pairBins(sortIntoBins(positions, fractional, { counts, reach: [1, 1, 1] }), cutoff, null);
}

/** The same in a periodic cell of any size: a bin may be its own neighbor's image, each image counts once. */
export function findPeriodicPairsByCells(positions: Float64Array, cutoff: number, cell: CellGeometry): PairList {
  const { cartesian, fractional } = wrapPositions(positions, cell);
  const counts = chooseCounts(cell.heights, cutoff, positions.length / 3);
  const [x, y, z] = counts.map((count, k) => Math.ceil((cutoff * count) / cell.heights[k]));
  return pairBins(sortIntoBins(cartesian, fractional, { counts, reach: [x, y, z] }), cutoff, cell);
}

/** Bins per axis: as many as fit, but not many more than atoms when these are far apart. */
function chooseCounts(extents: readonly number[], cutoff: number, atomCount: number): [number, number, number] {
  const fitting = extents.map((extent) => Math.max(1, Math.floor(extent / cutoff)));
  const total = fitting[0] * fitting[1] * fitting[2];
  const shrink = Math.max(1, Math.cbrt(total / (8 * atomCount + 64)));
  const [x, y, z] = fitting.map((count) => Math.max(1, Math.floor(count / shrink)));
  return [x, y, z];
}

function sortIntoBins(
  cartesian: Float64Array,
  fractional: Float64Array,
  { counts, reach }: Pick<Bins, "counts" | "reach">,
): Bins {
  const atomCount = cartesian.length / 3;
  const binOf = new Int32Array(atomCount);
  const starts = new Int32Array(counts[0] * counts[1] * counts[2] + 1);
  for (let atom = 0; atom < atomCount; atom++) {
    let bin = 0;
    for (let k = 0; k < 3; k++) {
      bin = bin * counts[k] + Math.min(counts[k] - 1, Math.floor(fractional[3 * atom + k] * counts[k]));
    }
    binOf[atom] = bin;
    starts[bin + 1]++;
  }
  for (let bin = 1; bin < starts.length; bin++) starts[bin] += starts[bin - 1];
  const next = starts.slice();
  const order = new Int32Array(atomCount);
  const sorted = new Float64Array(cartesian.length);
  for (let atom = 0; atom < atomCount; atom++) {
    const at = next[binOf[atom]]++;
    order[at] = atom;
    sorted[3 * at] = cartesian[3 * atom];
    sorted[3 * at + 1] = cartesian[3 * atom + 1];
    sorted[3 * at + 2] = cartesian[3 * atom + 2];
  }
  return { counts, reach, starts, order, sorted };
}

function pairBins(bins: Bins, cutoff: number, cell: CellGeometry | null): PairList {
  const { counts, starts } = bins;
  const builder = new PairListBuilder(bins.order.length);
  const limit = cutoff * cutoff;
  const stencil = listHalfStencil(bins.reach);
  const shift = new Float64Array(3);
  let bin = 0;
  for (let a = 0; a < counts[0]; a++) {
    for (let b = 0; b < counts[1]; b++) {
      for (let c = 0; c < counts[2]; c++, bin++) {
        if (starts[bin] === starts[bin + 1]) continue;
        pairWithin(bins, bin, limit, builder);
        for (const [da, db, dc] of stencil) {
          const other = locate(counts, a + da, b + db, c + dc, cell, shift);
          if (other >= 0) pairAcross(bins, { bin, other, shift, limit }, builder);
        }
      }
    }
  }
  return builder.finish();
}

/** Bins on one side of (0, 0, 0). */
function listHalfStencil(reach: Bins["reach"]): readonly (readonly [number, number, number])[] {
  const steps: [number, number, number][] = [];
  for (let a = 0; a <= reach[0]; a++) {
    for (let b = -reach[1]; b <= reach[1]; b++) {
      for (let c = -reach[2]; c <= reach[2]; c++) if (isPositive(a, b, c)) steps.push([a, b, c]);
    }
  }
  return steps;
}

/** The bin at a place that may lie outside; −1 when there is none. Writes the shift of its image, Å. */
function locate(
  counts: Bins["counts"],
  a: number,
  b: number,
  c: number,
  cell: CellGeometry | null,
  shift: Float64Array,
): number {
  const turnsA = Math.floor(a / counts[0]);
  const turnsB = Math.floor(b / counts[1]);
  const turnsC = Math.floor(c / counts[2]);
  if (cell === null) {
    if (turnsA !== 0 || turnsB !== 0 || turnsC !== 0) return -1;
  } else {
    const { vectors } = cell;
    for (let k = 0; k < 3; k++) shift[k] = turnsA * vectors[k] + turnsB * vectors[3 + k] + turnsC * vectors[6 + k];
  }
  return ((a - turnsA * counts[0]) * counts[1] + (b - turnsB * counts[1])) * counts[2] + (c - turnsC * counts[2]);
}

function pairWithin({ starts, order, sorted }: Bins, bin: number, limit: number, builder: PairListBuilder): void {
  const end = starts[bin + 1];
  for (let i = starts[bin]; i < end; i++) {
    const xi = sorted[3 * i];
    const yi = sorted[3 * i + 1];
    const zi = sorted[3 * i + 2];
    for (let j = i + 1; j < end; j++) {
      const x = sorted[3 * j] - xi;
      const y = sorted[3 * j + 1] - yi;
      const z = sorted[3 * j + 2] - zi;
      if (x * x + y * y + z * z <= limit) builder.add(order[i], order[j], x, y, z);
    }
  }
}

function pairAcross(
  { starts, order, sorted }: Bins,
  {
    bin,
    other,
    shift,
    limit,
  }: { readonly bin: number; readonly other: number; readonly shift: Float64Array; readonly limit: number },
  builder: PairListBuilder,
): void {
  const begin = starts[other];
  const end = starts[other + 1];
  const last = starts[bin + 1];
  for (let i = starts[bin]; i < last; i++) {
    const xi = sorted[3 * i] - shift[0];
    const yi = sorted[3 * i + 1] - shift[1];
    const zi = sorted[3 * i + 2] - shift[2];
    for (let j = begin; j < end; j++) {
      const x = sorted[3 * j] - xi;
      const y = sorted[3 * j + 1] - yi;
      const z = sorted[3 * j + 2] - zi;
      if (x * x + y * y + z * z <= limit) builder.add(order[i], order[j], x, y, z);
    }
  }
}
