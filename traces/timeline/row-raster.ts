import { coarsestMipmapBits, fanOut, mipmapCells, pyramidFromSpans } from "../model/level-of-detail.ts";
import { durationOf, endOf, type Trace } from "../model/trace.ts";
import type { RowBlock, RowBlocks } from "./row-blocks.ts";

/** Part of the time axis at pixel resolution. */
export interface PixelRange {
  readonly startNs: number;
  readonly endNs: number;
  readonly widthPx: number;
}

/** Scratch memory for one line of pixels, empty between calls, and the times of the spans drawn on it. */
export interface Scanline {
  readonly blocks: RowBlocks;
  /** Covered part of each pixel, 0–1. */
  readonly covered: Float32Array;
  /** Longest single overlap in each pixel, in pixels; -1 for none. */
  readonly best: Float32Array;
  /** The span of that overlap. */
  readonly bestSpan: Uint32Array;
  /** Where the pixels lie in the mipmap levels used so far, by number of cells: the same for all rows. */
  readonly cellsOfPixels: Map<number, CellsOfPixels>;
}

/** For each pixel its first cell, the number of cells after it, and the weights of first, inner and last cells. */
interface CellsOfPixels {
  readonly first: Int32Array;
  readonly more: Uint32Array;
  readonly firstWeight: Float32Array;
  readonly lastWeight: Float32Array;
  readonly innerWeight: number;
}

export function createScanline(widthPx: number, blocks: RowBlocks): Scanline {
  return {
    blocks,
    covered: new Float32Array(widthPx),
    best: new Float32Array(widthPx).fill(-1),
    bestSpan: new Uint32Array(widthPx),
    cellsOfPixels: new Map(),
  };
}

/**
 * Draws one row of spans over `texels`, the fuller of old and new winning each pixel, and returns how many cells,
 * nodes and spans it read. Far out the mipmap answers (one to three cells a pixel); close in it goes from span to span,
 * and where many fall into one pixel it gallops over them and sums them with the pyramid.
 */
export function rasterRow(trace: Trace, row: number, range: PixelRange, line: Scanline, texels: Uint16Array): number {
  const { rows, meta } = trace;
  const count = rows.first[row + 1] - rows.first[row];
  if (count === 0 || range.endNs <= range.startNs) return 0;
  const hasMipmap = rows.detail.mipmapFirst[row + 1] > rows.detail.mipmapFirst[row];
  const cells = hasMipmap ? mipmapCells(count) : 0;
  const nsPerPx = (range.endNs - range.startNs) / range.widthPx;
  if (hasMipmap && nsPerPx >= meta.durationNs / cells) return rasterMipmap(trace, row, cells, range, line, texels);
  const read = rasterSpans(trace, row, range, line);
  storeLine(trace, line, texels);
  return read;
}

/** Any pixel that holds a span gets an occupancy of at least 1, so that a lone span of 1 ns is seen. */
function mergeTexel(texels: Uint16Array, px: number, occupancy: number, slot: number): void {
  const texel = (Math.max(1, Math.min(255, occupancy)) << 8) | slot;
  if (texel >> 8 > texels[px] >> 8) texels[px] = texel;
}

function storeLine({ spans }: Trace, line: Scanline, texels: Uint16Array): void {
  const { covered, best, bestSpan } = line;
  for (let px = 0; px < texels.length; px++) {
    if (best[px] < 0) continue;
    const span = bestSpan[px];
    mergeTexel(texels, px, (covered[px] * 255 + 0.5) | 0, spans.slot[span]);
    covered[px] = 0;
    best[px] = -1;
  }
}

