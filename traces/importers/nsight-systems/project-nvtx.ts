import { type StringId, toStringId } from "../../model/ids.ts";
import { SpanKind } from "../../model/span-kind.ts";
import type { TraceBuilder } from "../../model/trace-builder.ts";
import { NumberList } from "../chrome/growable.ts";
import type { CallTable } from "./call-table.ts";
import type { Devices } from "./devices.ts";

/** Push/pop ranges of threads, kept to be projected on the devices. */
export class NvtxRanges {
  /** False where the file has no ranges: then device work need not be kept for them. */
  wanted = false;
  readonly thread: NumberList = new NumberList();
  readonly startNs: NumberList = new NumberList();
  readonly endNs: NumberList = new NumberList();
  readonly name: NumberList = new NumberList();

  get length(): number {
    return this.thread.length;
  }

  add(thread: number, startNs: number, endNs: number, name: StringId): void {
    this.thread.push(thread);
    this.startNs.push(startNs);
    this.endNs.push(endNs);
    this.name.push(name);
  }
}

/** Device work with the call that launched it. */
export class DeviceWork {
  readonly call: NumberList = new NumberList();
  readonly stream: NumberList = new NumberList();
  readonly startNs: NumberList = new NumberList();
  readonly endNs: NumberList = new NumberList();

  add(call: number, stream: number, startNs: number, endNs: number): void {
    this.call.push(call);
    this.stream.push(stream);
    this.startNs.push(startNs);
    this.endNs.push(endNs);
  }
}

interface OpenRange {
  readonly range: number;
  readonly endNs: number;
  /** Extent of the work launched inside, by stream. */
  readonly extents: Map<number, Extent>;
}

interface Extent {
  startNs: number;
  endNs: number;
}

/**
 * Draws each range of a thread over the work that the calls inside it launched: from the first start to the last end
 * on each stream. One pass over ranges and calls of a thread in time order, with a stack of open ranges:
 *
 *   thread   step──────────────
 *              call  call            stream   step───────────   (derived span)
 *                                               k1──  k2──────
 */
export function projectRanges(
  ranges: NvtxRanges,
  work: DeviceWork,
  calls: CallTable,
  devices: Devices,
  builder: TraceBuilder,
): void {
  const rangesOfThread = groupBy(ranges.length, (range) => ranges.thread.at(range));
  const workOfThread = groupBy(work.call.length, (item) => calls.thread[work.call.at(item)]);
  const category = builder.category("NVTX projected");
  const extras = { derived: true };
  const closed: { readonly range: number; readonly stream: number; readonly extent: Extent }[] = [];
  const close = (open: OpenRange, outer: OpenRange | undefined): void => {
    for (const [stream, extent] of open.extents) {
      closed.push({ range: open.range, stream, extent });
      if (outer !== undefined) widen(outer, stream, extent.startNs, extent.endNs);
    }
  };
  for (const [thread, items] of workOfThread) {
    const own = rangesOfThread.get(thread);
    if (own === undefined) continue;
    sortBy(
      own,
      (range) => ranges.startNs.at(range),
      (range) => -ranges.endNs.at(range),
    );
    sortBy(
      items,
      (item) => calls.startNs[work.call.at(item)],
      (item) => item,
    );
    const stack: OpenRange[] = [];
    let next = 0;
    for (const item of items) {
      const callNs = calls.startNs[work.call.at(item)];
      while (next < own.length && ranges.startNs.at(own[next]) <= callNs) {
        const range = own[next++];
        closeEnded(stack, ranges.startNs.at(range), close);
        stack.push({ range, endNs: ranges.endNs.at(range), extents: new Map() });
      }
      closeEnded(stack, callNs, close);
      const innermost = stack.at(-1);
      if (innermost !== undefined) widen(innermost, work.stream.at(item), work.startNs.at(item), work.endNs.at(item));
    }
    closeEnded(stack, Infinity, close);
  }
  // Outer ranges close last; of equal extents the outer one has to come first.
  for (const { range, stream, extent } of closed.toReversed()) {
    const track = devices.projectionTrack(devices.streams[stream]);
    const name = toStringId(ranges.name.at(range));
    const durationNs = extent.endNs - extent.startNs;
    builder.addSpan(track, extent.startNs, durationNs, name, SpanKind.phase, category, 0, extras);
  }
}

function closeEnded(
  stack: OpenRange[],
  timeNs: number,
  close: (open: OpenRange, outer: OpenRange | undefined) => void,
): void {
  for (let top = stack.at(-1); top !== undefined && top.endNs <= timeNs; top = stack.at(-1)) {
    stack.pop();
    close(top, stack.at(-1));
  }
}

function widen(open: OpenRange, stream: number, startNs: number, endNs: number): void {
  const extent = open.extents.get(stream);
  if (extent === undefined) open.extents.set(stream, { startNs, endNs });
  else {
    extent.startNs = Math.min(extent.startNs, startNs);
    extent.endNs = Math.max(extent.endNs, endNs);
  }
}

function groupBy(length: number, keyOf: (item: number) => number): Map<number, number[]> {
  const groups = new Map<number, number[]>();
  for (let item = 0; item < length; item++) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [item]);
    else group.push(item);
  }
  return groups;
}

function sortBy(items: number[], first: (item: number) => number, second: (item: number) => number): void {
  items.sort((a, b) => first(a) - first(b) || second(a) - second(b) || a - b);
}
