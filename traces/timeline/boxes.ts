import { fanOut } from "../model/level-of-detail.ts";
import { flagsOf, durationOf, type Trace } from "../model/trace.ts";
import type { RowBlocks } from "./row-blocks.ts";
import type { RowRange } from "./row-range.ts";
import { noWideSpans, type PixelRange, type WideSpans } from "./row-raster.ts";
import { boxHitFlag, maxBoxes, type BoxTable, type Hits } from "./view.ts";

/** Collects wide spans of single rows and keeps the widest. */
export interface BoxCollector {
  /** A row whose wide spans are looked for at the end. */
  addRow(strip: number, place: RowRange): void;
  /** A row that `draw` draws from span to span: it tells of the wide ones on the way. Returns what `draw` returns. */
  addDrawnRow(strip: number, place: RowRange, draw: (wide: WideSpans) => number): number;
  finish(): { readonly boxes: BoxTable; readonly read: number };
}

/** As many candidates, and the shortest are dropped: the sooner, the fewer spans are looked at. */
const mostCandidates = maxBoxes * 1.5;

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
  const { range, trace } = source;
  const pxPerNs = range.widthPx / (range.endNs - range.startNs);
  const rows: RowInView[] = [];
  const found = new Candidates(minBoxPx / pxPerNs);
  const addRow = (strip: number, place: RowRange): void => {
    if (place.begin < place.end) rows.push({ strip, ...place });
  };
  /** What may lie with its visible part inside one pixel. */
  const addAtEdge = (row: number, position: number): void => {
    const span = trace.rows.span[trace.rows.first[row] + position];
    const duration = durationOf(trace.spans, span);
    if (duration >= found.leastNs) found.add(span, trace.spans.startNs[span], duration, trace.spans.slot[span]);
  };
  return {
    addRow,
    addDrawnRow(strip, place, draw) {
      // Only what is wider than a pixel is sure to be told of.
      if (minBoxPx <= 1) {
        addRow(strip, place);
        return draw(noWideSpans);
      }
      if (place.begin >= place.end) return 0;
      found.openStrip(strip);
      addAtEdge(place.row, place.begin);
      const read = draw(found);
      addAtEdge(place.row, place.end - 1);
      return read;
    },
    finish() {
      let read = 0;
      found.keepWidest();
      // Rows of few spans first: theirs are the longest, and what the crowded rows must exceed rises early.
      for (const row of rows.toSorted((a, b) => a.end - a.begin - (b.end - b.begin))) {
        found.openStrip(row.strip);
        read += findWideSpans(source, row, found);
      }
      found.keepWidest();
      return { boxes: toTable(source, found), read };
    },
  };
}

interface RowInView extends RowRange {
  readonly strip: number;
}

/** Boxes in the order of their strips, those of a strip in time order. */
function toTable({ trace: { spans }, range, hits, stripCount }: BoxSource, found: Candidates): BoxTable {
  const n = found.length;
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
    table.slot[i] = found.slot[from];
    table.flags[i] = flagsOf(spans, span) | (hits?.has(span) === true ? boxHitFlag : 0);
  }
  return table;
}

/** Spans that may become boxes: strip after strip, those of a strip in time order. */
class Candidates implements WideSpans {
  readonly span: Uint32Array = new Uint32Array(mostCandidates);
  readonly strip: Uint16Array = new Uint16Array(mostCandidates);
  readonly startNs: Float64Array = new Float64Array(mostCandidates);
  readonly durationNs: Float64Array = new Float64Array(mostCandidates);
  readonly slot: Uint8Array = new Uint8Array(mostCandidates);
  length = 0;
  leastNs: number;
  #openStrip = 0;
  #last = -1;

  constructor(leastNs: number) {
    this.leastNs = leastNs;
  }

  /** What is added from now on belongs to this strip. */
  openStrip(strip: number): void {
    this.#openStrip = strip;
    this.#last = -1;
  }

  add(span: number, startNs: number, durationNs: number, slot: number): number {
    if (span === this.#last) return this.leastNs;
    this.#last = span;
    if (this.length === mostCandidates) this.keepWidest();
    this.span[this.length] = span;
    this.strip[this.length] = this.#openStrip;
    this.startNs[this.length] = startNs;
    this.durationNs[this.length] = durationNs;
    this.slot[this.length++] = slot;
    return this.leastNs;
  }

  /** Drops all but the longest `maxBoxes`, in their order; further ones must be as long as the shortest of these. */
  keepWidest(): void {
    const { length, span, strip, startNs, durationNs, slot } = this;
    if (length <= maxBoxes) return;
    const threshold = nthSmallest(durationNs.slice(0, length), length - maxBoxes);
    let equalLeft = maxBoxes;
    for (let i = 0; i < length; i++) if (durationNs[i] > threshold) equalLeft--;
    let kept = 0;
    for (let i = 0; i < length; i++) {
      if (durationNs[i] < threshold || (durationNs[i] === threshold && equalLeft-- <= 0)) continue;
      span[kept] = span[i];
      strip[kept] = strip[i];
      startNs[kept] = startNs[i];
      slot[kept] = slot[i];
      durationNs[kept++] = durationNs[i];
    }
    this.length = kept;
    this.leastNs = threshold;
  }
}

/** float32 durations of nodes may be this much too short. */
const float32Slack = 1 + 2 ** -23;

/** Appends the spans of the row in view that are long enough; descends only into nodes whose longest span is. */
function findWideSpans(
  { trace, blocks }: Pick<BoxSource, "trace" | "blocks">,
  { row, begin, end }: RowInView,
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
        if (duration < found.leastNs) continue;
        found.add(at, block === null ? spans.startNs[at] : block.startNs[inBlock], duration, spans.slot[at]);
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
    if (detail.longestNs[levels[level].first + node] * float32Slack < found.leastNs) return;
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
