import { finestCells } from "../model/level-of-detail.ts";
import { durationOf, type Trace } from "../model/trace.ts";
import { type CellsOfPixels, largerOf, rasterMipmap } from "./mipmap-raster.ts";
import { firstEndingBehind, type RowRange } from "./row-range.ts";
import type { RowBlocks } from "./row-blocks.ts";
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

/** Cells of the mipmap by which a row is drawn; 0 where it is drawn from span to span. */
export function mipmapCellsFor({ rows, meta }: Trace, row: number, range: PixelRange): number {
  const { mipmapFirst } = rows.detail;
  const cells = finestCells(mipmapFirst[row + 1] - mipmapFirst[row]);
  return ((range.endNs - range.startNs) / range.widthPx) * cells >= meta.durationNs ? cells : 0;
}

/**
 * Draws one row of spans over `texels`, the fuller of old and new winning each pixel, and returns how many cells,
 * nodes and spans it read. Far out the mipmap answers (one to three cells a pixel); close in it goes from span to span,
 * and where many fall into one pixel it gallops over them and sums them with the pyramid. `wide`: told of the wide spans.
 */
export function rasterRow(
  trace: Trace,
  place: RowRange,
  pen: RowPen,
  texels: Uint16Array,
  wide: WideSpans = noWideSpans,
): number {
  const { range } = pen;
  if (place.begin >= place.end || range.endNs <= range.startNs) return 0;
  const cells = mipmapCellsFor(trace, place.row, range);
  return cells > 0
    ? rasterMipmap(trace, place.row, cells, range, pen.levels, texels)
    : rasterSpans(trace, place, pen, texels, wide);
}

/** Takes the spans of a row that are at least so long, which is more than a pixel. */
export interface WideSpans {
  readonly leastNs: number;
  /** Returns how long further ones must be: more than before, where there are enough longer ones. */
  add(span: number, startNs: number, durationNs: number, slot: number): number;
}

export const noWideSpans: WideSpans = { leastNs: Infinity, add: () => Infinity };

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
  wide: WideSpans,
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
  let wideNs = wide.leastNs;
  for (let at = begin; at < end;) {
    const { first: blockFirst, length: blockLength, startNs, durationNs, slot } = blocks.of(row, at, end);
    const last = Math.min(blockLength, end - blockFirst);
    let i = at - blockFirst;
    while (i < last) {
      const duration = durationNs[i];
      const start = (startNs[i] - originNs) * pxPerNs;
      const to = start + duration * pxPerNs;
      // Rounding may put a start before the end of the span before it.
      const from = start > pixel ? start : pixel;
      read++;
      i++;
      if (to < pixel + 1) {
        covered += to - from;
        longest = largerOf(longest, partOf(to - from, slot[i - 1]));
        if (++inPixel < gallopFrom) continue;
        inPixel = 0;
        const group = sumInPixel(trace, { row, begin: blockFirst + i, end }, originNs + (pixel + 1) / pxPerNs);
        read += group.read;
        i = group.end - blockFirst;
        covered += group.busyNs * pxPerNs;
        longest = largerOf(longest, partOf(group.longestNs * pxPerNs, group.slot));
        continue;
      }
      inPixel = 0;
      if (from >= pixel + 1) {
        if (longest >= 0) storeTexel(texels, pixel, covered, longest & 255);
        if (from >= widthPx) return read;
        pixel = from | 0;
        covered = 0;
        longest = -1;
        if (to <= pixel + 1) {
          covered = to - from;
          longest = partOf(covered, slot[i - 1]);
          continue;
        }
      }
      if (duration >= wideNs)
        wideNs = wide.add(rowSpan[first + blockFirst + i - 1], startNs[i - 1], duration, slot[i - 1]);
      const part = pixel + 1 - from;
      storeTexel(texels, pixel, covered + part, largerOf(longest, partOf(part, slot[i - 1])) & 255);
      const lastPixel = to < widthPx ? to | 0 : widthPx;
      fillTexels(texels, pixel + 1, lastPixel, slot[i - 1]);
      if (lastPixel >= widthPx) return read;
      pixel = lastPixel;
      covered = to - lastPixel;
      longest = covered > 0 ? partOf(covered, slot[i - 1]) : -1;
    }
    at = blockFirst + i;
  }
  if (longest >= 0) storeTexel(texels, pixel, covered, longest & 255);
  return read;
}

/** The spans from `begin` on that end by `timeNs`, together: none, where already the first ends later. */
function sumInPixel(
  trace: Trace,
  { row, begin, end: rowEnd }: RowRange,
  timeNs: number,
): { end: number; read: number; busyNs: number; longestNs: number; slot: number } {
  const end = Math.min(rowEnd, firstEndingBehind(trace, row, timeNs, begin - 1));
  if (end <= begin) return { end: begin, read: 0, busyNs: 0, longestNs: 0, slot: 0 };
  const { busyNs, longest, read } = sumRow(trace, row, begin, end);
  const span = trace.rows.span[trace.rows.first[row] + longest];
  return { end, read, busyNs, longestNs: durationOf(trace.spans, span), slot: trace.spans.slot[span] };
}

/** A part of a pixel above its slot: 20 + 8 bits, so that the larger of two is found without a branch. */
function partOf(part: number, slot: number): number {
  return (((part * partSteps) | 0) << 8) | slot;
}

const partSteps = (1 << 20) - 1;

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
