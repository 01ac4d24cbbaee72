import { wrapPositions, type CellGeometry } from "./cell-geometry.ts";
import { isPositive } from "./half-pairs.ts";
import { PairListBuilder, type PairList, type PairMemory } from "./pair-list.ts";

/** Where atoms lie: in bins of columns along the last axis. */
interface Bins {
  readonly counts: readonly [number, number, number];
  /** Columns to look at on each side of the first two axes. */
  readonly reach: readonly [number, number];
  /** Bin b holds atoms [starts[b], starts[b + 1]) of `order`; bins of a column follow each other. */
  readonly starts: Int32Array;
  readonly order: Int32Array;
  /** x, y, z in the order of `order`, so that a run of bins is one run of memory. */
  readonly sorted: Float64Array;
  /** Where they lie along the last axis, in bins, in the same order. */
  readonly heights: Float64Array;
}

/** Space that is cut into bins. */
interface Region {
  /** Distances between opposite faces, Å. */
  readonly extents: readonly [number, number, number];
  /** The corner where x and y begin, Å, if the axes are those of space; else null. */
  readonly corner: readonly [number, number] | null;
  /** Null: nothing lies outside. */
  readonly cell: CellGeometry | null;
}

/**
 * Sorts atoms into narrow columns of thin bins and looks along half of the columns around: O(N). How far along depends
 * on how far off the column is, so that four of ten atoms looked at are neighbors. Counting sort and half stencil as in
 * Allen and Tildesley, Computer Simulation of Liquids, 2nd ed., section 5.3.2.
 */
export function findPairsByCells(positions: Float64Array, cutoff: number, memory: PairMemory | null = null): PairList {
  const low = new Float64Array(3).fill(Infinity);
  const high = new Float64Array(3).fill(-Infinity);
  for (let at = 0; at < positions.length; at += 3) {
    for (let k = 0; k < 3; k++) {
      const value = positions[at + k];
      if (value < low[k]) low[k] = value;
      if (value > high[k]) high[k] = value;
    }
  }
  const extents = [0, 1, 2].map((k) => Math.max(high[k] - low[k], cutoff));
  const fractional = new Float64Array(positions.length);
  for (let at = 0; at < positions.length; at += 3) {
    for (let k = 0; k < 3; k++) fractional[at + k] = (positions[at + k] - low[k]) / extents[k];
  }
  const region: Region = { extents: [extents[0], extents[1], extents[2]], corner: [low[0], low[1]], cell: null };
  return pairBins(sortIntoBins(positions, fractional, region, cutoff), region, { cutoff, memory });
}

/** The same in a periodic cell of any size: a bin may be its own neighbor's image, each image counts once. */
export function findPeriodicPairsByCells(
  positions: Float64Array,
  cutoff: number,
  cell: CellGeometry,
  memory: PairMemory | null = null,
): PairList {
  const { cartesian, fractional } = wrapPositions(positions, cell);
  const region: Region = { extents: cell.heights, corner: cell.isOrthogonal ? [0, 0] : null, cell };
  return pairBins(sortIntoBins(cartesian, fractional, region, cutoff), region, { cutoff, memory });
}

/** Columns and bins of them within a cutoff; what is best for water. */
const columnsPerCutoff = 2;
const binsPerCutoff = 16;

/** Bins per axis: as many as fit, but not many more than atoms when these are far apart. */
function chooseCounts(extents: Region["extents"], cutoff: number, atomCount: number): [number, number, number] {
  const widths = [cutoff / columnsPerCutoff, cutoff / columnsPerCutoff, cutoff / binsPerCutoff];
  const fitting = extents.map((extent, k) => Math.max(1, Math.floor(extent / widths[k])));
  const total = fitting[0] * fitting[1] * fitting[2];
  const shrink = Math.max(1, Math.cbrt(total / (8 * atomCount + 64)));
  const [x, y, z] = fitting.map((count) => Math.max(1, Math.floor(count / shrink)));
  return [x, y, z];
}

