import { type Allocate, type Column, lowerBound } from "./column.ts";
import { FittedColumn } from "./fitted-column.ts";
import type { LedgerLine } from "./ledger.ts";
import { sortStable } from "./row-order.ts";
import { allocateStaging, releaseMoved, releaseStaging } from "./staging-memory.ts";
import { endOf, type FlowTable, type SpanTable, type SpanTimes } from "./trace.ts";
import type { FlowEndBatch } from "./trace-builder.ts";

export const FlowRole = { start: 0, step: 1, end: 2 } as const;

/** Arrows between pushed spans, in push order. */
export class DirectFlows {
  readonly from: number[] = [];
  readonly to: number[] = [];
  readonly name: number[] = [];
}

/** What an end belongs to; numbers from 0 on are spans by the order in which they were pushed. */
export const FlowBind = { enclosing: -1, next: -2 } as const;
const named = 0;

const blockBits = 14;
const blockSize = 1 << blockBits;
const blockMask = blockSize - 1;

/** 26 bytes an end. */
class FlowBlock {
  readonly key: Float64Array = new Float64Array(allocateStaging(blockSize * 8), 0, blockSize);
  readonly timeNs: Float64Array = new Float64Array(allocateStaging(blockSize * 8), 0, blockSize);
  readonly track: Uint32Array = new Uint32Array(allocateStaging(blockSize * 4), 0, blockSize);
  readonly name: Uint32Array = new Uint32Array(allocateStaging(blockSize * 4), 0, blockSize);
  /** `FlowBind`, or `named`. */
  readonly bind: Int8Array = new Int8Array(allocateStaging(blockSize), 0, blockSize);
  /** Null where no end names its span. */
  span: Int32Array | null = null;
  readonly role: Uint8Array = new Uint8Array(allocateStaging(blockSize), 0, blockSize);
}

/** Ends of arrows in push order. Grows by blocks, so that nothing is copied while it grows. */
export class FlowEnds {
  #blocks: FlowBlock[] = [];
  length = 0;
  /** Some end names its span. */
  namesSpans = false;

  add(key: number, role: number, track: number, timeNs: number, name: number, bind: number): void {
    const slot = this.length & blockMask;
    if (slot === 0) this.#blocks.push(new FlowBlock());
    const block = this.#blocks[this.length >>> blockBits];
    this.length++;
    block.key[slot] = key;
    block.role[slot] = role;
    block.track[slot] = track;
    block.timeNs[slot] = timeNs;
    block.name[slot] = name;
    block.bind[slot] = Math.min(bind, named);
    if (bind < 0) return;
    this.namesSpans = true;
    block.span ??= new Int32Array(allocateStaging(blockSize * 4), 0, blockSize);
    block.span[slot] = bind;
  }

  append(batch: FlowEndBatch): void {
    for (let from = 0; from < batch.length;) {
      const at = this.length & blockMask;
      if (at === 0) this.#blocks.push(new FlowBlock());
      const block = this.#blocks[this.length >>> blockBits];
      const to = from + Math.min(batch.length - from, blockSize - at);
      block.key.set(batch.key.subarray(from, to), at);
      block.role.set(batch.role.subarray(from, to), at);
      block.track.set(batch.track.subarray(from, to), at);
      block.timeNs.set(batch.timeNs.subarray(from, to), at);
      block.name.set(batch.name.subarray(from, to), at);
      block.bind.set(batch.bind.subarray(from, to), at);
      this.length += to - from;
      from = to;
    }
  }

  block(end: number): FlowBlock {
    return this.#blocks[end >>> blockBits];
  }

  slot(end: number): number {
    return end & blockMask;
  }

