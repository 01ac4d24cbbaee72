import type { Column } from "./column.ts";
import type { RowId, SpanId, StringId, TrackId } from "./ids.ts";
import type { LaunchTable } from "./launch-table.ts";
import type { ImportLedger } from "./ledger.ts";
import type { LinkTable } from "./link-table.ts";
import type { TextTable } from "./text-table.ts";

/**
 * One sealed recording. Immutable; only `TraceBuilder` makes one.
 * Times are integer nanoseconds since the trace's origin (its earliest event), exact up to 2^53.
 */
export interface Trace {
  readonly meta: TraceMeta;
  /** Names and categories; read through `textOf`. */
  readonly strings: TextTable;
  readonly categories: readonly StringId[];
  readonly tracks: readonly Track[];
  /** Tracks of kind frame, ascending: few, and apart from all others in every sum. */
  readonly frames: readonly TrackId[];
  readonly spans: SpanTable;
  readonly rows: RowTable;
  readonly instants: InstantTable;
  readonly counters: CounterTable;
  readonly flows: FlowTable;
  /** Kernels measured one by one, beside the time axis. */
  readonly launches?: LaunchTable;
}

export interface TraceMeta {
  /** File name or run name; never a path. */
  readonly name: string;
  /** Importer id. */
  readonly format: string;
  /** What the file turned out to be, for people: "PyTorch profiler (Kineto)". */
  readonly formatLabel: string;
  /** Tool and version, as the file says. */
  readonly producer?: string;
  /** Time 0 of this trace on the clock of the file, ns. */
  readonly originClockNs: bigint;
  /** Time 0 as Unix time; absent when the clock of the file is not tied to the calendar. */
  readonly originUnixNs?: bigint;
  readonly durationNs: number;
  /** Allow-listed facts about the machine and software, in file order. */
  readonly facts: readonly (readonly [key: string, value: string])[];
  readonly ledger: ImportLedger;
  /** A snapshot of an import that still runs. */
  readonly partial: boolean;
  /** In a snapshot that leaves out what is older: from here on everything is there. */
  readonly completeFromNs?: number;
}

export type TrackKind = "process" | "thread" | "device" | "stream" | "async" | "counter" | "frame";

/**
 * What ran (thread, stream), what holds it (process, device), a series of numbers (counter), or the window in which the
 * profiler recorded (frame: no work, in no sum unless it is asked for by name).
 */
export interface Track {
  readonly id: TrackId;
  readonly kind: TrackKind;
  readonly name: string;
  /** Raw identity as the file gives it ("pid 12", "tid 7", "stream 7"); text: files use strings and 64-bit ids. */
  readonly detail: string;
  readonly parent: TrackId | null;
  readonly sortIndex: number;
  readonly firstSpan: SpanId;
  readonly spanCount: number;
  readonly firstRow: RowId;
  readonly rowCount: number;
  readonly firstInstant: number;
  readonly instantCount: number;
  readonly firstSample: number;
  readonly sampleCount: number;
}

/**
 * Spans of all tracks, track after track, each in (start, longest first, file order).
 * So parents precede children and a subtree lies in one range (`subtreeEnd`).
 */
export interface SpanTable {
  readonly length: number;
  /** SpanId of the first span of each track, and the length behind them: what loops over a million tracks read. */
  readonly firstOfTrack: Column;
  /** float64, integer ns since the origin. */
  readonly startNs: Column;
  /** uint32 ns; `longDuration` means: look it up, through `durationOf`. */
  readonly packedDurationNs: Column;
  /** uint32 ns, duration less the children's; `longDuration` as above, through `selfOf`. */
  readonly packedSelfNs: Column;
  readonly longDurations: LongDurations;
  /** StringId. */
  readonly name: Column;
  /** Index in `Trace.categories`, of one byte where there are few; read through `categoryOf`. */
  readonly category: Column;
  readonly kind: Column;
  /** Color slot: kind and name in one byte, see `toSlot`. */
  readonly slot: Column;
  /** Present only where some span has one; read through `flagsOf`. */
  readonly flags?: Column;
  /** 0 = outermost of its lane. */
  readonly depth: Column;
  /** SpanId of the parent, -1 for none. */
  readonly parent: Column;
  /** Present only in traces where spans overlap without nesting. */
  readonly lane?: Column;
  /** Present only where the file has correlation ids; read through `linkOf`. */
  readonly links?: LinkTable;
  /** Byte offset of the event in the (uncompressed) file, low 32 bits; the arguments are read from there. */
  readonly sourceLow: Column;
  /** High 8 bits of that offset. Present only where the file has more than 4 GiB. */
  readonly sourceHigh?: Column;
  /** Present only where ends of spans have arguments of their own. */
  readonly endSources?: EndSources;
}

/** Byte offsets of the events that ended spans, ordered by span: only of ends with arguments. */
export interface EndSources {
  readonly span: Column;
  readonly offset: Column;
}

/** Durations of 4.29 s and more, ordered by span. */
export interface LongDurations {
  readonly span: Column;
  readonly durationNs: Column;
  readonly selfNs: Column;
}