function sortIntoBins(cartesian: Float64Array, fractional: Float64Array, { extents }: Region, cutoff: number): Bins {
  const atomCount = cartesian.length / 3;
  const counts = chooseCounts(extents, cutoff, atomCount);
  const [countA, countB, countC] = counts;
  const binOf = new Int32Array(atomCount);
  const starts = new Int32Array(countA * countB * countC + 1);
  for (let atom = 0, at = 0; atom < atomCount; atom++, at += 3) {
    const a = Math.min(countA - 1, Math.floor(fractional[at] * countA));
    const b = Math.min(countB - 1, Math.floor(fractional[at + 1] * countB));
    const c = Math.min(countC - 1, Math.floor(fractional[at + 2] * countC));
    const bin = (a * countB + b) * countC + c;
    binOf[atom] = bin;
    starts[bin + 1]++;
  }
  for (let bin = 1; bin < starts.length; bin++) starts[bin] += starts[bin - 1];
  const next = starts.slice();
  const order = new Int32Array(atomCount);
  const sorted = new Float64Array(cartesian.length);
  const heights = new Float64Array(atomCount);
  for (let atom = 0; atom < atomCount; atom++) {
    const at = next[binOf[atom]]++;
    order[at] = atom;
    sorted[3 * at] = cartesian[3 * atom];
    sorted[3 * at + 1] = cartesian[3 * atom + 1];
    sorted[3 * at + 2] = cartesian[3 * atom + 2];
    heights[at] = fractional[3 * atom + 2] * countC;
  }
  const reach = (k: 0 | 1): number => Math.ceil((cutoff * counts[k]) / extents[k]);
  return { counts, reach: [reach(0), reach(1)], starts, order, sorted, heights };
}

interface Search {
  readonly bins: Bins;
  readonly region: Region;
  readonly builder: PairListBuilder;
  readonly cutoff: number;
}

function pairBins(
  bins: Bins,
  region: Region,
  { cutoff, memory }: { readonly cutoff: number; readonly memory: PairMemory | null },
): PairList {
  const [countA, countB] = bins.counts;
  const builder = new PairListBuilder(bins.order.length, memory);
  const search: Search = { bins, region, builder, cutoff };
  const stencil = listHalfStencil(bins.reach);
  for (let a = 0; a < countA; a++) {
    for (let b = 0; b < countB; b++) {
      for (const [da, db] of stencil) pairColumns(search, a, b, a + da, b + db);
    }
  }
  return builder.finish();
}

/** The column itself and those on one side of it. */
function listHalfStencil(reach: Bins["reach"]): readonly (readonly [number, number])[] {
  const columns: [number, number][] = [[0, 0]];
  for (let a = 0; a <= reach[0]; a++) {
    for (let b = -reach[1]; b <= reach[1]; b++) if (isPositive(a, b, 0)) columns.push([a, b]);
  }
  return columns;
}

/** What rounding may take from a distance, Å; the pairs themselves are tried exactly. */
const slack = 1e-9;

/* The innermost loops take many parameters: an object a call would cost as much as the call. */

/** Pairs the atoms of column (a, b) with those of (otherA, otherB), which may lie outside: then they are images. */
function pairColumns(search: Search, a: number, b: number, otherA: number, otherB: number): void {
  const { bins, region, cutoff } = search;
  const { counts, starts, sorted, heights } = bins;
  const count = counts[2];
  const column = (a * counts[1] + b) * count;
  const end = starts[column + count];
  const base = findColumn(search, otherA, otherB);
  if (starts[column] === end || base < 0) return;
  const isSame = a === otherA && b === otherB;
  const { left, right, front, back } = wallsOf(search, otherA, otherB);
  const limit = (cutoff + slack) * (cutoff + slack);
  const binsPerLength = count / region.extents[2];
  const shift = shiftOf(search, otherA, otherB);
  for (let i = starts[column]; i < end; i++) {
    const beside = Math.max(0, left - sorted[3 * i], sorted[3 * i] - right);
    const before = Math.max(0, front - sorted[3 * i + 1], sorted[3 * i + 1] - back);
    const along = limit - beside * beside - before * before;
    if (along < 0) continue;
    const reach = Math.sqrt(along) * binsPerLength;
    // In its own column an atom looks ahead only; what shares its bin comes after it.
    const first = Math.floor(isSame ? heights[i] : heights[i] - reach);
    const last = Math.floor(heights[i] + reach);
    const from = isSame ? i + 1 : starts[base + Math.max(0, first)];
    const to = starts[base + Math.min(count - 1, last) + 1];
    if (from < to) pairOne(search, i, from, to, shift[0], shift[1], shift[2]);
    if (region.cell !== null && (first < 0 || last >= count)) pairImages(search, { i, base, first, last, shift });
  }
}

