import { nameVariant, toSlot } from "./color-slot.ts";
import type { Allocate, Column } from "./column.ts";
import { toRowId, toSpanId, toTrackId, type StringId } from "./ids.ts";
import type { LedgerLine } from "./ledger.ts";
import { buildLevelOfDetail } from "./level-of-detail.ts";
import { nest, type NestCounts, type NestInput, type NestOutput } from "./nest.ts";
import { sortByStart } from "./row-order.ts";
import { buildRows } from "./rows.ts";
import { sealSamples } from "./sample-store.ts";
import type { SampleStore } from "./sample-store.ts";
import type { SpanStore } from "./span-store.ts";
import { DirectFlows, resolveFlows, type FlowEnds } from "./flow-ends.ts";
import {
  longDuration,
  SpanFlag,
  type CounterTable,
  type EndSources,
  type FlowTable,
  type InstantTable,
  type RowTable,
  type SpanTable,
  type Track,
} from "./trace.ts";
import type { TrackSpec } from "./trace-builder.ts";

/** Everything a builder has collected, in push order; times on the builder's clock. */
export interface Collected {
  readonly tracks: readonly TrackSpec[];
  readonly strings: readonly string[];
  readonly categories: readonly StringId[];
  readonly spans: SpanStore;
  /** Spans per track, and whether they were pushed in seal order. */
  readonly spanCounts: readonly number[];
  readonly inOrder: readonly boolean[];
  readonly fixedLanes: readonly boolean[];
  readonly instants: SampleStore;
  readonly samples: SampleStore;
  readonly flowEnds: FlowEnds;
  /** Between pushed spans. */
  readonly directFlows: DirectFlows;
  readonly hasLinks: boolean;
  /** Pushed spans whose ends have arguments, and the byte offsets of those ends. */
  readonly endSources: { readonly span: readonly number[]; readonly offset: readonly number[] };
}

export interface Sealed {
  readonly originNs: number;
  readonly durationNs: number;
  readonly tracks: readonly Track[];
  readonly spans: SpanTable;
  readonly rows: RowTable;
  readonly instants: InstantTable;
  readonly counters: CounterTable;
  readonly flows: FlowTable;
  readonly notes: readonly LedgerLine[];
}

/** Sorts, nests and indexes. Does not change what was collected, so a snapshot may be sealed while more arrives. */
export function seal(collected: Collected, allocate: Allocate, withFlows: boolean): Sealed {
  const { originNs, endNs } = timeRange(collected);
  const durationNs = endNs - originNs;
  const firsts = prefixSums(collected.spanCounts);
  const { spans, notes, order } = sealSpans(collected, firsts, originNs, endNs, allocate);
  const rowsOnly = buildRows(spans, firsts, allocate);
  const rows: RowTable = { ...rowsOnly, detail: buildLevelOfDetail(spans, rowsOnly, durationNs, allocate) };
  const instants = sealSamples(collected.instants, collected.tracks.length, originNs, allocate);
  const samples = sealSamples(collected.samples, collected.tracks.length, originNs, allocate);
  const direct = withFlows ? toSealed(collected.directFlows, order) : new DirectFlows();
  const ends = withFlows ? collected.flowEnds : null;
  const flows = resolveFlows(ends, direct, spans, firsts, originNs, allocate, () => invert(order));
  const tracks = collected.tracks.map((spec, id): Track => ({
    id: toTrackId(id),
    kind: spec.kind,
    name: spec.name,
    detail: spec.detail ?? "",
    parent: spec.parent ?? null,
    sortIndex: spec.sortIndex ?? 0,
    firstSpan: toSpanId(firsts[id]),
    spanCount: collected.spanCounts[id],
    firstRow: toRowId(rowsOnly.firstOfTrack[id]),
    rowCount: rowsOnly.firstOfTrack[id + 1] - rowsOnly.firstOfTrack[id],
    firstInstant: instants.firsts[id],
    instantCount: instants.firsts[id + 1] - instants.firsts[id],
    firstSample: samples.firsts[id],
    sampleCount: samples.firsts[id + 1] - samples.firsts[id],
  }));
  return {
    originNs,
    durationNs,
    tracks,
    spans,
    rows,
    instants: {
      length: instants.length,
      timeNs: instants.timeNs,
      name: instants.name,
      category: instants.category,
      scope: instants.scope,
      sourceLow: instants.sourceLow,
      sourceHigh: instants.sourceHigh,
    },
    counters: { length: samples.length, timeNs: samples.timeNs, value: samples.value },
    flows: flows.table,
    notes: [...notes, ...flows.notes],
  };
}

