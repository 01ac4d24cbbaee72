import type { SpanBatch } from "./trace-builder.ts";

const blockBits = 16;
const blockSize = 1 << blockBits;
const blockMask = blockSize - 1;

/** Columns of up to 65,536 spans in the order in which they were pushed. 39 bytes a span. */
class SpanBlock {
  readonly track: Uint32Array = new Uint32Array(blockSize);
  readonly startNs: Float64Array = new Float64Array(blockSize);
  readonly durationNs: Float64Array = new Float64Array(blockSize);
  readonly name: Uint32Array = new Uint32Array(blockSize);
  readonly link: Uint32Array = new Uint32Array(blockSize);
  readonly sourceLow: Uint32Array = new Uint32Array(blockSize);
  readonly category: Uint16Array = new Uint16Array(blockSize);
  readonly lane: Uint16Array = new Uint16Array(blockSize);
  readonly sourceHigh: Uint8Array = new Uint8Array(blockSize);
  readonly kind: Uint8Array = new Uint8Array(blockSize);
  readonly flags: Uint8Array = new Uint8Array(blockSize);
}

export type SpanField = keyof SpanBlock;

/** Spans as pushed, before they are sorted. Grows by blocks, so that nothing is copied while it grows. */
export class SpanStore {
  #blocks: SpanBlock[] = [];
  #length = 0;

  get length(): number {
    return this.#length;
  }

  /** Adds a row of zeros and returns its block; `slot(index)` tells where in it. */
  grow(): SpanBlock {
    const block = this.#length >>> blockBits;
    if (block === this.#blocks.length) this.#blocks.push(new SpanBlock());
    this.#length++;
    return this.#blocks[block];
  }

  /** Adds closed spans with durations of at least 0; returns whether any has a link. */
  append(batch: SpanBatch): boolean {
    let linked = false;
    for (let from = 0; from < batch.length;) {
      const at = this.#length & blockMask;
      const count = Math.min(batch.length - from, blockSize - at);
      const block = this.grow();
      this.#length += count - 1;
      const to = from + count;
      block.track.set(batch.track.subarray(from, to), at);
      block.startNs.set(batch.startNs.subarray(from, to), at);
      block.durationNs.set(batch.durationNs.subarray(from, to), at);
      block.name.set(batch.name.subarray(from, to), at);
      block.category.set(batch.category.subarray(from, to), at);
      block.kind.set(batch.kind.subarray(from, to), at);
      block.link.set(batch.link.subarray(from, to), at);
      for (let i = 0; i < count; i++) {
        const offset = batch.sourceOffset[from + i];
        block.sourceLow[at + i] = offset >>> 0;
        block.sourceHigh[at + i] = offset / 2 ** 32;
        if (batch.link[from + i] !== 0) linked = true;
      }
      from = to;
    }
    return linked;
  }

  slot(index: number): number {
    return index & blockMask;
  }

  block(index: number): SpanBlock {
    return this.#blocks[index >>> blockBits];
  }

  /** Writes `field` of the spans `order[0 … n)` to `target`, in that order. */
  gather(field: SpanField, order: Uint32Array, target: { [index: number]: number }): void {
    const columns = this.#blocks.map((block) => block[field]);
    for (let i = 0; i < order.length; i++) {
      const span = order[i];
      target[i] = columns[span >>> blockBits][span & blockMask];
    }
  }

  /** Calls `visit` with each block and its number of rows, in push order. */
  forEachBlock(visit: (block: SpanBlock, rows: number, first: number) => void): void {
    for (let b = 0; b < this.#blocks.length; b++) {
      visit(this.#blocks[b], Math.min(blockSize, this.#length - b * blockSize), b * blockSize);
    }
  }
}
