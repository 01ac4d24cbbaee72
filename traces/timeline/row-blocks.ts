import { durationOf, longDuration, type Trace } from "../model/trace.ts";

/** Positions of a row per block. */
const blockSpans = 1024;

/** Spans whose times are kept: 17 B each, 34 MiB in all. */
const keptSpans = 2 ** 21;

/** As many spans in view, or fewer, are copied anew each time: that costs less than a whole block. */
const fewSpans = 128;

/** What is drawn of the spans at positions [first, first + length) of a row, side by side in memory. */
export interface RowBlock extends Times {
  readonly first: number;
  readonly length: number;
}

/** The times of a trace in the order of its rows, a block at a time. */
export interface RowBlocks {
  /**
   * A block that holds the position of a row. Of spans from there to `end` no others are wanted: where these are few,
   * the block holds them alone and is valid until the next call.
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
  const kept = new Map<number, RowBlock>();
  let keptCount = 0;
  const scratch = createTimes(fewSpans);
  const copy = (row: number, first: number, length: number, into: Times): RowBlock => {
    copyTimes(trace, rows.first[row] + first, length, into);
    return { first, length, ...into };
  };
  return {
    of(row, position, end) {
      if (end - position <= fewSpans) return copy(row, position, end - position, scratch);
      const count = rows.first[row + 1] - rows.first[row];
      const first = position - (position % blockSpans);
      const key = rows.first[row] + first;
      const found = kept.get(key);
      if (found !== undefined) {
        kept.delete(key);
        kept.set(key, found);
        return found;
      }
      const length = Math.min(blockSpans, count - first);
      const block = copy(row, first, length, createTimes(length));
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
  readonly slot: Uint8Array;
}

const createTimes = (length: number): Times => ({
  startNs: new Float64Array(length),
  durationNs: new Float64Array(length),
  slot: new Uint8Array(length),
});

/** Copies `length` spans, from index `from` of `rows.span` on. */
function copyTimes({ spans, rows }: Trace, from: number, length: number, { startNs, durationNs, slot }: Times): void {
  for (let i = 0; i < length; i++) {
    const span = rows.span[from + i];
    const packed = spans.packedDurationNs[span];
    startNs[i] = spans.startNs[span];
    durationNs[i] = packed === longDuration ? durationOf(spans, span) : packed;
    slot[i] = spans.slot[span];
  }
}
