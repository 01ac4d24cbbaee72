import { type StringId, toStringId } from "../../model/ids.ts";
import { sortByStart } from "../../model/row-order.ts";
import { SpanKind } from "../../model/span-kind.ts";
import type { TraceBuilder } from "../../model/trace-builder.ts";
import type { CallTable } from "./call-table.ts";
import type { Devices } from "./devices.ts";
import { type IntervalTable, createIntervals } from "./interval-table.ts";

/** Push/pop ranges of threads, kept to be projected on the devices: `owner` is the thread, `label` the name. */
export class NvtxRanges {
  /** False where the file has no ranges: then device work need not be kept for them. */
  wanted = false;
  readonly table: IntervalTable = createIntervals();

  add(thread: number, startNs: number, endNs: number, name: StringId): void {
    this.table.add(thread, name, startNs, endNs);
  }
}

/** A range that holds the present call, with the extent of the work launched inside on the first of its streams. */
interface OpenRange {
  readonly range: number;
  readonly endNs: number;
  /** -1 before the first work. */
  stream: number;
  firstNs: number;
  lastNs: number;
  /** Extents on further streams. */
  further: Map<number, { firstNs: number; lastNs: number }> | null;
}

/**
 * Draws each range of a thread over the work that the calls inside it launched: from the first start to the last end
 * on each stream. One pass over ranges and calls of a thread in time order, with a stack of open ranges:
 *
 *   thread   step──────────────
 *              call  call            stream   step───────────   (derived span)
 *                                               k1──  k2──────
 *
 * `work`: device work, `owner` its call in `calls`, `label` its stream.
 */
export function projectRanges(
  { table: ranges }: NvtxRanges,
  work: IntervalTable,
  calls: CallTable,
  devices: Devices,
  builder: TraceBuilder,
): void {
  if (ranges.length === 0 || work.length === 0) return;
  const threadCount = 1 + Math.max(maxOf(ranges.owner, ranges.length), maxOf(calls.thread, calls.length));
  const rangesOfThread = groupBy(ranges.owner.subarray(0, ranges.length), threadCount);
  const threadOfWork = new Uint32Array(work.length);
  const callStartNs = new Float64Array(work.length);
  for (let item = 0; item < work.length; item++) {
    threadOfWork[item] = calls.thread[work.owner[item]];
    callStartNs[item] = calls.startNs[work.owner[item]];
  }
  const workOfThread = groupBy(threadOfWork, threadCount);
  const rangeDurationNs = ranges.endNs.map((endNs, range) => endNs - ranges.startNs[range]);
  const noDuration = new Float64Array(work.length);
  const closed = createIntervals();
  for (const [thread, items] of workOfThread.entries()) {
    const own = rangesOfThread[thread];
    if (own.length === 0) continue;
    sortByStart(own, ranges.startNs, rangeDurationNs);
    sortByStart(items, callStartNs, noDuration);
    const stack: OpenRange[] = [];
    let next = 0;
    for (let i = 0; i < items.length; i++) {
      const item = items[i];
      const callNs = callStartNs[item];
      while (next < own.length && ranges.startNs[own[next]] <= callNs) {
        const range = own[next++];
        closeEnded(stack, ranges.startNs[range], closed);
        stack.push({
          range,
          endNs: ranges.endNs[range],
          stream: -1,
          firstNs: 0,
          lastNs: 0,
          further: null,
        });
      }
      closeEnded(stack, callNs, closed);
      if (stack.length > 0) widen(stack[stack.length - 1], work.label[item], work.startNs[item], work.endNs[item]);
    }
    closeEnded(stack, Infinity, closed);
  }
  addSpans(closed, ranges, devices, builder);
}

/** `closed`: `owner` the range, `label` the stream. */
function addSpans(closed: IntervalTable, ranges: IntervalTable, devices: Devices, builder: TraceBuilder): void {
  const category = builder.category("NVTX projected");
  const extras = { derived: true };
  // Outer ranges close last; of equal extents the outer one has to come first.
  for (let i = closed.length - 1; i >= 0; i--) {
    const track = devices.projectionTrack(devices.streams[closed.label[i]]);
    const name = toStringId(ranges.label[closed.owner[i]]);
    const durationNs = closed.endNs[i] - closed.startNs[i];
    builder.addSpan(track, closed.startNs[i], durationNs, name, SpanKind.phase, category, 0, extras);
  }
}

/** Takes the ranges that have ended from the stack; their extents become part of those around them. */
function closeEnded(stack: OpenRange[], timeNs: number, closed: IntervalTable): void {
  while (stack.length > 0 && stack[stack.length - 1].endNs <= timeNs) {
    const ended = stack.pop();
    if (ended === undefined || ended.stream < 0) continue;
    const outer = stack.at(-1);
    closed.add(ended.range, ended.stream, ended.firstNs, ended.lastNs);
    if (outer !== undefined) widen(outer, ended.stream, ended.firstNs, ended.lastNs);
    if (ended.further === null) continue;
    for (const [stream, { firstNs, lastNs }] of ended.further) {
      closed.add(ended.range, stream, firstNs, lastNs);
      if (outer !== undefined) widen(outer, stream, firstNs, lastNs);
    }
  }
}

function widen(open: OpenRange, stream: number, firstNs: number, lastNs: number): void {
  if (open.stream < 0) {
    open.stream = stream;
    open.firstNs = firstNs;
    open.lastNs = lastNs;
  } else if (open.stream === stream) {
    if (firstNs < open.firstNs) open.firstNs = firstNs;
    if (lastNs > open.lastNs) open.lastNs = lastNs;
  } else {
    open.further ??= new Map();
    const extent = open.further.get(stream);
    if (extent === undefined) open.further.set(stream, { firstNs, lastNs });
    else {
      extent.firstNs = Math.min(extent.firstNs, firstNs);
      extent.lastNs = Math.max(extent.lastNs, lastNs);
    }
  }
}

/** Items of each key, ascending; keys are below `keyCount`. */
function groupBy(keys: Uint32Array, keyCount: number): Uint32Array[] {
  const counts = new Uint32Array(keyCount);
  for (let item = 0; item < keys.length; item++) counts[keys[item]]++;
  const groups = Array.from(counts, (count) => new Uint32Array(count));
  counts.fill(0);
  for (let item = 0; item < keys.length; item++) groups[keys[item]][counts[keys[item]]++] = item;
  return groups;
}

function maxOf(values: Uint32Array, length: number): number {
  let max = 0;
  for (let i = 0; i < length; i++) if (values[i] > max) max = values[i];
  return max;
}