function timeRange({ spans, instants, samples }: Collected): { originNs: number; endNs: number } {
  let originNs = Infinity;
  let endNs = -Infinity;
  spans.forEachBlock((block, rows) => {
    const { startNs, durationNs } = block;
    for (let i = 0; i < rows; i++) {
      const start = startNs[i];
      const end = start + durationNs[i];
      if (start < originNs) originNs = start;
      if (end > endNs) endNs = end;
    }
  });
  for (const store of [instants, samples]) {
    const { min, max } = store.timeRange();
    if (min < originNs) originNs = min;
    if (max > endNs) endNs = max;
  }
  return originNs === Infinity ? { originNs: 0, endNs: 0 } : { originNs, endNs };
}

function prefixSums(counts: readonly number[]): Uint32Array {
  const firsts = new Uint32Array(counts.length + 1);
  for (let i = 0; i < counts.length; i++) firsts[i + 1] = firsts[i] + counts[i];
  return firsts;
}

function sealSpans(
  collected: Collected,
  firsts: Uint32Array,
  originNs: number,
  endNs: number,
  allocate: Allocate,
): { spans: SpanTable; notes: LedgerLine[]; order: Uint32Array } {
  const store = collected.spans;
  const n = store.length;
  const order = groupByTrack(store, firsts);
  const startNs = new Float64Array(allocate(n * 8));
  const packedDurationNs = new Uint32Array(allocate(n * 4));
  const packedSelfNs = new Uint32Array(allocate(n * 4));
  const parent = new Int32Array(allocate(n * 4));
  const scratch = createTrackScratch(collected.spanCounts);
  const depth = createFitting(n, allocate);
  const lane = createFitting(n, allocate);
  const long: LongList = { span: [], durationNs: [], selfNs: [] };
  const notes = createSealNotes();

  for (let track = 0; track < collected.spanCounts.length; track++) {
    const count = collected.spanCounts[track];
    if (count === 0) continue;
    const first = firsts[track];
    const trackOrder = order.subarray(first, first + count);
    const input = loadTrack(
      store,
      trackOrder,
      count,
      scratch,
      endNs,
      !collected.inOrder[track],
      collected.fixedLanes[track],
    );
    const counts = nest(input, scratch);
    notes.add(counts, counts.firstOverlap >= 0 ? sourceOffset(store, trackOrder[counts.firstOverlap]) : -1);
    writeTimes(input, scratch, first, originNs, { startNs, packedDurationNs, packedSelfNs, parent, long });
    depth.write(first, scratch.depth, count);
    lane.write(first, scratch.lane, count);
  }

  const gather = <T extends { [index: number]: number }>(field: Parameters<SpanStore["gather"]>[0], target: T): T => {
    store.gather(field, order, target);
    return target;
  };
  const name = gather("name", new Uint32Array(allocate(n * 4)));
  const kind = gather("kind", new Uint8Array(allocate(n)));
  const spans: SpanTable = {
    length: n,
    startNs,
    packedDurationNs,
    packedSelfNs,
    longDurations: {
      span: copyTo(new Uint32Array(allocate(long.span.length * 4)), long.span),
      durationNs: copyTo(new Float64Array(allocate(long.span.length * 8)), long.durationNs),
      selfNs: copyTo(new Float64Array(allocate(long.span.length * 8)), long.selfNs),
    },
    parent,
    depth: depth.column(),
    ...(lane.max() > 0 && { lane: lane.column() }),
    name,
    category: gather("category", new Uint16Array(allocate(n * 2))),
    kind,
    slot: slotsOf(kind, name, collected.strings, new Uint8Array(allocate(n))),
    flags: gather("flags", new Uint8Array(allocate(n))),
    sourceLow: gather("sourceLow", new Uint32Array(allocate(n * 4))),
    sourceHigh: gather("sourceHigh", new Uint8Array(allocate(n))),
    ...(collected.hasLinks && { link: gather("link", new Uint32Array(allocate(n * 4))) }),
    ...(collected.endSources.span.length > 0 && { endSources: sealEndSources(collected.endSources, order, allocate) }),
  };
  return { spans, notes: notes.lines(), order };
}