  /** In one column; the memory that they had is given back. */
  takeKeys(): Float64Array {
    const keys = new Float64Array(this.#blocks.length << blockBits);
    this.#blocks.forEach((block, b) => {
      keys.set(block.key, b << blockBits);
      releaseStaging(block.key);
    });
    return keys.subarray(0, this.length);
  }

  /** Gives back everything but the length. */
  release(): void {
    for (const block of this.#blocks)
      for (const column of Object.values(block) as (Int32Array | null)[]) if (column !== null) releaseStaging(column);
    this.#blocks = [];
  }
}

/**
 * Takes the direct arrows over (between sealed spans), then chains the ends of equal key in time order (start before
 * step before end at one instant) and binds each to a span: the innermost one that encloses its time on its track, the
 * next one that starts there, or the one it names. `sealedSpans`: SpanIds by push order; asked for only where an end
 * names a span.
 */
export function resolveFlows(
  ends: FlowEnds | null,
  direct: DirectFlows,
  spans: NestedSpans,
  firsts: Uint32Array,
  originNs: number,
  allocate: Allocate,
  sealedSpans: Uint32Array | null,
): { table: FlowTable; notes: readonly LedgerLine[] } {
  const most = direct.from.length + (ends?.length ?? 0);
  const arrows: Arrows = {
    length: direct.from.length,
    from: new Uint32Array(most),
    to: new Uint32Array(most),
    name: new Uint32Array(most),
  };
  arrows.from.set(direct.from);
  arrows.to.set(direct.to);
  arrows.name.set(direct.name);
  const dangling =
    ends === null || ends.length === 0 ? 0 : chain(ends, createBinder(spans, firsts, originNs, sealedSpans), arrows);
  const column = (values: Uint32Array): Uint32Array => {
    const target = new Uint32Array(allocate(arrows.length * 4));
    target.set(values.subarray(0, arrows.length));
    return target;
  };
  const name = new FittedColumn(arrows.length, allocate);
  for (let i = 0; i < arrows.length; i++) {
    name.fit(arrows.name[i]);
    name.values[i] = arrows.name[i];
  }
  const table = { length: arrows.length, from: column(arrows.from), to: column(arrows.to), name: name.values };
  releaseMoved([arrows.from, arrows.to, arrows.name]);
  const notes: LedgerLine[] =
    dangling === 0
      ? []
      : [
          {
            level: "info",
            code: "danglingFlows",
            message: "flow ends without a partner or without a span to hold them",
            count: dangling,
            firstBytes: [],
          },
        ];
  return { table, notes };
}

type NestedSpans = SpanTimes & Pick<SpanTable, "parent" | "lane">;

interface Arrows {
  length: number;
  readonly from: Uint32Array;
  readonly to: Uint32Array;
  readonly name: Uint32Array;
}

type Binder = (bind: number, track: number, timeNs: number) => number;

/** Adds the arrows between ends of equal key; returns how many ends have no partner or no span. */
function chain(ends: FlowEnds, spanOf: Binder, arrows: Arrows): number {
  const keys = ends.takeKeys();
  const order = chainOrder(ends, keys);
  let dangling = 0;
  let previous = -1;
  let chainKey = NaN;
  /** A start that nothing follows: 0 or 1. */
  let alone = 0;
  for (let i = 0; i < order.length; i++) {
    const end = order[i];
    const block = ends.block(end);
    const slot = ends.slot(end);
    const role = block.role[slot];
    if (keys[end] !== chainKey || role === FlowRole.start) {
      dangling += alone;
      previous = -1;
      alone = 0;
    }
    chainKey = keys[end];
    const span = spanOf(boundTo(block, slot), block.track[slot], block.timeNs[slot]);
    if (span < 0 || (role !== FlowRole.start && previous < 0)) dangling++;
    else if (previous < 0) alone = 1;
    else {
      alone = 0;
      arrows.from[arrows.length] = previous;
      arrows.to[arrows.length] = span;
      arrows.name[arrows.length++] = block.name[slot];
    }
    // Several ends may share one start (a launch with several device events): only a step moves the chain on.
    if (span >= 0 && role !== FlowRole.end) previous = span;
  }
  releaseMoved([keys, order]);
  return dangling + alone;
}

