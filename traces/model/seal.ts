import type { Allocate } from "./column.ts";
import { toRowId, toSpanId, toTrackId, type StringId, type TrackId } from "./ids.ts";
import type { LedgerLine } from "./ledger.ts";
import { buildLevelOfDetail, fillDetail, planDetail } from "./level-of-detail.ts";
import { nest, type NestCounts } from "./nest.ts";
import {
  type ColumnsInput,
  placeBlocks,
  placeColumns,
  type PlacedColumns,
  type PlacedMarks,
  placeMarks,
} from "./place-columns.ts";
import { type PlacedTimes, placeTimes } from "./place-times.ts";
import { buildRows, type Rows } from "./rows.ts";
import { sealSamples } from "./sample-store.ts";
import type { SampleStore } from "./sample-store.ts";
import type { SealHelper } from "./seal-helper.ts";
import type { SpanStore } from "./span-store.ts";
import { DirectFlows, resolveFlows, type FlowEnds } from "./flow-ends.ts";
import {
  sourceOffsetOf,
  type CounterTable,
  type EndSources,
  type FlowTable,
  type InstantTable,
  type LevelOfDetail,
  type RowTable,
  type SpanTable,
  framesOf,
  type Track,
} from "./trace.ts";
import type { TrackSpec } from "./trace-builder.ts";

/** Everything a builder has collected, in push order; times on the builder's clock. */
export interface Collected {
  readonly tracks: readonly Required<TrackSpec>[];
  /** Color variant of each text. */
  readonly variants: Uint8Array;
  readonly categories: readonly StringId[];
  readonly spans: SpanStore;
  /** Spans per track, and whether they were pushed in seal order. */
  readonly spanCounts: readonly number[];
  readonly inOrder: readonly boolean[];
  /** Tracks whose equal spans are ordered by their places in the file. */
  readonly bySource: ReadonlySet<number>;
  readonly fixedLanes: readonly boolean[];
  readonly instants: SampleStore;
  readonly samples: SampleStore;
  readonly flowEnds: FlowEnds;
  /** Between pushed spans. */
  readonly directFlows: DirectFlows;
  /** Earliest start and latest end of all spans; infinite without spans. */
  readonly spanRange: { readonly startNs: number; readonly endNs: number };
  /** Pushed spans whose ends have arguments, and the byte offsets of those ends. */
  readonly endSources: { readonly span: readonly number[]; readonly offset: readonly number[] };
}

export interface Sealed {
  readonly originNs: number;
  readonly durationNs: number;
  readonly tracks: readonly Track[];
  readonly frames: readonly TrackId[];
  readonly spans: SpanTable;
  readonly rows: RowTable;
  readonly instants: InstantTable;
  readonly counters: CounterTable;
  readonly flows: FlowTable;
  readonly notes: readonly LedgerLine[];
}

/**
 * Sorts, nests and indexes. A snapshot (`partial`) leaves what was collected as it is, so that more may follow, and has no
 * arrows; else the memory of what was collected is given back on the way.
 */
export function seal(collected: Collected, allocate: Allocate, partial: boolean): Sealed {
  const placed = place(collected, allocate, partial);
  const columns = placeColumns(placed.columns, allocate);
  const nested = nestSpans(collected, placed, allocate);
  const flows = placeFlows(collected, placed, nested.spans, allocate);
  const rows = buildRows(nested.spans, placed.firsts, allocate);
  const detail = buildLevelOfDetail({ ...nested.spans, slot: columns.slot }, rows, placed.durationNs, allocate);
  return finish(collected, { placed, columns, nested, flows, rows, detail }, allocate);
}

/**
 * As `seal`, and with the same outcome, beside another thread: that one places the columns while this one nests and binds
 * arrows; level of detail is for whoever has time. `allocate` has to share memory. `betweenSteps` may throw to stop.
 */