/** Arrows between sealed spans; `order`: the pushed span of each sealed one. */
function toSealed({ from, to, name }: DirectFlows, order: Uint32Array): DirectFlows {
  const flows = new DirectFlows();
  if (from.length === 0) return flows;
  const sealed = invert(order);
  for (let i = 0; i < from.length; i++) {
    flows.from.push(sealed[from[i]]);
    flows.to.push(sealed[to[i]]);
    flows.name.push(name[i]);
  }
  return flows;
}

/** SpanIds by push order, from push order by SpanId. */
function invert(order: Uint32Array): Uint32Array {
  const sealed = new Uint32Array(order.length);
  for (let i = 0; i < order.length; i++) sealed[order[i]] = i;
  return sealed;
}

function sealEndSources({ span, offset }: Collected["endSources"], order: Uint32Array, allocate: Allocate): EndSources {
  const sealed = invert(order);
  const positions = Uint32Array.from(span, (_, position) => position);
  positions.sort((a, b) => sealed[span[a]] - sealed[span[b]]);
  const sources = {
    span: new Uint32Array(allocate(positions.length * 4)),
    offset: new Float64Array(allocate(positions.length * 8)),
  };
  for (let i = 0; i < positions.length; i++) {
    sources.span[i] = sealed[span[positions[i]]];
    sources.offset[i] = offset[positions[i]];
  }
  return sources;
}

function slotsOf(kind: Uint8Array, name: Uint32Array, strings: readonly string[], slots: Uint8Array): Uint8Array {
  const variants = Uint8Array.from(strings, nameVariant);
  for (let i = 0; i < slots.length; i++) slots[i] = toSlot(kind[i], variants[name[i]]);
  return slots;
}

interface TimeColumns {
  readonly startNs: Float64Array;
  readonly packedDurationNs: Uint32Array;
  readonly packedSelfNs: Uint32Array;
  readonly parent: Int32Array;
  readonly long: LongList;
}

/** Copies a nested track to its place in the columns; durations of 4.29 s and more go to the list of long ones. */
function writeTimes(input: NestInput, nested: NestOutput, first: number, originNs: number, columns: TimeColumns): void {
  const { startNs, packedDurationNs, packedSelfNs, parent, long } = columns;
  for (let i = 0; i < input.length; i++) {
    const span = first + i;
    const duration = input.durationNs[i];
    const self = nested.selfNs[i];
    startNs[span] = input.startNs[i] - originNs;
    parent[span] = nested.parent[i] < 0 ? -1 : nested.parent[i] + first;
    if (duration >= longDuration) {
      packedDurationNs[span] = longDuration;
      packedSelfNs[span] = longDuration;
      long.span.push(span);
      long.durationNs.push(duration);
      long.selfNs.push(self);
    } else {
      packedDurationNs[span] = duration;
      packedSelfNs[span] = self;
    }
  }
}

interface LongList {
  readonly span: number[];
  readonly durationNs: number[];
  readonly selfNs: number[];
}

/** Stable counting sort of the pushed spans by track. */
function groupByTrack(store: SpanStore, firsts: Uint32Array): Uint32Array {
  const order = new Uint32Array(store.length);
  const next = firsts.slice();
  store.forEachBlock((block, rows, first) => {
    const { track } = block;
    for (let i = 0; i < rows; i++) order[next[track[i]]++] = first + i;
  });
  return order;
}

interface TrackScratch extends NestOutput {
  readonly startNs: Float64Array;
  readonly durationNs: Float64Array;
  readonly sortedStartNs: Float64Array;
  readonly sortedDurationNs: Float64Array;
  readonly openEnded: Uint8Array;
  readonly fixedLane: Uint16Array;
  readonly index: Uint32Array;
  readonly pushed: Uint32Array;
}