/** The first bin of the column that stands there, perhaps as an image; −1 where there is none or it is empty. */
function findColumn({ bins: { counts, starts }, region }: Search, a: number, b: number): number {
  const isOutside = a < 0 || a >= counts[0] || b < 0 || b >= counts[1];
  if (isOutside && region.cell === null) return -1;
  const inA = a - Math.floor(a / counts[0]) * counts[0];
  const inB = b - Math.floor(b / counts[1]) * counts[1];
  const base = (inA * counts[1] + inB) * counts[2];
  return starts[base] === starts[base + counts[2]] ? -1 : base;
}

interface Walls {
  readonly left: number;
  readonly right: number;
  readonly front: number;
  readonly back: number;
}

/** Where a column stands, Å. In a skewed cell walls are no help: everywhere. */
function wallsOf({ bins: { counts }, region: { extents, corner } }: Search, a: number, b: number): Walls {
  if (corner === null) return { left: -Infinity, right: Infinity, front: -Infinity, back: Infinity };
  const [width, depth] = [extents[0] / counts[0], extents[1] / counts[1]];
  const [left, front] = [corner[0] + a * width, corner[1] + b * depth];
  return { left, right: left + width, front, back: front + depth };
}

type Vector = readonly [number, number, number];

/** From a column outside to the one inside that it is an image of, Å. */
function shiftOf({ bins: { counts }, region: { cell } }: Search, a: number, b: number): Vector {
  if (cell === null) return [0, 0, 0];
  const turnsA = Math.floor(a / counts[0]);
  const turnsB = Math.floor(b / counts[1]);
  const along = (k: 0 | 1 | 2): number => turnsA * cell.vectors[k] + turnsB * cell.vectors[3 + k];
  return [along(0), along(1), along(2)];
}

/** Pairs atom `i` with those bins of [first, last] of a column that lie below or above it: images along the last axis. */
function pairImages(
  search: Search,
  {
    i,
    base,
    first,
    last,
    shift: [x, y, z],
  }: {
    readonly i: number;
    readonly base: number;
    readonly first: number;
    readonly last: number;
    readonly shift: Vector;
  },
): void {
  const { bins, region } = search;
  if (region.cell === null) return;
  const { vectors } = region.cell;
  const count = bins.counts[2];
  for (let turns = Math.floor(first / count); turns * count <= last; turns++) {
    if (turns === 0) continue;
    const place = base - turns * count;
    const from = bins.starts[place + Math.max(first, turns * count)];
    const to = bins.starts[place + Math.min(last, (turns + 1) * count - 1) + 1];
    if (from < to) pairOne(search, i, from, to, x + turns * vectors[6], y + turns * vectors[7], z + turns * vectors[8]);
  }
}

/**
 * Tries the atom at place `i` with those at [begin, end), shifted by (x, y, z) Å. Every pair is written, and counted if
 * it is one: no branch that nobody could predict.
 */
function pairOne(
  { bins, builder, cutoff }: Search,
  i: number,
  begin: number,
  end: number,
  shiftX: number,
  shiftY: number,
  shiftZ: number,
): void {
  const { order, sorted } = bins;
  const limit = cutoff * cutoff;
  builder.reserve(end - begin);
  const { first, second, vectors } = builder;
  const atom = order[i];
  const xi = sorted[3 * i] - shiftX;
  const yi = sorted[3 * i + 1] - shiftY;
  const zi = sorted[3 * i + 2] - shiftZ;
  let count = builder.count;
  for (let j = begin, at = 3 * begin; j < end; j++, at += 3) {
    const x = sorted[at] - xi;
    const y = sorted[at + 1] - yi;
    const z = sorted[at + 2] - zi;
    first[count] = atom;
    second[count] = order[j];
    vectors[3 * count] = x;
    vectors[3 * count + 1] = y;
    vectors[3 * count + 2] = z;
    count += x * x + y * y + z * z <= limit ? 1 : 0;
  }
  builder.count = count;
}
