import type { Allocate, Column } from "./column.ts";
import {
  durationOf,
  longDuration,
  type LevelOfDetail,
  type RowTable,
  type SpanTable,
  type SpanTimes,
} from "./trace.ts";

/** Spans per pyramid node and nodes per node of the next level. */
export const fanOut = 16;
/** Rows with fewer spans are read span by span. */
export const pyramidFromSpans = 64;
export const mipmapFromSpans = 1024;
export const coarsestMipmapBits = 10;
export const finestMipmapBits = 18;

/** About the pixels of a wide picture: with fewer cells, the first view of a row would read all of its spans. */
const fewestFineCells = 2 ** 12;

/** A row with at most this part of the spans of its track has a cell for each: its spans lie far apart in memory. */
const farApart = 1 / 16;

/**
 * Cells of the finest mipmap level of a row; 0 for rows without one. Up to about the pixels of a picture there is a
 * cell a span, beyond one for each three to six: about one byte a span, all levels together. Rows whose spans lie far
 * apart, so that reading them is slow, have four times as many: they are few spans in all.
 */
function cellsOfRow(spanCount: number, trackSpans: number): number {
  if (spanCount <= mipmapFromSpans) return 0;
  const fewest = Math.min(fewestFineCells, 2 ** Math.ceil(Math.log2(spanCount)));
  const spansPerCell = spanCount <= trackSpans * farApart ? 1 : 4;
  return Math.max(fewest, 2 ** Math.min(Math.round(Math.log2(spanCount / spansPerCell)), finestMipmapBits));
}

/** Cells of the finest level of all rows. */
function mipmapCells({ length, track, first }: RowsOfSpans): Uint32Array {
  const cells = new Uint32Array(length);
  for (let begin = 0, end = 0; begin < length; begin = end) {
    while (end < length && track[end] === track[begin]) end++;
    for (let row = begin; row < end; row++)
      cells[row] = cellsOfRow(first[row + 1] - first[row], first[end] - first[begin]);
  }
  return cells;
}

/** Cells of the finest level, from those of all levels. */
export const finestCells = (total: number): number => (total === 0 ? 0 : (total + 2 ** coarsestMipmapBits) / 2);

/** Nodes of all pyramid levels of a row. */
function pyramidNodes(spanCount: number): number {
  if (spanCount < pyramidFromSpans) return 0;
  let total = 0;
  for (let n = Math.ceil(spanCount / fanOut); ; n = Math.ceil(n / fanOut)) {
    total += n;
    if (n === 1) return total;
  }
}

/** All levels together: C + C/2 + … + 2^10. */
const mipmapTotal = (cells: number): number => (cells === 0 ? 0 : 2 * cells - 2 ** coarsestMipmapBits);

interface RowsOfSpans {
  readonly length: number;
  readonly track: Column;
  readonly first: Column;
  readonly span: Column;
}

/** Level of detail to be filled row by row; plain data, so that several threads may take rows at the same time. */
export interface DetailWork {
  readonly spans: SpanTimes;
  readonly rows: RowsOfSpans;
  readonly durationNs: number;
  readonly detail: FilledDetail;
  /** Cells of the finest level of each row. */
  readonly finest: Uint32Array;
  /** One value: the first row that nobody has taken. */
  readonly next: Int32Array;
}

/** Columns of `LevelOfDetail`, written. */
interface FilledDetail extends Pyramid {
  readonly pyramidFirst: Uint32Array;
  readonly mipmapFirst: Uint32Array;
  readonly occupancy: Uint8Array;
  readonly slot: Uint8Array;
}

/** Builds pyramid and mipmap of every row. One pass over the spans. */
export function buildLevelOfDetail(
  spans: SpanTimes & Pick<SpanTable, "slot">,
  rows: RowsOfSpans,
  durationNs: number,
  allocate: Allocate,
): LevelOfDetail {
  const work = planDetail(spans, rows, durationNs, allocate);
  fillDetail(work, spans.slot);
  return work.detail;
}