export const SpanFlag = {
  /** The end is not in the file; drawn to the end of the trace, kept out of duration statistics. */
  openEnded: 1,
  /** Made from samples or other folded-in events. */
  derived: 2,
} as const;

/** Value in a packed duration that sends the reader to `LongDurations`. */
export const longDuration = 0xffffffff;
export const noCategory = 0xffff;
/** `noCategory` in a column of one byte. */
export const noCategoryByte = 0xff;

/** Drawn strips: (track, lane, depth) in track order. Spans of a row are in time order and disjoint. */
export interface RowTable {
  readonly length: number;
  /** RowId of the first row of each track, and the length behind them. */
  readonly firstOfTrack: Column;
  readonly track: Column;
  readonly lane: Column;
  readonly depth: Column;
  /** Where the spans of the row start in `span`; length + 1 values. */
  readonly first: Column;
  /** SpanIds grouped by row. */
  readonly span: Column;
  readonly detail: LevelOfDetail;
}

/**
 * What makes far zooms cheap.
 * Pyramid: fan-out 16 over the spans of a row; node k of level l covers row positions [k·16^l, (k+1)·16^l).
 * Mipmap: rows with many spans divide the trace into 2^m cells; per cell its occupancy (0–255) and the color slot
 * of the longest single overlap; then all halvings down to 2^10 cells.
 */
export interface LevelOfDetail {
  /** Where the nodes of a row start, all levels from the finest (16 spans) up; length rows + 1. */
  readonly pyramidFirst: Column;
  /** float32 busy ns of the node. */
  readonly busyNs: Column;
  /** Row position (not SpanId) of the longest span of the node. */
  readonly longest: Column;
  /** float32 duration of that span, so that a search for long spans reads nothing else. */
  readonly longestNs: Column;
  /** Where the cells of a row start, finest level first; length rows + 1. Equal neighbours: no mipmap. */
  readonly mipmapFirst: Column;
  readonly occupancy: Column;
  readonly slot: Column;
}

export interface InstantTable {
  readonly length: number;
  readonly timeNs: Column;
  readonly name: Column;
  readonly category: Column;
  /** 0 thread, 1 process, 2 global. */
  readonly scope: Column;
  readonly sourceLow: Column;
  readonly sourceHigh: Column;
}

/** Samples of all counter tracks, track after track, in time order. */
export interface CounterTable {
  readonly length: number;
  readonly timeNs: Column;
  readonly value: Column;
}

/** Arrows span → span. */
export interface FlowTable {
  readonly length: number;
  readonly from: Column;
  readonly to: Column;
  /** StringId of what the file calls the arrow ("ac2g", "fwdbwd"); one to four bytes each. */
  readonly name: Column;
}

/** What `Trace.frames` holds. */
export const framesOf = (tracks: readonly Track[]): TrackId[] =>
  tracks.filter(({ kind }) => kind === "frame").map(({ id }) => id);

/** What tells when spans begin and end. */
export type SpanTimes = Pick<SpanTable, "startNs" | "packedDurationNs" | "longDurations">;

/** Duration of a span in ns, long ones included. */
export function durationOf(spans: SpanTimes, span: number): number {
  const packed = spans.packedDurationNs[span];
  return packed === longDuration ? longValue(spans.longDurations.durationNs, spans, span) : packed;
}

/** Self time of a span in ns: its duration less that of its children on the same lane. */
export function selfOf(spans: SpanTable, span: number): number {
  const packed = spans.packedSelfNs[span];
  return packed === longDuration ? longValue(spans.longDurations.selfNs, spans, span) : packed;
}

/** `SpanFlag`s of a span. */
export function flagsOf({ flags }: SpanTable, span: number): number {
  return flags === undefined ? 0 : flags[span];
}

/** Index of the category of a span in `Trace.categories`, `noCategory` for none. */
export function categoryOf({ category }: SpanTable, span: number): number {
  const index = category[span];
  return index === noCategoryByte && category instanceof Uint8Array ? noCategory : index;
}

export function endOf(spans: SpanTimes, span: number): number {
  return spans.startNs[span] + durationOf(spans, span);
}

/** Byte offset of the event in the uncompressed file. */
export function sourceOffsetOf(table: Pick<SpanTable, "sourceLow" | "sourceHigh">, index: number): number {
  return (table.sourceHigh?.[index] ?? 0) * 2 ** 32 + table.sourceLow[index];
}

/** Byte offset of the event that ended the span; null where that has no arguments of its own. */
export function endSourceOf({ endSources }: SpanTable, span: number): number | null {
  if (endSources === undefined) return null;
  const at = firstFrom(endSources.span, span);
  return endSources.span[at] === span ? endSources.offset[at] : null;
}

function longValue(values: Column, spans: Pick<SpanTable, "longDurations">, span: number): number {
  return values[firstFrom(spans.longDurations.span, span)];
}

/** First position in an ascending column whose value is at least `value`. */
function firstFrom(column: Column, value: number): number {
  let low = 0;
  let high = column.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (column[middle] < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
