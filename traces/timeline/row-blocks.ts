import { durationOf, longDuration, type Trace } from "../model/trace.ts";

/** Positions of a row per block. */
const blockSpans = 1024;

/** Blocks kept: 17 B a span, 34 MiB in all. */
const mostBlocks = 2048;

/** Blocks whose memory is taken at once. Fresh memory costs more than the copy that goes there, so it is used again. */
const blocksAtOnce = 64;

/** As many spans in view, or fewer, are copied anew each time: that costs less than a whole block. */
const fewSpans = 128;

/** What is drawn of the spans at positions [first, first + length) of a row, side by side in memory. */
export interface RowBlock {
  readonly first: number;
  readonly length: number;
  readonly startNs: Float64Array;
  readonly durationNs: Float64Array;
  readonly slot: Uint8Array;
}

/** The times of a trace in the order of its rows, a block at a time. */
export interface RowBlocks {
  /**
   * A block that holds the position of a row, valid until the next call. Of spans from there to `end` no others are
   * wanted: where these are few, the block holds them alone.
   */
  of(row: number, position: number, end: number): RowBlock;
  /** The same block if it is kept; null where it would have to be copied. */
  kept(row: number, position: number): RowBlock | null;
}

/**
 * Spans are stored in the order of their track, so those of a shallow row lie far apart: each read is a cache miss, and
 * at 10 M spans these misses were most of the time of a picture. Views move little from one to the next, so the blocks
 * they need are copied once and kept, the least recently used dropped first.
 */
export function createRowBlocks(trace: Trace): RowBlocks {
  const { rows } = trace;
  // By where the block starts in `rows.span`: no two rows share a place there.
  const kept = new Map<number, OpenBlock>();
  const unused: OpenBlock[] = [];
  const scratch = createBlocks(1, fewSpans)[0];
  let made = 0;
  const takeBlock = (): OpenBlock => {
    if (unused.length === 0 && made < mostBlocks) {
      unused.push(...createBlocks(blocksAtOnce, blockSpans));
      made += blocksAtOnce;
    }
    const block = unused.pop();
    if (block !== undefined) return block;
    for (const [oldest, reused] of kept) {
      kept.delete(oldest);
      return reused;
    }
    throw new Error("no block is kept and none can be made");
  };
  return {
    of(row, position, end) {
      if (end - position <= fewSpans) {
        fillBlock(trace, rows.first[row], position, end - position, scratch);
        return scratch;
      }
      const first = position - (position % blockSpans);
      const key = rows.first[row] + first;
      let block = kept.get(key);
      if (block === undefined) {
        block = takeBlock();
        fillBlock(trace, rows.first[row], first, Math.min(blockSpans, rows.first[row + 1] - key), block);
      } else kept.delete(key);
      kept.set(key, block);
      return block;
    },
    kept: (row, position) => kept.get(rows.first[row] + position - (position % blockSpans)) ?? null,
  };
}

interface OpenBlock extends RowBlock {
  first: number;
  length: number;
}

/** Blocks for `length` spans each, in one piece of memory. */
function createBlocks(count: number, length: number): OpenBlock[] {
  const startNs = new Float64Array(count * length);
  const durationNs = new Float64Array(count * length);
  const slot = new Uint8Array(count * length);
  return Array.from({ length: count }, (_, index) => {
    const begin = index * length;
    const end = begin + length;
    return {
      first: 0,
      length: 0,
      startNs: startNs.subarray(begin, end),
      durationNs: durationNs.subarray(begin, end),
      slot: slot.subarray(begin, end),
    };
  });
}

/** Copies `length` spans from position `first` of the row that starts at `rowFirst`. */
function fillBlock({ spans, rows }: Trace, rowFirst: number, first: number, length: number, block: OpenBlock): void {
  const { startNs, durationNs, slot } = block;
  block.first = first;
  block.length = length;
  const from = rowFirst + first;
  for (let i = 0; i < length; i++) {
    const span = rows.span[from + i];
    const packed = spans.packedDurationNs[span];
    startNs[i] = spans.startNs[span];
    durationNs[i] = packed === longDuration ? durationOf(spans, span) : packed;
    slot[i] = spans.slot[span];
  }
}