/** Makes room for all rows. */
export function planDetail(
  spans: SpanTimes,
  rows: RowsOfSpans,
  durationNs: number,
  allocate: Allocate,
): DetailWork & { readonly detail: LevelOfDetail } {
  const pyramidFirst = new Uint32Array(allocate((rows.length + 1) * 4));
  const mipmapFirst = new Uint32Array(allocate((rows.length + 1) * 4));
  const finest = mipmapCells(rows);
  for (let row = 0; row < rows.length; row++) {
    const count = rows.first[row + 1] - rows.first[row];
    pyramidFirst[row + 1] = pyramidFirst[row] + pyramidNodes(count);
    mipmapFirst[row + 1] = mipmapFirst[row] + (durationNs > 0 ? mipmapTotal(finest[row]) : 0);
  }
  const nodes = pyramidFirst[rows.length];
  const cells = mipmapFirst[rows.length];
  const detail = {
    pyramidFirst,
    busyNs: new Float32Array(allocate(nodes * 4)),
    longest: new Uint32Array(allocate(nodes * 4)),
    longestNs: new Float32Array(allocate(nodes * 4)),
    mipmapFirst,
    occupancy: new Uint8Array(allocate(cells)),
    slot: new Uint8Array(allocate(cells)),
  };
  return { spans, rows, durationNs, detail, finest, next: new Int32Array(allocate(4)) };
}

/** Fills row after row until all are taken. `slots`: of the spans. */
export function fillDetail({ spans, rows, durationNs, detail, finest, next }: DetailWork, slots: Column): void {
  const { pyramidFirst, mipmapFirst, occupancy, slot } = detail;
  const scratch = mipmapFirst[rows.length] > 0 ? createScratch() : null;
  for (let row = Atomics.add(next, 0, 1); row < rows.length; row = Atomics.add(next, 0, 1)) {
    const first = rows.first[row];
    const count = rows.first[row + 1] - first;
    if (pyramidFirst[row + 1] > pyramidFirst[row])
      buildPyramid(spans, rows.span, first, count, detail, pyramidFirst[row]);
    if (scratch !== null && mipmapFirst[row + 1] > mipmapFirst[row]) {
      clearCells(finest[row], scratch);
      fillFinestCells(spans, slots, rows.span, first, count, durationNs, finest[row], scratch);
      storeLevels(finest[row], scratch, occupancy, slot, mipmapFirst[row]);
    }
  }
}

/** The mipmap slots of one row for other slots of its spans, written to `out` at the places of `detail.slot`. */
// oxlint-disable-next-line max-params -- the parts of a trace, and what differs
export function* createMipmapSlots(
  spans: SpanTimes,
  rows: RowTable,
  row: number,
  durationNs: number,
  slots: Column,
  out: Uint8Array,
  spansPerSlice: number,
): Generator<undefined, void, undefined> {
  const { mipmapFirst } = rows.detail;
  const total = mipmapFirst[row + 1] - mipmapFirst[row];
  if (total === 0) return;
  const cells = finestCells(total);
  const scratch = createScratch();
  clearCells(cells, scratch);
  const end = rows.first[row + 1];
  for (let first = rows.first[row]; first < end; first += spansPerSlice) {
    const count = Math.min(spansPerSlice, end - first);
    fillFinestCells(spans, slots, rows.span, first, count, durationNs, cells, scratch);
    yield;
  }
  const slot = new Uint8Array(total);
  storeLevels(cells, scratch, new Uint8Array(total), slot, 0);
  out.set(slot, mipmapFirst[row]);
}

interface Pyramid {
  readonly busyNs: Float32Array;
  readonly longest: Uint32Array;
  readonly longestNs: Float32Array;
}

function buildPyramid(
  spans: SpanTimes,
  rowSpan: Column,
  first: number,
  count: number,
  { busyNs, longest, longestNs }: Pyramid,
  begin: number,
): void {
  const { packedDurationNs } = spans;
  let levelSize = Math.ceil(count / fanOut);
  for (let node = 0; node < levelSize; node++) {
    let busy = 0;
    let best = node * fanOut;
    let bestNs = -1;
    const end = Math.min(count, (node + 1) * fanOut);
    for (let position = node * fanOut; position < end; position++) {
      const span = rowSpan[first + position];
      const packed = packedDurationNs[span];
      const duration = packed === longDuration ? durationOf(spans, span) : packed;
      busy += duration;
      if (duration > bestNs) {
        bestNs = duration;
        best = position;
      }
    }
    busyNs[begin + node] = busy;
    longest[begin + node] = best;
    longestNs[begin + node] = bestNs;
  }
  let below = begin;
  while (levelSize > 1) {
    const here = below + levelSize;
    const size = Math.ceil(levelSize / fanOut);
    for (let node = 0; node < size; node++) {
      let busy = 0;
      let best = longest[below + node * fanOut];
      let bestNs = -1;
      const end = Math.min(levelSize, (node + 1) * fanOut);
      for (let child = node * fanOut; child < end; child++) {
        busy += busyNs[below + child];
        const duration = longestNs[below + child];
        if (duration > bestNs) {
          bestNs = duration;
          best = longest[below + child];
        }
      }
      busyNs[here + node] = busy;
      longest[here + node] = best;
      longestNs[here + node] = bestNs;
    }
    below = here;
    levelSize = size;
  }
}