/** `FlowBind`, or the pushed span that the end names. */
const boundTo = ({ bind, span }: FlowBlock, slot: number): number =>
  bind[slot] === named ? (span?.[slot] ?? -1) : bind[slot];

/** Ends by key, time, role and push order. */
function chainOrder(ends: FlowEnds, keys: Float64Array): Uint32Array {
  const order = new Uint32Array(ends.length);
  for (let i = 0; i < order.length; i++) order[i] = i;
  sortStable(order, keys);
  for (let begin = 0; begin < order.length;) {
    const key = keys[order[begin]];
    let end = begin + 1;
    while (end < order.length && keys[order[end]] === key) end++;
    if (end - begin > 1) sortChain(order, begin, end, ends);
    begin = end;
  }
  return order;
}

/** Sorts ends [begin, end) of `order`, of one key and in push order, by time and role; nearly all are sorted already. */
function sortChain(order: Uint32Array, begin: number, end: number, ends: FlowEnds): void {
  let lastTime = -Infinity;
  let lastRole = 0;
  let sorted = true;
  for (let i = begin; i < end; i++) {
    const block = ends.block(order[i]);
    const slot = ends.slot(order[i]);
    const time = block.timeNs[slot];
    const role = block.role[slot];
    if (time < lastTime || (time === lastTime && role < lastRole)) sorted = false;
    lastTime = time;
    lastRole = role;
  }
  if (sorted) return;
  const timeOf = (each: number): number => ends.block(each).timeNs[ends.slot(each)];
  const roleOf = (each: number): number => ends.block(each).role[ends.slot(each)];
  order.subarray(begin, end).sort((a, b) => timeOf(a) - timeOf(b) || roleOf(a) - roleOf(b) || a - b);
}

/** Returns what finds the SpanId that an end belongs to, -1 for none. */
function createBinder(
  spans: NestedSpans,
  firsts: Uint32Array,
  originNs: number,
  sealedSpans: Uint32Array | null,
): Binder {
  // Arrows of a track come about in time order: the next one is looked for near the last.
  const near = firsts.slice();
  const seek = (track: number, timeNs: number): number =>
    (near[track] = lowerBoundNear(spans.startNs, timeNs, firsts[track], firsts[track + 1], near[track]));
  return (bind, track, timeNs) => {
    if (bind >= 0) return sealedSpans?.[bind] ?? -1;
    const time = timeNs - originNs;
    const first = firsts[track];
    if (bind === FlowBind.next) {
      const next = seek(track, time);
      return next < firsts[track + 1] ? next : -1;
    }
    // The last span that starts at or before `time`, or one of its ancestors, encloses it.
    let span = seek(track, time + 1) - 1;
    while (span >= first && endOf(spans, span) < time) {
      const parent = spans.parent[span];
      if (parent < 0) return spans.lane === undefined ? -1 : enclosingOnAnyLane(spans, span - 1, first, time);
      span = parent;
    }
    return span >= first ? span : -1;
  };
}

/** As `lowerBound`, with steps that double from `near` on. */
function lowerBoundNear(column: Column, value: number, begin: number, end: number, near: number): number {
  let low = near;
  let high = near;
  if (near < end && column[near] < value) {
    for (let step = 1; high < end && column[high] < value; step *= 2) {
      low = high + 1;
      high += step;
    }
    return lowerBound(column, value, low, Math.min(high, end));
  }
  for (let step = 1; low > begin && column[low - 1] >= value; step *= 2) {
    high = low - 1;
    low = Math.max(begin, low - step);
  }
  return lowerBound(column, value, low, high);
}

/** Looks back over spans of other lanes; bounded, since arrows bind close to their start. */
function enclosingOnAnyLane(spans: SpanTimes, from: number, first: number, time: number): number {
  for (let span = from; span >= Math.max(first, from - 64); span--) if (endOf(spans, span) >= time) return span;
  return -1;
}
