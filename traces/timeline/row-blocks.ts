import { durationOf, longDuration, type Trace } from "../model/trace.ts";

/** Positions of a row per block. */
const blockSpans = 4096;

/** Spans whose times are kept: 16 B each, 32 MiB in all. */
const keptSpans = 2 ** 21;

/** Rows up to this many spans are copied anew each time: the copy costs less than its place. */
const smallRowSpans = 256;

/** Times of the spans at positions [first, first + length) of a row, side by side in memory. */
export interface RowBlock {
  readonly first: number;
  readonly length: number;
  readonly startNs: Float64Array;
  readonly durationNs: Float64Array;
}

/** The times of a trace in the order of its rows, a block at a time. */
export interface RowBlocks {
  /** The block that holds a position of a row. Valid until the next call. */
  of(row: number, position: number): RowBlock;
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
  const kept = new Map<number, RowBlock>();
  const scratch = createBlock(smallRowSpans);
  let keptCount = 0;
  const copy = (row: number, first: number, length: number, into: Times): RowBlock => {
    copyTimes(trace, rows.first[row] + first, length, into);
    return { first, length, ...into };
  };
  return {
    of(row, position) {
      const count = rows.first[row + 1] - rows.first[row];
      if (count <= smallRowSpans) return copy(row, 0, count, scratch);
      const first = position - (position % blockSpans);
      const key = rows.first[row] + first;
      const found = kept.get(key);
      if (found !== undefined) {
        kept.delete(key);
        kept.set(key, found);
        return found;
      }
      const length = Math.min(blockSpans, count - first);
      const block = copy(row, first, length, createBlock(length));
      kept.set(key, block);
      keptCount += length;
      for (const [oldest, { length: dropped }] of kept) {
        if (keptCount <= keptSpans) break;
        kept.delete(oldest);
        keptCount -= dropped;
      }
      return block;
    },
    kept: (row, position) => kept.get(rows.first[row] + position - (position % blockSpans)) ?? null,
  };
}

interface Times {
  readonly startNs: Float64Array;
  readonly durationNs: Float64Array;
}

const createBlock = (length: number): Times => ({
  startNs: new Float64Array(length),
  durationNs: new Float64Array(length),
});

/** Copies the times of `length` spans, from index `from` of `rows.span` on. */
function copyTimes({ spans, rows }: Trace, from: number, length: number, { startNs, durationNs }: Times): void {
  for (let i = 0; i < length; i++) {
    const span = rows.span[from + i];
    const packed = spans.packedDurationNs[span];
    startNs[i] = spans.startNs[span];
    durationNs[i] = packed === longDuration ? durationOf(spans, span) : packed;
  }
}