interface Scratch {
  /** Covered part of each cell, 0–1. */
  readonly covered: Float32Array;
  /** Longest single overlap of each cell, in cells; -1 for none. */
  readonly best: Float32Array;
  readonly slot: Uint8Array;
}

function createScratch(): Scratch {
  const size = 2 ** finestMipmapBits;
  return { covered: new Float32Array(size), best: new Float32Array(size), slot: new Uint8Array(size) };
}

function clearCells(cells: number, { covered, best }: Scratch): void {
  covered.fill(0, 0, cells);
  best.fill(-1, 0, cells);
}

// oxlint-disable-next-line max-params -- the inner loop of a mipmap
function fillFinestCells(
  spans: SpanTimes,
  slots: Column,
  rowSpan: Column,
  first: number,
  count: number,
  traceNs: number,
  cells: number,
  { covered, best, slot }: Scratch,
): void {
  const perNs = cells / traceNs;
  const { startNs, packedDurationNs } = spans;
  for (let position = first; position < first + count; position++) {
    const span = rowSpan[position];
    const itsStartNs = startNs[span];
    const packed = packedDurationNs[span];
    const start = itsStartNs * perNs;
    const end = (itsStartNs + (packed === longDuration ? durationOf(spans, span) : packed)) * perNs;
    const firstCell = Math.min(Math.floor(start), cells - 1);
    if (end <= firstCell + 1) {
      // Nearly all: within one cell.
      const part = end - start;
      covered[firstCell] += part;
      if (part > best[firstCell]) {
        best[firstCell] = part;
        slot[firstCell] = slots[span];
      }
      continue;
    }
    for (let cell = firstCell; cell < cells && (cell < end || cell === firstCell); cell++) {
      const part = Math.min(end, cell + 1) - Math.max(start, cell);
      covered[cell] += part;
      if (part > best[cell]) {
        best[cell] = part;
        slot[cell] = slots[span];
      }
    }
  }
}

/** Writes the finest cells and all halvings; halves before it rounds, so that no level is off by more than half a step. */
function storeLevels(finest: number, scratch: Scratch, occupancy: Uint8Array, slots: Uint8Array, begin: number): void {
  let at = begin;
  storeCells(finest, scratch, occupancy, slots, at);
  for (let cells = finest; cells > 2 ** coarsestMipmapBits; cells >>= 1) {
    at += cells;
    halve(cells, scratch);
    storeCells(cells >> 1, scratch, occupancy, slots, at);
  }
}

function storeCells(
  cells: number,
  { covered, best, slot }: Scratch,
  occupancy: Uint8Array,
  slots: Uint8Array,
  at: number,
): void {
  for (let cell = 0; cell < cells; cell++) {
    if (best[cell] < 0) continue;
    // Rounded to the nearest: both are at least 0.
    const filled = (covered[cell] * 255 + 0.5) | 0;
    occupancy[at + cell] = filled > 255 ? 255 : filled < 1 ? 1 : filled;
    slots[at + cell] = slot[cell];
  }
}

/** Joins neighbors in place; the color is that of the longest overlap of either. */
function halve(cells: number, { covered, best, slot }: Scratch): void {
  for (let cell = 0; cell < cells >> 1; cell++) {
    const left = 2 * cell;
    const bestLeft = best[left];
    const bestRight = best[left + 1];
    const longest = bestLeft >= bestRight ? bestLeft : bestRight;
    covered[cell] = (covered[left] + covered[left + 1]) / 2;
    best[cell] = longest < 0 ? -1 : longest / 2;
    slot[cell] = bestLeft >= bestRight ? slot[left] : slot[left + 1];
  }
}

/** Whether stored level of detail has the places that `buildLevelOfDetail` would give it, and points into its rows. */
export function hasDetailShape(rows: RowTable, durationNs: number): boolean {
  const { detail, first } = rows;
  const finest = mipmapCells(rows);
  let nodes = 0;
  let cells = 0;
  for (let row = 0; row < rows.length; row++) {
    if (detail.pyramidFirst[row] !== nodes || detail.mipmapFirst[row] !== cells) return false;
    const count = first[row + 1] - first[row];
    const end = nodes + pyramidNodes(count);
    for (let node = nodes; node < end; node++) if (detail.longest[node] >= count) return false;
    nodes = end;
    cells += durationNs > 0 ? mipmapTotal(finest[row]) : 0;
  }
  return (
    detail.pyramidFirst[rows.length] === nodes &&
    detail.mipmapFirst[rows.length] === cells &&
    detail.busyNs.length === nodes &&
    detail.occupancy.length === cells
  );
}