export async function sealTogether(
  collected: Collected,
  allocate: Allocate,
  helper: SealHelper,
  betweenSteps: () => void,
): Promise<Sealed> {
  const placed = place(collected, allocate, false);
  betweenSteps();
  const columnsPlaced = heardLater(helper.placeColumns(placed.columns));
  const nested = nestSpans(collected, placed, allocate);
  const rows = buildRows(nested.spans, placed.firsts, allocate);
  const work = planDetail(nested.spans, rows, placed.durationNs, allocate);
  const detailFilled = heardLater(helper.fillDetail(work));
  betweenSteps();
  const flows = placeFlows(collected, placed, nested.spans, allocate);
  betweenSteps();
  const columns = await columnsPlaced;
  fillDetail(work, columns.slot);
  await detailFilled;
  betweenSteps();
  return finish(collected, { placed, columns, nested, flows, rows, detail: work.detail }, allocate);
}

/** Waited for later: until then a failure is not unheard. */
function heardLater<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => undefined);
  return promise;
}

/** What every later step reads. */
interface Placed {
  readonly originNs: number;
  readonly durationNs: number;
  /** First span of each track, tracks + 1 values. */
  readonly firsts: Uint32Array;
  readonly times: Omit<PlacedTimes, "rank">;
  readonly marks: PlacedMarks;
  /** SpanIds by push order; null where nothing names a pushed span. */
  readonly sealedSpans: Uint32Array | null;
  /** Still to be placed. */
  readonly columns: ColumnsInput;
}

function place(collected: Collected, allocate: Allocate, partial: boolean): Placed {
  const { spans: store, endSources, directFlows, flowEnds, inOrder, bySource } = collected;
  const { originNs, endNs } = timeRange(collected);
  const firsts = prefixSums(collected.spanCounts, allocate);
  const release = !partial;
  const namesSpans = endSources.span.length > 0 || directFlows.from.length > 0 || flowEnds.namesSpans;
  const sealedSpans = namesSpans ? new Uint32Array(store.length) : null;
  const times = placeTimes({ store, firsts, inOrder, bySource, originNs, endNs, release }, allocate);
  const blocks = placeBlocks(store, firsts, times.rank, release);
  return {
    originNs,
    durationNs: endNs - originNs,
    firsts,
    times,
    marks: placeMarks(store, { blocks, release }, sealedSpans, allocate),
    sealedSpans,
    columns: {
      blocks,
      length: store.length,
      release,
      variants: collected.variants,
      categoryCount: collected.categories.length,
    },
  };
}

interface NestedSpans {
  readonly spans: Omit<SpanTable, keyof PlacedColumns | "flags" | "endSources">;
  readonly counts: NestCounts;
}

function nestSpans({ fixedLanes }: Collected, { firsts, times, marks }: Placed, allocate: Allocate): NestedSpans {
  const { nested, counts } = nest({ ...times, ...marks }, firsts, fixedLanes, allocate);
  const { span, durationNs, selfNs } = times.long;
  const spans = {
    length: times.startNs.length,
    firstOfTrack: firsts,
    startNs: times.startNs,
    packedDurationNs: times.packedDurationNs,
    packedSelfNs: nested.packedSelfNs,
    longDurations: {
      span: copyColumn(span, new Uint32Array(allocate(span.byteLength))),
      durationNs: copyColumn(durationNs, new Float64Array(allocate(durationNs.byteLength))),
      selfNs: copyColumn(selfNs, new Float64Array(allocate(selfNs.byteLength))),
    },
    parent: nested.parent,
    depth: nested.depth.values,
    ...(nested.lane !== null && { lane: nested.lane.values }),
  };
  return { spans, counts };
}

type Flows = ReturnType<typeof resolveFlows>;

/** A snapshot has none. */
function placeFlows(
  { directFlows, flowEnds }: Collected,
  { columns, firsts, originNs, sealedSpans }: Placed,
  spans: NestedSpans["spans"],
  allocate: Allocate,
): Flows {
  const partial = !columns.release;
  const direct = partial ? new DirectFlows() : toSealed(directFlows, sealedSpans);
  const ends = partial ? null : flowEnds;
  const flows = resolveFlows(ends, direct, spans, firsts, originNs, allocate, sealedSpans);
  ends?.release();
  return flows;
}

