import { toSlot } from "../model/color-slot.ts";
import { fanOut } from "../model/level-of-detail.ts";
import { durationOf, type Trace } from "../model/trace.ts";
import { firstEndingAfter, type PixelRange } from "./row-raster.ts";
import { boxHitFlag, maxBoxes, type BoxTable, type Hits } from "./view.ts";

/** Collects wide spans of single rows and keeps the widest. */
export interface BoxCollector {
  /** Returns the spans and nodes read. */
  addRow(strip: number, row: number): number;
  finish(): BoxTable;
}

/** How far boxes reach out of the picture, so that their edges are not seen when they lie outside. */
const outsidePx = 8;

export function createBoxCollector(
  trace: Trace,
  variants: Uint8Array,
  range: PixelRange,
  minBoxPx: number,
  hits: Hits | null,
): BoxCollector {
  const { spans } = trace;
  const pxPerNs = range.widthPx / (range.endNs - range.startNs);
  let minNs = minBoxPx / pxPerNs;
  const found: Candidates = { span: [], strip: [], durationNs: [] };

  return {
    addRow(strip, row) {
      const read = findWideSpans(trace, row, range, minNs, found);
      while (found.strip.length < found.span.length) found.strip.push(strip);
      // Pruned as it grows: what later rows must exceed rises with it, and few of their nodes are entered.
      if (found.span.length > 2 * maxBoxes) minNs = Math.max(minNs, keepWidest(found));
      return read;
    },
    finish() {
      keepWidest(found);
      const n = found.span.length;
      const table: BoxTable = {
        strip: new Uint16Array(n),
        leftPx: new Float32Array(n),
        rightPx: new Float32Array(n),
        name: new Uint32Array(n),
        span: new Uint32Array(n),
        slot: new Uint8Array(n),
        flags: new Uint8Array(n),
      };
      for (let i = 0; i < n; i++) {
        const span = found.span[i];
        const left = (spans.startNs[span] - range.startNs) * pxPerNs;
        const right = left + found.durationNs[i] * pxPerNs;
        table.strip[i] = found.strip[i];
        table.leftPx[i] = Math.max(left, -outsidePx);
        table.rightPx[i] = Math.min(right, range.widthPx + outsidePx);
        table.name[i] = spans.name[span];
        table.span[i] = span;
        table.slot[i] = toSlot(spans.kind[span], variants[spans.name[span]]);
        table.flags[i] = spans.flags[span] | (hits?.has(span) === true ? boxHitFlag : 0);
      }
      return table;
    },
  };
}

/** Spans that may become boxes, row after row. */
interface Candidates {
  readonly span: number[];
  readonly strip: number[];
  readonly durationNs: number[];
}

/** Appends the spans of the row that are at least `minNs` long and meet the range; descends only into nodes whose longest span is. */
function findWideSpans(
  trace: Trace,
  row: number,
  { startNs, endNs }: PixelRange,
  atLeastNs: number,
  found: Candidates,
): number {
  const {
    spans,
    rows: { first, span, detail },
  } = trace;
  const base = first[row];
  const count = first[row + 1] - base;
  const begin = firstEndingAfter(trace, row, startNs);
  const end = firstStartingAt(trace, row, endNs, begin, count);
  let read = 0;
  const scan = (from: number, to: number): void => {
    for (let position = from; position < to; position++) {
      read++;
      const duration = durationOf(spans, span[base + position]);
      if (duration < atLeastNs) continue;
      found.span.push(span[base + position]);
      found.durationNs.push(duration);
    }
  };
  const firstNode = detail.pyramidFirst[row];
  const nodeCount = detail.pyramidFirst[row + 1] - firstNode;
  if (nodeCount === 0 || end - begin <= 2 * fanOut) {
    scan(begin, end);
    return read;
  }
  const levels = pyramidLevels(firstNode, count);
  const descend = (level: number, node: number): void => {
    const width = fanOut ** (level + 1);
    if ((node + 1) * width <= begin || node * width >= end) return;
    read++;
    if (durationOf(spans, span[base + detail.longest[levels[level].first + node]]) < atLeastNs) return;
    if (level === 0) return scan(Math.max(begin, node * width), Math.min(end, (node + 1) * width));
    const below = Math.min((node + 1) * fanOut, levels[level - 1].size);
    for (let child = node * fanOut; child < below; child++) descend(level - 1, child);
  };
  descend(levels.length - 1, 0);
  return read;
}

interface PyramidLevel {
  readonly first: number;
  readonly size: number;
}

function pyramidLevels(first: number, count: number): readonly PyramidLevel[] {
  const levels: PyramidLevel[] = [];
  for (let size = Math.ceil(count / fanOut); ; size = Math.ceil(size / fanOut)) {
    levels.push({ first, size });
    if (size === 1) return levels;
    first += size;
  }
}

/** First position in [begin, count) whose span starts at or after `timeNs`. */
export function firstStartingAt(
  { spans, rows }: Trace,
  row: number,
  timeNs: number,
  begin: number,
  count: number,
): number {
  const base = rows.first[row];
  let low = begin;
  let high = count;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (spans.startNs[rows.span[base + middle]] < timeNs) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Drops all but the longest `maxBoxes`, in their order; returns the duration that a further one must reach. */
function keepWidest({ span, strip, durationNs }: Candidates): number {
  if (span.length <= maxBoxes) return 0;
  const threshold = nthSmallest(Float64Array.from(durationNs), durationNs.length - maxBoxes);
  let equalLeft = maxBoxes;
  for (const duration of durationNs) if (duration > threshold) equalLeft--;
  let kept = 0;
  for (let i = 0; i < durationNs.length; i++) {
    if (durationNs[i] < threshold || (durationNs[i] === threshold && equalLeft-- <= 0)) continue;
    span[kept] = span[i];
    strip[kept] = strip[i];
    durationNs[kept++] = durationNs[i];
  }
  span.length = strip.length = durationNs.length = kept;
  return threshold;
}

/** The value that would stand at index `n` were `values` sorted. Reorders them; expected O(length). Hoare's selection. */
function nthSmallest(values: Float64Array, n: number): number {
  let begin = 0;
  let end = values.length - 1;
  while (begin < end) {
    const pivot = values[(begin + end) >> 1];
    let left = begin;
    let right = end;
    while (left <= right) {
      while (values[left] < pivot) left++;
      while (values[right] > pivot) right--;
      if (left > right) break;
      const swap = values[left];
      values[left++] = values[right];
      values[right--] = swap;
    }
    if (n <= right) end = right;
    else if (n >= left) begin = left;
    else break;
  }
  return values[n];
}