function createTrackScratch(counts: readonly number[]): TrackScratch {
  const size = counts.reduce((max, count) => Math.max(max, count), 0);
  return {
    startNs: new Float64Array(size),
    durationNs: new Float64Array(size),
    sortedStartNs: new Float64Array(size),
    sortedDurationNs: new Float64Array(size),
    openEnded: new Uint8Array(size),
    fixedLane: new Uint16Array(size),
    index: new Uint32Array(size),
    pushed: new Uint32Array(size),
    parent: new Int32Array(size),
    depth: new Uint32Array(size),
    lane: new Uint32Array(size),
    selfNs: new Float64Array(size),
  };
}

/** Reads the spans of a track and, if they came out of order, sorts them together with `trackOrder`. */
function loadTrack(
  store: SpanStore,
  trackOrder: Uint32Array,
  count: number,
  scratch: TrackScratch,
  endNs: number,
  sort: boolean,
  fixedLanes: boolean,
): NestInput {
  const { startNs, durationNs, openEnded, fixedLane } = scratch;
  const load = (span: number, i: number): void => {
    const block = store.block(span);
    const slot = store.slot(span);
    startNs[i] = block.startNs[slot];
    openEnded[i] = block.flags[slot] & SpanFlag.openEnded;
    durationNs[i] = openEnded[i] ? endNs - startNs[i] : block.durationNs[slot];
    if (fixedLanes) fixedLane[i] = block.lane[slot];
  };
  for (let i = 0; i < count; i++) load(trackOrder[i], i);
  if (sort) {
    const index = scratch.index.subarray(0, count);
    for (let i = 0; i < count; i++) index[i] = i;
    sortByStart(index, startNs, durationNs);
    const pushed = scratch.pushed;
    pushed.set(trackOrder);
    for (let i = 0; i < count; i++) trackOrder[i] = pushed[index[i]];
    for (let i = 0; i < count; i++) load(trackOrder[i], i);
  }
  return { length: count, startNs, durationNs, openEnded, fixedLane: fixedLanes ? fixedLane : null };
}

const sourceOffset = (store: SpanStore, span: number): number => {
  const block = store.block(span);
  const slot = store.slot(span);
  return block.sourceHigh[slot] * 2 ** 32 + block.sourceLow[slot];
};

interface FittingColumn {
  write(first: number, values: Uint32Array, count: number): void;
  max(): number;
  column(): Column;
}

/** A column of 2 bytes that becomes one of 4 when a value needs it. */
function createFitting(n: number, allocate: Allocate): FittingColumn {
  let column: Uint16Array | Uint32Array = new Uint16Array(allocate(n * 2));
  let max = 0;
  return {
    write(first, values, count) {
      for (let i = 0; i < count; i++) if (values[i] > max) max = values[i];
      if (max > 0xffff && column instanceof Uint16Array) {
        const wide = new Uint32Array(allocate(n * 4));
        wide.set(column);
        column = wide;
      }
      for (let i = 0; i < count; i++) column[first + i] = values[i];
    },
    max: () => max,
    column: () => column,
  };
}

function copyTo<T extends { set(values: readonly number[]): void }>(target: T, values: readonly number[]): T {
  target.set(values);
  return target;
}

function createSealNotes(): { add(counts: NestCounts, byteOffset: number): void; lines(): LedgerLine[] } {
  let overlaps = 0;
  let spilled = 0;
  const firstBytes: number[] = [];
  return {
    add(counts, byteOffset) {
      overlaps += counts.overlaps;
      spilled += counts.spilled;
      if (byteOffset >= 0 && firstBytes.length < 3) firstBytes.push(byteOffset);
    },
    lines() {
      const lines: LedgerLine[] = [];
      if (overlaps > 0) {
        lines.push({
          level: "warning",
          code: "overlaps",
          message: "spans end after the span they start in; their times are kept",
          count: overlaps,
          firstBytes,
        });
      }
      if (spilled > 0) {
        lines.push({
          level: "info",
          code: "spilled",
          message: "spans were given a lane of their own because they overlap",
          count: spilled,
          firstBytes: [],
        });
      }
      return lines;
    },
  };
}
