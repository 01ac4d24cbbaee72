import { mipmapCells } from "../model/level-of-detail.ts";
import { durationOf, type Trace } from "../model/trace.ts";
import { type CellsOfPixels, largerOf, rasterMipmap } from "./mipmap-raster.ts";
import { firstEndingBehind, type RowRange } from "./row-range.ts";
import type { RowBlock, RowBlocks } from "./row-blocks.ts";
import { sumRow } from "./row-sums.ts";

/** Part of the time axis at pixel resolution. */
export interface PixelRange {
  readonly startNs: number;
  readonly endNs: number;
  readonly widthPx: number;
}

/** What the rows of a picture are drawn with. */
export interface RowPen {
  readonly range: PixelRange;
  readonly blocks: RowBlocks;
  /** Where the pixels lie in the mipmap levels used so far, by number of cells. */
  readonly levels: Map<number, CellsOfPixels>;
}

export function createRowPen(range: PixelRange, blocks: RowBlocks): RowPen {
  return { range, blocks, levels: new Map() };
}

/**
 * Draws one row of spans over `texels`, the fuller of old and new winning each pixel, and returns how many cells,
 * nodes and spans it read. Far out the mipmap answers (one to three cells a pixel); close in it goes from span to span,
 * and where many fall into one pixel it gallops over them and sums them with the pyramid.
 */
export function rasterRow(trace: Trace, place: RowRange, pen: RowPen, texels: Uint16Array): number {
  const { rows, meta } = trace;
  const { row } = place;
  const { range } = pen;
  if (place.begin >= place.end || range.endNs <= range.startNs) return 0;
  if (rows.detail.mipmapFirst[row + 1] > rows.detail.mipmapFirst[row]) {
    const cells = mipmapCells(rows.first[row + 1] - rows.first[row]);
    const nsPerPx = (range.endNs - range.startNs) / range.widthPx;
    if (nsPerPx >= meta.durationNs / cells) return rasterMipmap(trace, row, cells, range, pen.levels, texels);
  }
  return rasterSpans(trace, place, pen, texels);
}

/** Spans in a row of one pixel from which galloping beats reading each. */
const gallopFrom = 24;

/**
 * From span to span. Spans of a row are disjoint and in time order, so only one pixel is open at a time: it is stored
 * when a span begins behind it.
 */
function rasterSpans(
  trace: Trace,
  { row, begin, end }: RowRange,
  { range, blocks }: RowPen,
  texels: Uint16Array,
): number {
  const { widthPx, startNs: originNs } = range;
  const rowSpan = trace.rows.span;
  const first = trace.rows.first[row];
  const pxPerNs = widthPx / (range.endNs - originNs);
  let read = 0;
  // The open pixel, its covered part, and the longest part of one span in it above its slot: -1 while it is empty.
  let pixel = 0;
  let covered = 0;
  let longest = -1;
  let inPixel = 0;
  let { first: blockFirst, length: blockLength, startNs, durationNs, slot } = emptyBlock;
  for (let at = begin; at < end;) {
    let i = at - blockFirst;
    if (i >= blockLength) {
      ({ first: blockFirst, length: blockLength, startNs, durationNs, slot } = blocks.of(row, at, end));
      i = at - blockFirst;
    }
    const start = (startNs[i] - originNs) * pxPerNs;
    const to = start + durationNs[i] * pxPerNs;
    // Rounding may put a start before the end of the span before it.
    const from = start > pixel ? start : pixel;
    read++;
    at++;
    if (from >= pixel + 1) {
      if (longest >= 0) storeTexel(texels, pixel, covered, longest & 255);
      if (from >= widthPx) return read;
      pixel = from | 0;
      covered = 0;
      longest = -1;
      inPixel = 0;
    }
    if (to > pixel + 1) {
      const part = pixel + 1 - from;
      storeTexel(texels, pixel, covered + part, largerOf(longest, partOf(part, slot[i])) & 255);
      const lastPixel = to < widthPx ? to | 0 : widthPx;
      fillTexels(texels, pixel + 1, lastPixel, slot[i]);
      if (lastPixel >= widthPx) return read;
      pixel = lastPixel;
      covered = to - lastPixel;
      longest = covered > 0 ? partOf(covered, slot[i]) : -1;
      inPixel = 0;
      continue;
    }
    covered += to - from;
    longest = largerOf(longest, partOf(to - from, slot[i]));
    inPixel++;
    if (inPixel < gallopFrom || at >= end) continue;
    inPixel = 0;
    const groupEnd = Math.min(end, firstEndingBehind(trace, row, originNs + (pixel + 1) / pxPerNs, at - 1));
    if (groupEnd <= at) continue;
    const group = sumRow(trace, row, at, groupEnd);
    read += group.read;
    at = groupEnd;
    covered += group.busyNs * pxPerNs;
    const span = rowSpan[first + group.longest];
    longest = largerOf(longest, partOf(durationOf(trace.spans, span) * pxPerNs, trace.spans.slot[span]));
  }
  if (longest >= 0) storeTexel(texels, pixel, covered, longest & 255);
  return read;
}

/** A part of a pixel above its slot: 20 + 8 bits, so that the larger of two is found without a branch. */
function partOf(part: number, slot: number): number {
  return (((part * partSteps) | 0) << 8) | slot;
}

const partSteps = (1 << 20) - 1;

const emptyBlock: RowBlock = {
  first: 0,
  length: 0,
  startNs: new Float64Array(0),
  durationNs: new Float64Array(0),
  slot: new Uint8Array(0),
};

/** Any pixel that holds a span gets an occupancy of at least 1, so that a lone span of 1 ns is seen. */
function storeTexel(texels: Uint16Array, px: number, covered: number, slot: number): void {
  const occupancy = covered >= 1 ? 255 : (covered * 255 + 0.5) | 0;
  const shown = occupancy === 0 ? 1 : occupancy;
  if (shown > texels[px] >> 8) texels[px] = (shown << 8) | slot;
}

/** Pixels that one span fills whole. */
function fillTexels(texels: Uint16Array, from: number, to: number, slot: number): void {
  const texel = (255 << 8) | slot;
  for (let px = from; px < to; px++) if (texels[px] < 255 << 8) texels[px] = texel;
}
