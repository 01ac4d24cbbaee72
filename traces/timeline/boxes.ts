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
  const minNs = minBoxPx / pxPerNs;
  const spanIds: number[] = [];
  const strips: number[] = [];

  return {
    addRow(strip, row) {
      const before = spanIds.length;
      const read = findWideSpans(trace, row, range, minNs, spanIds);
      for (let i = before; i < spanIds.length; i++) strips.push(strip);
      return read;
    },
    finish() {
      const kept = keepWidest(trace, spanIds);
      const n = kept.length;
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
        const span = spanIds[kept[i]];
        const left = (spans.startNs[span] - range.startNs) * pxPerNs;
        const right = left + durationOf(spans, span) * pxPerNs;
        table.strip[i] = strips[kept[i]];
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

/** Appends the spans of the row that are at least `minNs` long and meet the range; descends only into nodes whose longest span is. */
function findWideSpans(
  trace: Trace,
  row: number,
  { startNs, endNs }: PixelRange,
  atLeastNs: number,
  found: number[],
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
      if (durationOf(spans, span[base + position]) >= atLeastNs) found.push(span[base + position]);
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

/** Indexes of the longest `maxBoxes` of `spanIds`, in their order. */
function keepWidest({ spans }: Trace, spanIds: readonly number[]): Uint32Array {
  const all = Uint32Array.from(spanIds, (_, i) => i);
  if (all.length <= maxBoxes) return all;
  const durations = new Float64Array(spanIds.length);
  for (let i = 0; i < durations.length; i++) durations[i] = durationOf(spans, spanIds[i]);
  const threshold = nthSmallest(durations.slice(), durations.length - maxBoxes);
  let equalLeft = maxBoxes;
  for (let i = 0; i < durations.length; i++) if (durations[i] > threshold) equalLeft--;
  return all.filter((i) => durations[i] > threshold || (durations[i] === threshold && equalLeft-- > 0));
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
