import { fanOut } from "../model/level-of-detail.ts";
import { durationOf, type Trace } from "../model/trace.ts";
import type { RowBlocks } from "./row-blocks.ts";
import { firstEndingAfter, type PixelRange } from "./row-raster.ts";
import { boxHitFlag, maxBoxes, type BoxTable, type Hits } from "./view.ts";

/** Collects wide spans of single rows and keeps the widest. */
export interface BoxCollector {
  addRow(strip: number, row: number): void;
  finish(): { readonly boxes: BoxTable; readonly read: number };
}

/** How far boxes reach out of the picture, so that their edges are not seen when they lie outside. */
const outsidePx = 8;

/** What boxes are collected from, and for. */
interface BoxSource {
  readonly trace: Trace;
  readonly blocks: RowBlocks;
  readonly range: PixelRange;
  readonly hits: Hits | null;
}

export function createBoxCollector({ trace, blocks, range, hits }: BoxSource, minBoxPx: number): BoxCollector {
  const pxPerNs = range.widthPx / (range.endNs - range.startNs);
  const rows: RowInView[] = [];
  return {
    addRow(strip, row) {
      const count = trace.rows.first[row + 1] - trace.rows.first[row];
      const begin = firstEndingAfter(trace, row, range.startNs);
      rows.push({ strip, row, begin, end: firstStartingAt(trace, row, range.endNs, begin, count) });
    },
    finish() {
      const found: Candidates = { span: [], strip: [], durationNs: [] };
      let minNs = minBoxPx / pxPerNs;
      let read = 0;
      // Rows of few spans first: theirs are the longest, and what the crowded rows must exceed rises early.
      for (const row of rows.toSorted((a, b) => a.end - a.begin - (b.end - b.begin))) {
        read += findWideSpans({ trace, blocks }, row, minNs, found);
        if (found.span.length > 2 * maxBoxes) minNs = Math.max(minNs, keepWidest(found));
      }
      keepWidest(found);
      return { boxes: toTable(trace, range, found, hits), read };
    },
  };
}

/** A row and the positions of its spans that meet the range. */
interface RowInView {
  readonly strip: number;
  readonly row: number;
  readonly begin: number;
  readonly end: number;
}

/** Boxes in the order of their strips, those of a strip in time order. */
function toTable({ spans }: Trace, range: PixelRange, found: Candidates, hits: Hits | null): BoxTable {
  const n = found.span.length;
  const order = Uint32Array.from({ length: n }, (_, i) => i).sort((a, b) => found.strip[a] - found.strip[b] || a - b);
  const pxPerNs = range.widthPx / (range.endNs - range.startNs);
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
    const from = order[i];
    const span = found.span[from];
    const left = (spans.startNs[span] - range.startNs) * pxPerNs;
    const right = left + found.durationNs[from] * pxPerNs;
    table.strip[i] = found.strip[from];
    table.leftPx[i] = Math.max(left, -outsidePx);
    table.rightPx[i] = Math.min(right, range.widthPx + outsidePx);
    table.name[i] = spans.name[span];
    table.span[i] = span;
    table.slot[i] = spans.slot[span];
    table.flags[i] = spans.flags[span] | (hits?.has(span) === true ? boxHitFlag : 0);
  }
  return table;
}

/** Spans that may become boxes, row after row. */
interface Candidates {
  readonly span: number[];
  readonly strip: number[];
  readonly durationNs: number[];
}

/** float32 durations of nodes may be this much too short. */
const float32Slack = 1 + 2 ** -23;

/** Appends the spans of the row in view that are at least `atLeastNs` long; descends only into nodes whose longest span is. */
function findWideSpans(
  { trace, blocks }: Pick<BoxSource, "trace" | "blocks">,
  { strip, row, begin, end }: RowInView,
  atLeastNs: number,
  found: Candidates,
): number {
  const {
    spans,
    rows: { first, span, detail },
  } = trace;
  const base = first[row];
  const count = first[row + 1] - base;
  let read = 0;
  const scan = (from: number, to: number): void => {
    read += Math.max(0, to - from);
    for (let position = from; position < to;) {
      // A few spans here and there are not worth a copy.
      const block = to - from > 2 * fanOut ? blocks.of(row, position) : blocks.kept(row, position);
      const last = Math.min(to, block === null ? to : block.first + block.length);
      for (; position < last; position++) {
        const duration =
          block === null ? durationOf(spans, span[base + position]) : block.durationNs[position - block.first];
        if (duration < atLeastNs) continue;
        found.span.push(span[base + position]);
        found.strip.push(strip);
        found.durationNs.push(duration);
      }
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
    if (detail.longestNs[levels[level].first + node] * float32Slack < atLeastNs) return;
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