function rasterMipmap(
  { rows, meta }: Trace,
  row: number,
  finest: number,
  range: PixelRange,
  line: Scanline,
  texels: Uint16Array,
): number {
  const { occupancy, slot, mipmapFirst } = rows.detail;
  const nsPerPx = (range.endNs - range.startNs) / range.widthPx;
  let level = mipmapFirst[row];
  let cells = finest;
  while (cells > 2 ** coarsestMipmapBits && (meta.durationNs / cells) * 2 <= nsPerPx) {
    level += cells;
    cells >>= 1;
  }
  let cellsOfPixels = line.cellsOfPixels.get(cells);
  if (cellsOfPixels === undefined) {
    cellsOfPixels = findCellsOfPixels(cells, cells / meta.durationNs, range);
    line.cellsOfPixels.set(cells, cellsOfPixels);
  }
  const { first, more, firstWeight, lastWeight, innerWeight } = cellsOfPixels;
  let read = 0;
  for (let px = 0; px < texels.length; px++) {
    const begin = first[px];
    if (begin < 0) continue;
    let cell = level + begin;
    const last = cell + more[px];
    read += last - cell + 1;
    let fullestCell = cell;
    let fullest = occupancy[cell] * firstWeight[px];
    let sum = fullest;
    while (cell < last) {
      cell++;
      const part = occupancy[cell] * (cell === last ? lastWeight[px] : innerWeight);
      sum += part;
      if (part > fullest) {
        fullest = part;
        fullestCell = cell;
      }
    }
    if (sum === 0) continue;
    const occupied = sum < 0.5 ? 1 : (sum + 0.5) | 0;
    if (occupied > texels[px] >> 8) texels[px] = (occupied << 8) | slot[fullestCell];
  }
  return read;
}

/** Which cells each pixel covers, and how much of the pixel each fills. */
function findCellsOfPixels(cells: number, cellsPerNs: number, range: PixelRange): CellsOfPixels {
  const { widthPx } = range;
  const first = new Int32Array(widthPx).fill(-1);
  const more = new Uint32Array(widthPx);
  const firstWeight = new Float32Array(widthPx);
  const lastWeight = new Float32Array(widthPx);
  const origin = range.startNs * cellsPerNs;
  const perPx = ((range.endNs - range.startNs) / widthPx) * cellsPerNs;
  for (let px = 0; px < widthPx; px++) {
    const from = Math.max(0, origin + px * perPx);
    const to = Math.min(cells, origin + (px + 1) * perPx);
    if (to <= from) continue;
    const begin = Math.floor(from);
    const last = Math.ceil(to) - 1;
    first[px] = begin;
    more[px] = last - begin;
    firstWeight[px] = (Math.min(to, begin + 1) - from) / perPx;
    lastWeight[px] = (to - last) / perPx;
  }
  return { first, more, firstWeight, lastWeight, innerWeight: 1 / perPx };
}

/** Spans in a row of one pixel from which galloping beats reading each. */
const gallopFrom = 24;

function rasterSpans(trace: Trace, row: number, range: PixelRange, line: Scanline): number {
  const { covered, best, bestSpan } = line;
  const rowSpan = trace.rows.span;
  const first = trace.rows.first[row];
  const count = trace.rows.first[row + 1] - first;
  const pxPerNs = range.widthPx / (range.endNs - range.startNs);
  let at = firstEndingAfter(trace, row, range.startNs);
  let read = 0;
  let pixel = -1;
  let inPixel = 0;
  let { first: blockFirst, length: blockLength, startNs, durationNs } = emptyBlock;
  while (at < count) {
    let i = at - blockFirst;
    if (i >= blockLength) {
      ({ first: blockFirst, length: blockLength, startNs, durationNs } = line.blocks.of(row, at));
      i = at - blockFirst;
    }
    const from = (startNs[i] - range.startNs) * pxPerNs;
    if (from >= range.widthPx) break;
    const width = durationNs[i] * pxPerNs;
    const to = from + width;
    const span = rowSpan[first + at];
    read++;
    at++;
    const spanPixel = from <= 0 ? 0 : from | 0;
    if (from < spanPixel || to > spanPixel + 1) {
      cover(line, from, to, span, range.widthPx);
      continue;
    }
    covered[spanPixel] += width;
    if (width > best[spanPixel]) {
      best[spanPixel] = width;
      bestSpan[spanPixel] = span;
    }
    inPixel = spanPixel === pixel ? inPixel + 1 : 1;
    pixel = spanPixel;
    if (inPixel < gallopFrom) continue;
    inPixel = 0;
    const group = skipPixel(trace, row, at, range.startNs + (pixel + 1) / pxPerNs);
    read += group.read;
    at = group.end;
    covered[pixel] += group.busyNs * pxPerNs;
    if (group.longest < 0) continue;
    const longestPx = durationOf(trace.spans, rowSpan[first + group.longest]) * pxPerNs;
    if (longestPx > best[pixel]) {
      best[pixel] = longestPx;
      bestSpan[pixel] = rowSpan[first + group.longest];
    }
  }
  return read;
}

