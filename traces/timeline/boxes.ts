import { fanOut } from "../model/level-of-detail.ts";
import { flagsOf, durationOf, type Trace } from "../model/trace.ts";
import type { RowBlocks } from "./row-blocks.ts";
import type { RowRange } from "./row-range.ts";
import type { PixelRange } from "./row-raster.ts";
import { boxHitFlag, maxBoxes, type BoxTable, type Hits } from "./view.ts";

/** Collects wide spans of single rows and keeps the widest. */
export interface BoxCollector {
  addRow(strip: number, place: RowRange): void;
  finish(): { readonly boxes: BoxTable; readonly read: number };
}

/** Candidates above `maxBoxes` after which the shortest are dropped: the sooner, the fewer spans are looked at. */
const spareBoxes = maxBoxes / 4;

/** How far boxes reach out of the picture, so that their edges are not seen when they lie outside. */
const outsidePx = 8;

/** What boxes are collected from, and for. */
interface BoxSource {
  readonly trace: Trace;
  readonly blocks: RowBlocks;
  readonly range: PixelRange;
  readonly hits: Hits | null;
  readonly stripCount: number;
}

export function createBoxCollector(source: BoxSource, minBoxPx: number): BoxCollector {
  const { range } = source;
  const pxPerNs = range.widthPx / (range.endNs - range.startNs);
  const rows: RowInView[] = [];
  return {
    addRow(strip, place) {
      if (place.begin < place.end) rows.push({ strip, ...place });
    },
    finish() {
      const found: Candidates = { span: [], strip: [], startNs: [], durationNs: [] };
      let minNs = minBoxPx / pxPerNs;
      let read = 0;
      // Rows of few spans first: theirs are the longest, and what the crowded rows must exceed rises early.
      for (const row of rows.toSorted((a, b) => a.end - a.begin - (b.end - b.begin))) {
        read += findWideSpans(source, row, minNs, found);
        if (found.span.length > maxBoxes + spareBoxes) minNs = Math.max(minNs, keepWidest(found));
      }
      keepWidest(found);
      return { boxes: toTable(source, found), read };
    },
  };
}

interface RowInView extends RowRange {
  readonly strip: number;
}

/** Boxes in the order of their strips, those of a strip in time order. */
function toTable({ trace: { spans }, range, hits, stripCount }: BoxSource, found: Candidates): BoxTable {
  const n = found.span.length;
  // All boxes of a strip come from one row, in order: counting is enough to sort them.
  const next = new Uint32Array(stripCount + 1);
  for (let i = 0; i < n; i++) next[found.strip[i] + 1]++;
  for (let strip = 0; strip < stripCount; strip++) next[strip + 1] += next[strip];
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
  for (let from = 0; from < n; from++) {
    const i = next[found.strip[from]]++;
    const span = found.span[from];
    const left = (found.startNs[from] - range.startNs) * pxPerNs;
    const right = left + found.durationNs[from] * pxPerNs;
    table.strip[i] = found.strip[from];
    table.leftPx[i] = Math.max(left, -outsidePx);
    table.rightPx[i] = Math.min(right, range.widthPx + outsidePx);
    table.name[i] = spans.name[span];
    table.span[i] = span;
    table.slot[i] = spans.slot[span];
    table.flags[i] = flagsOf(spans, span) | (hits?.has(span) === true ? boxHitFlag : 0);
  }
  return table;
}

/** Spans that may become boxes, row after row. */
interface Candidates {
  readonly span: number[];
  readonly strip: number[];
  readonly startNs: number[];
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
      const block = to - from > 2 * fanOut ? blocks.of(row, position, to) : blocks.kept(row, position);
      const last = Math.min(to, block === null ? to : block.first + block.length);
      for (; position < last; position++) {
        const at = span[base + position];
        const inBlock = block === null ? 0 : position - block.first;
        const duration = block === null ? durationOf(spans, at) : block.durationNs[inBlock];
        if (duration < atLeastNs) continue;
        found.span.push(at);
        found.strip.push(strip);
        found.startNs.push(block === null ? spans.startNs[at] : block.startNs[inBlock]);
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

/** Drops all but the longest `maxBoxes`, in their order; returns the duration that a further one must reach. */
function keepWidest({ span, strip, startNs, durationNs }: Candidates): number {
  if (span.length <= maxBoxes) return 0;
  const threshold = nthSmallest(new Float64Array(durationNs), durationNs.length - maxBoxes);
  let equalLeft = maxBoxes;
  for (const duration of durationNs) if (duration > threshold) equalLeft--;
  let kept = 0;
  for (let i = 0; i < durationNs.length; i++) {
    if (durationNs[i] < threshold || (durationNs[i] === threshold && equalLeft-- <= 0)) continue;
    span[kept] = span[i];
    strip[kept] = strip[i];
    startNs[kept] = startNs[i];
    durationNs[kept++] = durationNs[i];
  }
  span.length = strip.length = startNs.length = durationNs.length = kept;
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
