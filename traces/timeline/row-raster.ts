import { toSlot } from "../model/color-slot.ts";
import { coarsestMipmapBits, fanOut, mipmapCells, pyramidFromSpans } from "../model/level-of-detail.ts";
import { durationOf, endOf, type Trace } from "../model/trace.ts";

/** Part of the time axis at pixel resolution. */
export interface PixelRange {
  readonly startNs: number;
  readonly endNs: number;
  readonly widthPx: number;
}

/** One line of pixels being filled. */
export interface Scanline {
  /** Covered part of each pixel, 0–1. */
  readonly covered: Float32Array;
  /** Longest single overlap in each pixel, in pixels; -1 for none. */
  readonly best: Float32Array;
  readonly slot: Uint8Array;
}

export function createScanline(widthPx: number): Scanline {
  return {
    covered: new Float32Array(widthPx),
    best: new Float32Array(widthPx).fill(-1),
    slot: new Uint8Array(widthPx),
  };
}

/**
 * Fills `line` with one row of spans and returns how many cells, nodes and spans it read.
 * Far out the mipmap answers (about two cells a pixel); close in it gallops from span to span,
 * and sums what is narrower than a pixel with the pyramid.
 */
export function rasterRow(trace: Trace, variants: Uint8Array, row: number, range: PixelRange, line: Scanline): number {
  line.covered.fill(0);
  line.best.fill(-1);
  const { rows, meta } = trace;
  const count = rows.first[row + 1] - rows.first[row];
  if (count === 0 || range.endNs <= range.startNs) return 0;
  const hasMipmap = rows.detail.mipmapFirst[row + 1] > rows.detail.mipmapFirst[row];
  const cells = hasMipmap ? mipmapCells(count) : 0;
  const nsPerPx = (range.endNs - range.startNs) / range.widthPx;
  if (hasMipmap && nsPerPx >= meta.durationNs / cells) return rasterMipmap(trace, row, cells, range, line);
  return rasterGallop(trace, variants, row, range, line);
}

function rasterMipmap(
  { rows, meta }: Trace,
  row: number,
  finest: number,
  range: PixelRange,
  { covered, best, slot }: Scanline,
): number {
  const { occupancy, slot: slots, mipmapFirst } = rows.detail;
  const nsPerPx = (range.endNs - range.startNs) / range.widthPx;
  let level = mipmapFirst[row];
  let cells = finest;
  while (cells > 2 ** coarsestMipmapBits && (meta.durationNs / cells) * 2 <= nsPerPx) {
    level += cells;
    cells >>= 1;
  }
  const cellsPerNs = cells / meta.durationNs;
  let read = 0;
  for (let px = 0; px < range.widthPx; px++) {
    const from = (range.startNs + px * nsPerPx) * cellsPerNs;
    const to = from + nsPerPx * cellsPerNs;
    if (to <= 0 || from >= cells) continue;
    const last = Math.min(cells, Math.ceil(to));
    let sum = 0;
    let fullest = 0;
    for (let cell = Math.max(0, Math.floor(from)); cell < last; cell++) {
      const occupied = occupancy[level + cell];
      read++;
      if (occupied === 0) continue;
      const part = occupied * (Math.min(to, cell + 1) - Math.max(from, cell));
      sum += part;
      if (part > fullest) {
        fullest = part;
        slot[px] = slots[level + cell];
      }
    }
    if (sum > 0) {
      covered[px] = sum / 255 / (to - from);
      best[px] = fullest;
    }
  }
  return read;
}

function rasterGallop(trace: Trace, variants: Uint8Array, row: number, range: PixelRange, line: Scanline): number {
  const { spans, rows } = trace;
  const first = rows.first[row];
  const count = rows.first[row + 1] - first;
  const pxPerNs = range.widthPx / (range.endNs - range.startNs);
  const startPx = (position: number): number => (spans.startNs[rows.span[first + position]] - range.startNs) * pxPerNs;
  const endPx = (position: number): number => (endOf(spans, rows.span[first + position]) - range.startNs) * pxPerNs;
  const slotOf = (position: number): number => {
    const span = rows.span[first + position];
    return toSlot(spans.kind[span], variants[spans.name[span]]);
  };
  let position = firstEndingAfter(trace, row, range.startNs);
  let read = 0;
  let step = 1;
  while (position < count) {
    const from = startPx(position);
    if (from >= range.widthPx) break;
    const to = endPx(position);
    const pixel = Math.max(0, Math.floor(from));
    read++;
    if (from < pixel || to > pixel + 1 || position + 1 === count || startPx(position + 1) >= pixel + 1) {
      cover(line, from, to, slotOf(position), range.widthPx);
      position++;
      continue;
    }
    // Several spans start in this pixel: find the first that starts behind it, then add up those that end in it.
    const behind = gallop(position, count, step, (p) => startPx(p) >= pixel + 1);
    step = Math.max(1, (behind - position) >> 1);
    const whole = endPx(behind - 1) > pixel + 1 ? behind - 1 : behind;
    const group = sumGroup(trace, row, position, whole);
    read += group.read;
    addToPixel(
      line,
      pixel,
      Math.max(group.busyNs * pxPerNs, 0),
      durationOf(spans, rows.span[first + group.longest]) * pxPerNs,
      slotOf(group.longest),
    );
    position = whole;
  }
  return read;
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
function cover(line: Scanline, from: number, to: number, slot: number, widthPx: number): void {
  const firstPixel = Math.max(0, Math.floor(from));
  for (let pixel = firstPixel; pixel < widthPx && (pixel < to || pixel === firstPixel); pixel++) {
    const part = Math.min(to, pixel + 1) - Math.max(from, pixel);
    addToPixel(line, pixel, part, part, slot);
  }
}

function addToPixel(
  { covered, best, slot }: Scanline,
  pixel: number,
  part: number,
  longestPart: number,
  spanSlot: number,
): void {
  covered[pixel] += part;
  if (longestPart > best[pixel]) {
    best[pixel] = longestPart;
    slot[pixel] = spanSlot;
  }
}
