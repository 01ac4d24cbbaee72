import { coarsestMipmapBits } from "../model/level-of-detail.ts";
import type { Trace } from "../model/trace.ts";
import type { PixelRange } from "./row-raster.ts";

/** Where the pixels of a range lie in the cells of one mipmap level: the same for all rows. */
export interface CellsOfPixels {
  /** First and last pixel that lie on the trace. */
  readonly beginPx: number;
  readonly endPx: number;
  readonly first: Int32Array;
  /** Cells after the first: 0–2, or more where even the coarsest cells are smaller than half a pixel. */
  readonly more: Int32Array;
  /** For the quick loop, from bit 0 up: weight of the first cell; of the last, 0 where it is the first; cells after the first. */
  readonly packed: Int32Array;
  /** Weight of the cells between. All weights of a pixel are `wholePixel` together. */
  readonly innerWeight: number;
  readonly most: number;
  readonly cellsRead: number;
}

/** Weights are whole numbers, so that the loop below has no branch to guess wrong. */
const weightBits = 12;
const wholePixel = 1 << weightBits;
const lastShift = weightBits + 1;
const moreShift = 2 * lastShift;
const weightMask = (1 << lastShift) - 1;

/**
 * Draws one row over `texels` from its occupancy cells, the fuller of old and new winning each pixel, and returns how
 * many cells it read. `finest`: cells of the finest level, `levels`: what was found for earlier rows.
 */
export function rasterMipmap(
  { rows, meta }: Trace,
  row: number,
  finest: number,
  range: PixelRange,
  levels: Map<number, CellsOfPixels>,
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
  let places = levels.get(cells);
  if (places === undefined) {
    places = findCellsOfPixels(cells, cells / meta.durationNs, range);
    levels.set(cells, places);
  }
  if (places.most > 2) return rasterManyCells(occupancy, slot, level, places, texels);
  const { endPx, first, packed, innerWeight, cellsRead } = places;
  // `| 0`: sums of 32-bit integers, which would be floating point otherwise.
  const levelBegin = level | 0;
  for (let px = places.beginPx; px < endPx; px++) {
    const begin = (levelBegin + first[px]) | 0;
    const place = packed[px];
    const more = place >> moreShift;
    const isThree = more >> 1;
    const last = (begin + more) | 0;
    // For a pixel of two cells the inner one is the last again, of weight 0.
    const middle = (last - isThree) | 0;
    const a = Math.imul(occupancy[begin], place & weightMask);
    const b = Math.imul(occupancy[middle], innerWeight & -isThree);
    const c = Math.imul(occupancy[last], (place >> lastShift) & weightMask);
    const sum = (a + b + c) | 0;
    if (sum === 0) continue;
    // Each cell's share above its slot: the largest of the three names the slot. 20 + 8 bits.
    const left = (a << 8) | slot[begin];
    const inner = (b << 8) | slot[middle];
    const right = (c << 8) | slot[last];
    const over = largerOf(left, inner);
    const fullest = largerOf(over, right);
    const rounded = (sum + (wholePixel >> 1)) >> weightBits;
    const occupied = (rounded + ((rounded - 1) >>> 31)) | 0;
    if (occupied > texels[px] >> 8) texels[px] = (occupied << 8) | (fullest & 255);
  }
  return cellsRead;
}

/** Of two integers within ± 2^30, without a branch that could be guessed wrong. */
export function largerOf(a: number, b: number): number {
  const less = (a - b) | 0;
  return (a - (less & (less >> 31))) | 0;
}

/** The same for pixels of any number of cells. */
function rasterManyCells(
  occupancy: Trace["rows"]["detail"]["occupancy"],
  slot: Trace["rows"]["detail"]["slot"],
  level: number,
  { beginPx, endPx, first, more, packed, innerWeight, cellsRead }: CellsOfPixels,
  texels: Uint16Array,
): number {
  for (let px = beginPx; px < endPx; px++) {
    const begin = level + first[px];
    const last = begin + more[px];
    let sum = 0;
    let fullest = -1;
    let fullestCell = begin;
    for (let cell = begin; cell <= last; cell++) {
      const weight =
        cell === begin ? packed[px] & weightMask : cell === last ? (packed[px] >> lastShift) & weightMask : innerWeight;
      const part = occupancy[cell] * weight;
      sum += part;
      if (part > fullest) {
        fullest = part;
        fullestCell = cell;
      }
    }
    if (sum === 0) continue;
    const occupied = Math.max(1, Math.min(255, (sum + (wholePixel >> 1)) >> weightBits));
    if (occupied > texels[px] >> 8) texels[px] = (occupied << 8) | slot[fullestCell];
  }
  return cellsRead;
}

function findCellsOfPixels(cells: number, cellsPerNs: number, range: PixelRange): CellsOfPixels {
  const { widthPx } = range;
  const places = {
    first: new Int32Array(widthPx),
    more: new Int32Array(widthPx),
    packed: new Int32Array(widthPx),
  };
  const origin = range.startNs * cellsPerNs;
  const perPx = ((range.endNs - range.startNs) / widthPx) * cellsPerNs;
  let beginPx = widthPx;
  let endPx = 0;
  let most = 0;
  let cellsRead = 0;
  for (let px = 0; px < widthPx; px++) {
    const from = Math.max(0, origin + px * perPx);
    const to = Math.min(cells, origin + (px + 1) * perPx);
    if (to <= from) continue;
    beginPx = Math.min(beginPx, px);
    endPx = px + 1;
    const begin = Math.floor(from);
    const last = Math.ceil(to) - 1;
    const more = last - begin;
    places.first[px] = begin;
    places.more[px] = more;
    const firstWeight = toWeight((Math.min(to, begin + 1) - from) / perPx);
    const lastWeight = more > 0 ? toWeight((to - last) / perPx) : 0;
    places.packed[px] = (Math.min(more, 2) << moreShift) | (lastWeight << lastShift) | firstWeight;
    most = Math.max(most, more);
    cellsRead += more + 1;
  }
  return { beginPx, endPx, ...places, innerWeight: toWeight(1 / perPx), most, cellsRead };
}

/** A part of a pixel, never so small that what lies there would not be seen. */
const toWeight = (part: number): number => Math.max(1, Math.round(part * wholePixel));
