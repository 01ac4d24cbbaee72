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
  return pairBins(
    sortIntoBins(positions, fractional, { counts, reach: findReach(extents, counts, cutoff) }),
    cutoff,
    null,
  );
}

/** The same in a periodic cell of any size: a bin may be its own neighbor's image, each image counts once. */
export function findPeriodicPairsByCells(positions: Float64Array, cutoff: number, cell: CellGeometry): PairList {
  const { cartesian, fractional } = wrapPositions(positions, cell);
  const counts = chooseCounts(cell.heights, cutoff, positions.length / 3);
  const reach = findReach(cell.heights, counts, cutoff);
  return pairBins(sortIntoBins(cartesian, fractional, { counts, reach }), cutoff, cell);
}

/**
 * Bins along the last axis lie side by side in memory and are walked as one run, so finer ones cost nothing and leave
 * out atoms that are too far along it.
 */
const lastAxisSplit = 4;

/** Bins per axis: as many as fit, but not many more than atoms when these are far apart. */
function chooseCounts(extents: readonly number[], cutoff: number, atomCount: number): [number, number, number] {
  const widths = [cutoff, cutoff, cutoff / lastAxisSplit];
  const fitting = extents.map((extent, k) => Math.max(1, Math.floor(extent / widths[k])));
  const total = fitting[0] * fitting[1] * fitting[2];
  const shrink = Math.max(1, Math.cbrt(total / (8 * atomCount + 64)));
  const [x, y, z] = fitting.map((count) => Math.max(1, Math.floor(count / shrink)));
  return [x, y, z];
}

/** Bins to look at on each side of an axis, so that none within the cutoff is missed. */
function findReach(extents: readonly number[], counts: readonly number[], cutoff: number): [number, number, number] {
  const [x, y, z] = counts.map((count, k) => Math.ceil((cutoff * count) / extents[k]));
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

/** Bins at (a + rows[k].a, b + rows[k].b, c + low … c + high): neighbors along c lie side by side in memory. */
interface StencilRow {
  readonly a: number;
  readonly b: number;
  readonly low: number;
  readonly high: number;
}

function pairBins(bins: Bins, cutoff: number, cell: CellGeometry | null): PairList {
  const { counts, starts } = bins;
  const builder = new PairListBuilder(bins.order.length);
  const search: Search = { bins, cell, builder, limit: cutoff * cutoff, hits: new Int32Array(bins.order.length) };
  const stencil = listHalfStencil(bins.reach);
  let bin = 0;
  for (let a = 0; a < counts[0]; a++) {
    for (let b = 0; b < counts[1]; b++) {
      for (let c = 0; c < counts[2]; c++, bin++) {
        const end = starts[bin + 1];
        if (starts[bin] === end) continue;
        for (let i = starts[bin]; i < end; i++) pairOne(search, i, i + 1, end, 0, 0, 0);
        for (const row of stencil) pairRow(search, bin, a + row.a, b + row.b, c + row.low, c + row.high);
      }
    }
  }
  return builder.finish();
}

/** Rows on one side of (0, 0, 0). */
function listHalfStencil(reach: Bins["reach"]): readonly StencilRow[] {
  const rows: StencilRow[] = [];
  for (let a = 0; a <= reach[0]; a++) {
    for (let b = -reach[1]; b <= reach[1]; b++) {
      if (a === 0 && b === 0) rows.push({ a, b, low: 1, high: reach[2] });
      else if (isPositive(a, b, 0)) rows.push({ a, b, low: -reach[2], high: reach[2] });
    }
  }
  return rows;
}

interface Search {
  readonly bins: Bins;
  readonly cell: CellGeometry | null;
  readonly builder: PairListBuilder;
  /** Squared cutoff, Å². */
  readonly limit: number;
  /** Scratch: places of atoms within the cutoff. */
  readonly hits: Int32Array;
}

/* The innermost loops take many parameters: an object a call would cost as much as the call. */

/** Pairs the atoms of `bin` with those of a row of bins, which may lie outside: then they are images. */
function pairRow(search: Search, bin: number, a: number, b: number, low: number, high: number): void {
  const { bins, cell } = search;
  const { counts, starts } = bins;
  const turnsA = Math.floor(a / counts[0]);
  const turnsB = Math.floor(b / counts[1]);
  if (cell === null && (turnsA !== 0 || turnsB !== 0)) return;
  const base = ((a - turnsA * counts[0]) * counts[1] + (b - turnsB * counts[1])) * counts[2];
  for (let from = low; from <= high;) {
    const turnsC = Math.floor(from / counts[2]);
    const last = Math.min(high, (turnsC + 1) * counts[2] - 1);
    const first = base + from - turnsC * counts[2];
    from = last + 1;
    if (cell === null && turnsC !== 0) continue;
    const begin = starts[first];
    const end = starts[base + last - turnsC * counts[2] + 1];
    if (begin === end) continue;
    let x = 0;
    let y = 0;
    let z = 0;
    if (cell !== null) {
      const { vectors } = cell;
      x = turnsA * vectors[0] + turnsB * vectors[3] + turnsC * vectors[6];
      y = turnsA * vectors[1] + turnsB * vectors[4] + turnsC * vectors[7];
      z = turnsA * vectors[2] + turnsB * vectors[5] + turnsC * vectors[8];
    }
    const binEnd = starts[bin + 1];
    for (let i = starts[bin]; i < binEnd; i++) pairOne(search, i, begin, end, x, y, z);
  }
}

/**
 * Tries the atom at place `i` with those at [begin, end), shifted by (x, y, z) Å. Hits first, without a branch that
 * nobody could predict; then their vectors.
 */
function pairOne(
  { bins, builder, limit, hits }: Search,
  i: number,
  begin: number,
  end: number,
  shiftX: number,
  shiftY: number,
  shiftZ: number,
): void {
  const { order, sorted } = bins;
  const xi = sorted[3 * i] - shiftX;
  const yi = sorted[3 * i + 1] - shiftY;
  const zi = sorted[3 * i + 2] - shiftZ;
  let hitCount = 0;
  for (let j = begin, at = 3 * begin; j < end; j++, at += 3) {
    const x = sorted[at] - xi;
    const y = sorted[at + 1] - yi;
    const z = sorted[at + 2] - zi;
    hits[hitCount] = j;
    hitCount += x * x + y * y + z * z <= limit ? 1 : 0;
  }
  if (hitCount === 0) return;
  builder.reserve(hitCount);
  const { first, second, vectors } = builder;
  const atom = order[i];
  let count = builder.count;
  for (let hit = 0; hit < hitCount; hit++, count++) {
    const j = hits[hit];
    first[count] = atom;
    second[count] = order[j];
    vectors[3 * count] = sorted[3 * j] - xi;
    vectors[3 * count + 1] = sorted[3 * j + 1] - yi;
    vectors[3 * count + 2] = sorted[3 * j + 2] - zi;
  }
  builder.count = count;
}
