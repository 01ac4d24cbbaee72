import type { Allocate } from "./column.ts";
import { toRowId, toSpanId, toTrackId, type StringId } from "./ids.ts";
import type { LedgerLine } from "./ledger.ts";
import { buildLevelOfDetail } from "./level-of-detail.ts";
import { nest, type NestCounts } from "./nest.ts";
import { placeColumns } from "./place-columns.ts";
import { type PlaceInput, placeTimes } from "./place-times.ts";
import { buildRows } from "./rows.ts";
import { sealSamples } from "./sample-store.ts";
import type { SampleStore } from "./sample-store.ts";
import type { SpanStore } from "./span-store.ts";
import { DirectFlows, resolveFlows, type FlowEnds } from "./flow-ends.ts";
import {
  sourceOffsetOf,
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
  const { originNs, endNs } = timeRange(collected);
  const durationNs = endNs - originNs;
  const firsts = prefixSums(collected.spanCounts);
  const { spans, notes, sealedSpans } = sealSpans(collected, { firsts, originNs, endNs, release: !partial }, allocate);
  const direct = partial ? new DirectFlows() : toSealed(collected.directFlows, sealedSpans);
  const ends = partial ? null : collected.flowEnds;
  const flows = resolveFlows(ends, direct, spans, firsts, originNs, allocate, sealedSpans);
  ends?.release();
  const rowsOnly = buildRows(spans, firsts, allocate);
  const rows: RowTable = { ...rowsOnly, detail: buildLevelOfDetail(spans, rowsOnly, durationNs, allocate) };
  const instants = sealSamples(collected.instants, collected.tracks.length, originNs, allocate);
  const samples = sealSamples(collected.samples, collected.tracks.length, originNs, allocate);
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

function prefixSums(counts: readonly number[]): Uint32Array {
  const firsts = new Uint32Array(counts.length + 1);
  for (let i = 0; i < counts.length; i++) firsts[i + 1] = firsts[i] + counts[i];
  return firsts;
}

interface SealedSpans {
  readonly spans: SpanTable;
  readonly notes: LedgerLine[];
  /** SpanIds by push order; null where nothing names a pushed span. */
  readonly sealedSpans: Uint32Array | null;
}

type Place = Omit<PlaceInput, "store" | "inOrder" | "bySource">;

function sealSpans(collected: Collected, place: Place, allocate: Allocate): SealedSpans {
  const { spans: store, endSources, directFlows, flowEnds, fixedLanes } = collected;
  const { firsts, release } = place;
  const namesSpans = endSources.span.length > 0 || directFlows.from.length > 0 || flowEnds.namesSpans;
  const sealedSpans = namesSpans ? new Uint32Array(store.length) : null;
  const times = placeTimes({ ...place, store, inOrder: collected.inOrder, bySource: collected.bySource }, allocate);
  const columns = placeColumns(
    { store, firsts, rank: times.rank, release, sealedSpans },
    collected.variants,
    collected.categories.length,
    allocate,
  );
  const { nested, counts } = nest(
    { ...times, flags: columns.flags ?? null, fixedLane: columns.fixedLane },
    firsts,
    fixedLanes,
    allocate,
  );
  const { fixedLane: _, ...kept } = columns;
  const spans: SpanTable = {
    length: store.length,
    startNs: times.startNs,
    packedDurationNs: times.packedDurationNs,
    packedSelfNs: nested.packedSelfNs,
    longDurations: {
      span: copyColumn(times.long.span, new Uint32Array(allocate(times.long.span.byteLength))),
      durationNs: copyColumn(times.long.durationNs, new Float64Array(allocate(times.long.durationNs.byteLength))),
      selfNs: copyColumn(times.long.selfNs, new Float64Array(allocate(times.long.selfNs.byteLength))),
    },
    parent: nested.parent,
    depth: nested.depth.values,
    ...(nested.lane !== null && { lane: nested.lane.values }),
    ...kept,
    ...(endSources.span.length > 0 &&
      sealedSpans !== null && {
        endSources: sealEndSources(endSources, sealedSpans, allocate),
      }),
  };
  return { spans, notes: sealNotes(counts, spans), sealedSpans };
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