const emptyBlock: RowBlock = { first: 0, length: 0, startNs: new Float64Array(0), durationNs: new Float64Array(0) };

/** Sums the spans from position `begin` on that end by `timeNs`; `end` is the first that does not. */
function skipPixel(
  trace: Trace,
  row: number,
  begin: number,
  timeNs: number,
): { readonly end: number; readonly busyNs: number; readonly longest: number; readonly read: number } {
  const { spans, rows } = trace;
  const first = rows.first[row];
  const count = rows.first[row + 1] - first;
  const isBehind = (position: number): boolean => endOf(spans, rows.span[first + position]) > timeNs;
  if (begin >= count || isBehind(begin)) return { end: begin, busyNs: 0, longest: -1, read: 1 };
  const end = gallop(begin, count, gallopFrom, isBehind);
  const group = sumGroup(trace, row, begin, end);
  return { end, busyNs: group.busyNs, longest: group.longest, read: group.read };
}

/** Position of the first span of the row that ends after `timeNs` (or starts at it without length); the row's count when there is none. */
export function firstEndingAfter({ spans, rows }: Trace, row: number, timeNs: number): number {
  const first = rows.first[row];
  let low = 0;
  let high = rows.first[row + 1] - first;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const span = rows.span[first + middle];
    if (endOf(spans, span) > timeNs || spans.startNs[span] >= timeNs) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** First position in (from, count] for which `isBehind` holds (it holds for all after it), by doubling steps, then bisection. */
function gallop(from: number, count: number, step: number, isBehind: (position: number) => boolean): number {
  let low = from;
  let high = from + step;
  let width = step;
  while (high < count && !isBehind(high)) {
    low = high;
    width *= 2;
    high += width;
  }
  high = Math.min(high, count);
  while (low + 1 < high) {
    const middle = (low + high) >>> 1;
    if (isBehind(middle)) high = middle;
    else low = middle;
  }
  return high;
}

/** Busy time and longest span of the row positions [begin, end), with whole pyramid nodes where they fit. */
export function sumGroup(
  { spans, rows }: Trace,
  row: number,
  begin: number,
  end: number,
): { busyNs: number; longest: number; read: number } {
  const first = rows.first[row];
  const count = rows.first[row + 1] - first;
  let busyNs = 0;
  let longest = begin;
  let longestNs = -1;
  let read = 0;
  const consider = (position: number, addNs: number | null): void => {
    const duration = durationOf(spans, rows.span[first + position]);
    busyNs += addNs ?? duration;
    if (duration > longestNs) {
      longestNs = duration;
      longest = position;
    }
    read++;
  };
  if (count < pyramidFromSpans || end - begin < 2 * fanOut) {
    for (let position = begin; position < end; position++) consider(position, null);
    return { busyNs, longest, read };
  }
  // Ascend: at each level take the nodes that stick out left and right of whole parents.
  const { pyramidFirst, busyNs: nodeBusy, longest: nodeLongest } = rows.detail;
  let from = begin;
  let to = end;
  while (from < to && from % fanOut !== 0) consider(from++, null);
  while (to > from && to % fanOut !== 0) consider(--to, null);
  let node = pyramidFirst[row];
  let size = Math.ceil(count / fanOut);
  from /= fanOut;
  to /= fanOut;
  const take = (index: number): void => consider(nodeLongest[node + index], nodeBusy[node + index]);
  while (from < to) {
    while (from < to && (from % fanOut !== 0 || to - from < fanOut)) take(from++);
    while (to > from && to % fanOut !== 0) take(--to);
    node += size;
    size = Math.ceil(size / fanOut);
    from /= fanOut;
    to /= fanOut;
  }
  return { busyNs, longest, read };
}

/** Adds [from, to) in pixels to every pixel it touches; a span without length touches the pixel it lies in. */
function cover({ covered, best, bestSpan }: Scanline, from: number, to: number, span: number, widthPx: number): void {
  const firstPixel = Math.max(0, Math.floor(from));
  for (let pixel = firstPixel; pixel < widthPx && (pixel < to || pixel === firstPixel); pixel++) {
    const part = Math.min(to, pixel + 1) - Math.max(from, pixel);
    covered[pixel] += part;
    if (part > best[pixel]) {
      best[pixel] = part;
      bestSpan[pixel] = span;
    }
  }
}
