import { allocateStaging, releaseStaging } from "./staging-memory.ts";
import { longDuration } from "./trace.ts";
import type { SpanBatch } from "./trace-builder.ts";

const blockBits = 16;
export const blockSize: number = 1 << blockBits;
const blockMask = blockSize - 1;

/**
 * Columns of up to 65,536 spans in the order in which they were pushed: 27 bytes a span, and what few files need.
 * Views have a length of their own, so that they do not follow their buffer.
 */
export class SpanBlock {
  readonly track: Uint32Array = new Uint32Array(allocateStaging(blockSize * 4), 0, blockSize);
  readonly startNs: Float64Array = new Float64Array(allocateStaging(blockSize * 8), 0, blockSize);
  /** `longDuration`: in the list of long ones. */
  readonly packedDurationNs: Uint32Array = new Uint32Array(allocateStaging(blockSize * 4), 0, blockSize);
  readonly name: Uint32Array = new Uint32Array(allocateStaging(blockSize * 4), 0, blockSize);
  readonly sourceLow: Uint32Array = new Uint32Array(allocateStaging(blockSize * 4), 0, blockSize);
  readonly category: Uint16Array = new Uint16Array(allocateStaging(blockSize * 2), 0, blockSize);
  readonly kind: Uint8Array = new Uint8Array(allocateStaging(blockSize), 0, blockSize);
  /* Null while all values are 0. */
  link: Uint32Array | null = null;
  lane: Uint16Array | null = null;
  sourceHigh: Uint8Array | null = null;
  flags: Uint8Array | null = null;

  setLink(slot: number, link: number): void {
    this.link ??= new Uint32Array(allocateStaging(blockSize * 4), 0, blockSize);
    this.link[slot] = link;
  }

  setLinks(links: Uint32Array, slot: number): void {
    this.link ??= new Uint32Array(allocateStaging(blockSize * 4), 0, blockSize);
    this.link.set(links, slot);
  }

  setLane(slot: number, lane: number): void {
    this.lane ??= new Uint16Array(allocateStaging(blockSize * 2), 0, blockSize);
    this.lane[slot] = lane;
  }

  setSourceHigh(slot: number, high: number): void {
    this.sourceHigh ??= new Uint8Array(allocateStaging(blockSize), 0, blockSize);
    this.sourceHigh[slot] = high;
  }

  setFlags(slot: number, flags: number): void {
    this.flags ??= new Uint8Array(allocateStaging(blockSize), 0, blockSize);
    this.flags[slot] = flags;
  }

  /** Gives back what `placeTimes` has read. */
  releaseTimes(): void {
    releaseStaging(this.startNs);
    releaseStaging(this.packedDurationNs);
  }

  /** Gives back what `placeMarks` has read. */
  releaseMarks(): void {
    if (this.lane !== null) releaseStaging(this.lane);
    if (this.flags !== null) releaseStaging(this.flags);
  }

  columns(rows: number): PushedColumns {
    const { track, name, category, kind, sourceLow, sourceHigh, link } = this;
    return { rows, track, name, category, kind, sourceLow, sourceHigh, link };
  }
}

/** Columns of a block that nothing but sealing reads; plain data, so that another thread may take them over. */
export type PushedColumns = Pick<
  SpanBlock,
  "track" | "name" | "category" | "kind" | "sourceLow" | "sourceHigh" | "link"
> & { readonly rows: number };

/** Durations of 4.29 s and more, in push order. */
export interface LongPushed {
  readonly span: readonly number[];
  readonly durationNs: readonly number[];
}

/** Spans as pushed, before they are sorted. Grows by blocks, so that nothing is copied while it grows. */
export class SpanStore {
  #blocks: SpanBlock[] = [];
  #length = 0;
  readonly #long: { span: number[]; durationNs: number[] } = { span: [], durationNs: [] };
  #longInOrder = true;

  get length(): number {
    return this.#length;
  }