interface Parts {
  readonly placed: Placed;
  readonly columns: PlacedColumns;
  readonly nested: NestedSpans;
  readonly flows: Flows;
  readonly rows: Rows;
  readonly detail: LevelOfDetail;
}

/** Puts a trace together of its parts. */
function finish(
  collected: Collected,
  { placed, columns, nested, flows, rows, detail }: Parts,
  allocate: Allocate,
): Sealed {
  const { originNs, durationNs, firsts, marks, sealedSpans } = placed;
  const { endSources } = collected;
  const spans: SpanTable = {
    ...nested.spans,
    ...columns,
    ...(marks.flags !== null && { flags: marks.flags }),
    ...(endSources.span.length > 0 &&
      sealedSpans !== null && { endSources: sealEndSources(endSources, sealedSpans, allocate) }),
  };
  const instants = sealSamples(collected.instants, collected.tracks.length, originNs, allocate);
  const samples = sealSamples(collected.samples, collected.tracks.length, originNs, allocate);
  const tracks = collected.tracks.map((spec, id): Track => ({
    id: toTrackId(id),
    kind: spec.kind,
    name: spec.name,
    detail: spec.detail,
    parent: spec.parent,
    sortIndex: spec.sortIndex,
    firstSpan: toSpanId(firsts[id]),
    spanCount: collected.spanCounts[id],
    firstRow: toRowId(rows.firstOfTrack[id]),
    rowCount: rows.firstOfTrack[id + 1] - rows.firstOfTrack[id],
    firstInstant: instants.firsts[id],
    instantCount: instants.firsts[id + 1] - instants.firsts[id],
    firstSample: samples.firsts[id],
    sampleCount: samples.firsts[id + 1] - samples.firsts[id],
  }));
  return {
    originNs,
    durationNs,
    tracks,
    frames: framesOf(tracks),
    spans,
    rows: { ...rows, detail },
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
    notes: [...sealNotes(nested.counts, spans), ...flows.notes],
  };
}

function timeRange({ spanRange, instants, samples }: Collected): { originNs: number; endNs: number } {
  let originNs = spanRange.startNs;
  let { endNs } = spanRange;
  for (const store of [instants, samples]) {
    const { min, max } = store.timeRange();
    if (min < originNs) originNs = min;
    if (max > endNs) endNs = max;
  }
  return originNs === Infinity ? { originNs: 0, endNs: 0 } : { originNs, endNs };
}

function prefixSums(counts: readonly number[], allocate: Allocate): Uint32Array {
  const firsts = new Uint32Array(allocate(4 * (counts.length + 1)));
  for (let i = 0; i < counts.length; i++) firsts[i + 1] = firsts[i] + counts[i];
  return firsts;
}

function copyColumn<T extends Uint32Array | Float64Array>(values: T, target: T): T {
  target.set(values);
  return target;
}

/** Arrows between sealed spans. */
function toSealed({ from, to, name }: DirectFlows, sealedSpans: Uint32Array | null): DirectFlows {
  const flows = new DirectFlows();
  if (sealedSpans === null) return flows;
  for (let i = 0; i < from.length; i++) {
    flows.from.push(sealedSpans[from[i]]);
    flows.to.push(sealedSpans[to[i]]);
    flows.name.push(name[i]);
  }
  return flows;
}

function sealEndSources(
  { span, offset }: Collected["endSources"],
  sealed: Uint32Array,
  allocate: Allocate,
): EndSources {
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

function sealNotes({ overlaps, firstOverlaps, spilled }: NestCounts, spans: SpanTable): LedgerLine[] {
  const lines: LedgerLine[] = [];
  if (overlaps > 0) {
    lines.push({
      level: "warning",
      code: "overlaps",
      message: "spans end after the span they start in; their times are kept",
      count: overlaps,
      firstBytes: firstOverlaps.slice(0, 3).map((span) => sourceOffsetOf(spans, span)),
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
}
