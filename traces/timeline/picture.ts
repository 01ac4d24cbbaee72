import { endOf, type Trace } from "../model/trace.ts";
import { createBoxCollector } from "./boxes.ts";
import { createMarkCollector, rasterCounter } from "./point-raster.ts";
import { createRowBlocks, type RowBlocks } from "./row-blocks.ts";
import { runSliced, type Sliced } from "../model/sliced.ts";
import { rangeOfRow } from "./row-range.ts";
import { createRowPen, mipmapCellsFor, rasterRow, type PixelRange, type RowPen } from "./row-raster.ts";
import type { CounterPicture, Hits, Picture, PictureRequest } from "./view.ts";

/** A strip that merges more rows than this is computed at an eighth of the resolution. */
const fineMergeRows = 48;
const coarseFactor = 8;

/** As `drawPicture`, in one go. */
export function createPicture(
  trace: Trace,
  request: PictureRequest,
  hits: Hits | null,
  blocks: RowBlocks = createRowBlocks(trace),
): Picture {
  return runSliced(drawPicture(trace, request, hits, blocks));
}

/**
 * Draws strips at screen resolution. Cost: strips × pixels, nearly independent of the number of spans; only rows over
 * each other, of which there may be very many, make it pause. Who draws a trace more than once passes the same `blocks`
 * each time; others may use them during a pause.
 */
export function* drawPicture(
  trace: Trace,
  request: PictureRequest,
  hits: Hits | null,
  blocks: RowBlocks,
): Sliced<Picture> {
  const { strips, widthPx } = request;
  const texels = new Uint16Array(strips.length * widthPx);
  const hitTexels = new Uint8Array(hits === null ? 0 : strips.length * widthPx);
  const range: PixelRange = {
    startNs: request.startNs,
    endNs: Math.max(request.endNs, request.startNs + Number.EPSILON),
    widthPx,
  };
  const boxes = createBoxCollector({ trace, blocks, range, hits, stripCount: strips.length }, request.minBoxPx);
  const marks = createMarkCollector(trace, range);
  const counters: CounterPicture[] = [];
  const pen = createRowPen(range, blocks);
  let cellsRead = 0;
  for (const [index, strip] of strips.entries()) {
    const target = texels.subarray(index * widthPx, (index + 1) * widthPx);
    switch (strip.kind) {
      case "rows":
        if (strip.rows.length === 1) {
          const place = rangeOfRow(trace, strip.rows[0], range.startNs, range.endNs);
          if (mipmapCellsFor(trace, place.row, range) > 0) {
            cellsRead += rasterRow(trace, place, pen, target);
            boxes.addRow(index, place);
          } else cellsRead += boxes.addDrawnRow(index, place, (wide) => rasterRow(trace, place, pen, target, wide));
        } else cellsRead += yield* rasterMerged(trace, strip.rows, pen, target);
        if (hits !== null) {
          const hitTarget = hitTexels.subarray(index * widthPx, (index + 1) * widthPx);
          for (const row of strip.rows) markHits(trace, row, hits, range, hitTarget);
        }
        break;
      case "instants":
        marks.addTrack(index, strip.track, target);
        break;
      case "counter":
        counters.push(rasterCounter(trace, index, strip.track, range));
        break;
    }
  }
  const collected = boxes.finish();
  cellsRead += collected.read;
  return {
    startNs: request.startNs,
    endNs: request.endNs,
    widthPx,
    stripCount: strips.length,
    texels,
    hits: hitTexels,
    boxes: collected.boxes,
    marks: marks.finish(),
    counters,
    cellsRead,
  };
}

/** Rows drawn over each other: each pixel shows the fullest. Ends once all are full, which no further row would change. */
function* rasterMerged(
  trace: Trace,
  rows: readonly number[],
  { range, blocks, levels }: RowPen,
  target: Uint16Array,
): Sliced<number> {
  const isFine = rows.length <= fineMergeRows;
  const widthPx = isFine ? range.widthPx : Math.max(1, Math.ceil(range.widthPx / coarseFactor));
  const pen = isFine ? { range, blocks, levels } : createRowPen({ ...range, widthPx }, blocks);
  const texels = isFine ? target : new Uint16Array(widthPx);
  let read = 0;
  let pauseAt = readsPerSlice;
  for (let i = 0; i < rows.length; i++) {
    read += rasterRow(trace, rangeOfRow(trace, rows[i], range.startNs, range.endNs), pen, texels);
    if (i % rowsBetweenLooks !== rowsBetweenLooks - 1) continue;
    if (texels.every(isFull)) break;
    if (read + i * readsPerRow < pauseAt) continue;
    yield;
    pauseAt = read + i * readsPerRow + readsPerSlice;
  }
  if (!isFine)
    for (let px = 0; px < target.length; px++) target[px] = texels[Math.floor((px * widthPx) / target.length)];
  return read;
}

const rowsBetweenLooks = 64;
/** Cells and spans read between two pauses: 1–3 ms of work; finding a row takes as long as so many. */
const readsPerSlice = 1 << 16;
const readsPerRow = 8;
const isFull = (texel: number): boolean => texel >= 255 << 8;

function markHits(trace: Trace, row: number, hits: Hits, range: PixelRange, target: Uint8Array): void {
  const { spans } = trace;
  const ofRow = hits.ofRow(row);
  if (ofRow.length === 0) return;
  const pxPerNs = range.widthPx / (range.endNs - range.startNs);
  let low = 0;
  let high = ofRow.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (endOf(spans, ofRow[middle]) < range.startNs) low = middle + 1;
    else high = middle;
  }
  for (let i = low; i < ofRow.length && spans.startNs[ofRow[i]] < range.endNs;) {
    const from = Math.max(0, Math.floor((spans.startNs[ofRow[i]] - range.startNs) * pxPerNs));
    const to = Math.min(
      range.widthPx,
      Math.max(from + 1, Math.ceil((endOf(spans, ofRow[i]) - range.startNs) * pxPerNs)),
    );
    target.fill(1, from, to);
    i = firstHitBehind(trace, ofRow, i, range.startNs + to / pxPerNs);
  }
}

/** First hit after `from` that ends behind `timeNs`; hits of a row are disjoint and in time order. */
function firstHitBehind(
  { spans }: Trace,
  ofRow: { readonly length: number; readonly [index: number]: number },
  from: number,
  timeNs: number,
): number {
  let low = from + 1;
  let high = ofRow.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (endOf(spans, ofRow[middle]) > timeNs) high = middle;
    else low = middle + 1;
  }
  return low;
}