  get long(): LongPushed {
    if (!this.#longInOrder) this.#sortLong();
    return this.#long;
  }

  /** Adds a row of zeros and returns its block; `slot(index)` tells where in it. */
  grow(): SpanBlock {
    const block = this.#length >>> blockBits;
    if (block === this.#blocks.length) this.#blocks.push(new SpanBlock());
    this.#length++;
    return this.#blocks[block];
  }

  /** Once a span, when it is known how long it is. */
  setDuration(index: number, durationNs: number): void {
    const isLong = durationNs >= longDuration;
    this.block(index).packedDurationNs[this.slot(index)] = isLong ? longDuration : durationNs;
    if (!isLong) return;
    const { span } = this.#long;
    if (span.length > 0 && index < span[span.length - 1]) this.#longInOrder = false;
    span.push(index);
    this.#long.durationNs.push(durationNs);
  }

  #sortLong(): void {
    const { span, durationNs } = this.#long;
    const order = Uint32Array.from(span, (_, position) => position).sort((a, b) => span[a] - span[b]);
    this.#long.span = Array.from(order, (position) => span[position]);
    this.#long.durationNs = Array.from(order, (position) => durationNs[position]);
    this.#longInOrder = true;
  }

  /** Adds closed spans with durations of at least 0. */
  append(batch: SpanBatch): void {
    for (let from = 0; from < batch.length;) {
      const first = this.#length;
      const at = first & blockMask;
      const count = Math.min(batch.length - from, blockSize - at);
      const block = this.grow();
      this.#length += count - 1;
      const to = from + count;
      block.track.set(batch.track.subarray(from, to), at);
      block.startNs.set(batch.startNs.subarray(from, to), at);
      block.name.set(batch.name.subarray(from, to), at);
      block.category.set(batch.category.subarray(from, to), at);
      block.kind.set(batch.kind.subarray(from, to), at);
      this.#appendTimes(batch, from, count, first);
      appendSparse(batch, from, count, block, at);
      from = to;
    }
  }

  #appendTimes(batch: SpanBatch, from: number, count: number, first: number): void {
    const { packedDurationNs } = this.block(first);
    const { durationNs } = batch;
    const at = this.slot(first);
    for (let i = 0; i < count; i++) {
      const duration = durationNs[from + i];
      if (duration >= longDuration) this.setDuration(first + i, duration);
      else packedDurationNs[at + i] = duration;
    }
  }

  slot(index: number): number {
    return index & blockMask;
  }

  block(index: number): SpanBlock {
    return this.#blocks[index >>> blockBits];
  }

  /** Some span has such a value other than 0. */
  uses(field: "link" | "lane" | "sourceHigh" | "flags"): boolean {
    return this.#blocks.some((block) => block[field] !== null);
  }

  /** All blocks, in push order. */
  columns(): PushedColumns[] {
    const blocks: PushedColumns[] = [];
    this.forEachBlock((block, rows) => blocks.push(block.columns(rows)));
    return blocks;
  }

  /** Calls `visit` with each block and its number of rows, in push order. */
  forEachBlock(visit: (block: SpanBlock, rows: number, first: number) => void): void {
    for (let b = 0; b < this.#blocks.length; b++) {
      visit(this.#blocks[b], Math.min(blockSize, this.#length - b * blockSize), b * blockSize);
    }
  }
}

function appendSparse(batch: SpanBatch, from: number, count: number, block: SpanBlock, at: number): void {
  const { sourceLow } = block;
  const { sourceOffset, link } = batch;
  let highest = 0;
  let links = 0;
  for (let i = 0; i < count; i++) {
    const offset = sourceOffset[from + i];
    if (offset > highest) highest = offset;
    sourceLow[at + i] = offset >>> 0;
    links |= link[from + i];
  }
  if (highest >= 2 ** 32)
    for (let i = 0; i < count; i++)
      if (sourceOffset[from + i] >= 2 ** 32) block.setSourceHigh(at + i, sourceOffset[from + i] / 2 ** 32);
  if (links !== 0) block.setLinks(link.subarray(from, from + count), at);
}
