import type { StringId, TrackId } from "./ids.ts";
import type { LaunchTable } from "./launch-table.ts";
import type { SealHelper } from "./seal-helper.ts";
import type { SpanKind } from "./span-kind.ts";
import type { Trace, TrackKind } from "./trace.ts";

/** What an importer says of a track; may be completed later (`describeTrack`). */
export interface TrackSpec {
  readonly kind: TrackKind;
  readonly name: string;
  readonly detail?: string;
  readonly parent?: TrackId | null;
  /** Lower is higher on the screen; ties keep the order of creation. Default 0. */
  readonly sortIndex?: number;
}

export interface SpanExtras {
  readonly link?: number;
  readonly openEnded?: boolean;
  /** Fixed lane: spans of different lanes of a track never nest (asynchronous work). */
  readonly lane?: number;
  /** Made from samples or other folded-in events: no event of its own in the ledger. */
  readonly derived?: boolean;
  /** Byte offset of the event that ended the span, when that has arguments of its own. */
  readonly endSource?: number;
}

/** Spans as columns, handed to a builder together: no call and no object per span. */
export class SpanBatch {
  length = 0;
  readonly track: Uint32Array;
  readonly startNs: Float64Array;
  readonly durationNs: Float64Array;
  readonly name: Uint32Array;
  readonly category: Uint16Array;
  readonly kind: Uint8Array;
  readonly sourceOffset: Float64Array;
  /** 0 for none. */
  readonly link: Uint32Array;

  constructor(capacity: number) {
    this.track = new Uint32Array(capacity);
    this.startNs = new Float64Array(capacity);
    this.durationNs = new Float64Array(capacity);
    this.name = new Uint32Array(capacity);
    this.category = new Uint16Array(capacity);
    this.kind = new Uint8Array(capacity);
    this.sourceOffset = new Float64Array(capacity);
    this.link = new Uint32Array(capacity);
  }
}

/** Ends of arrows as columns: see `addFlowEnd`. None of them names its span. */
export interface FlowEndBatch {
  length: number;
  readonly key: Float64Array;
  /** `FlowRole`. */
  readonly role: Uint8Array;
  readonly track: Uint32Array;
  readonly timeNs: Float64Array;
  readonly name: Uint32Array;
  /** `FlowBind`. */
  readonly bind: Int8Array;
}

/** Half of what a double counts exactly: what lies as far before the first event as behind it is still exact. */
export const largestTimeNs: number = 2 ** 52;

/**
 * Collects what an importer finds, in any order, and seals it. The only maker of traces.
 * Times: ns relative to any base of the importer's choice (see `setClock`), integers, |t| ≤ 2^53.
 */
export interface TraceBuilder {
  intern(text: string): StringId;
  /**
   * As `intern`, for texts that no other call of this method had, which lie in UTF-8 one behind another: far cheaper where
   * a file has millions of them. `ends`: place behind each; `ids` gets their StringIds.
   */
  internDistinct(bytes: Uint8Array, ends: Uint32Array, ids: Int32Array): void;
  /** The text behind an id. */
  text(id: StringId): string;
  category(text: string): number;
  addTrack(spec: TrackSpec): TrackId;
  describeTrack(track: TrackId, patch: Partial<TrackSpec>): void;
  /** `baseClockNs`: time 0 of all times pushed here, on the clock of the file. `unixOffsetNs`: add it to that clock to get Unix time; null when unknown. */
  setClock(baseClockNs: bigint, unixOffsetNs: bigint | null): void;
  /**
   * Returns a builder-internal index, valid for `setKind` and `endSpan`; -1 when the span was refused and counted (its time is
   * out of range, or the trace is full).
   * `durationNs` is ignored when open-ended; a negative one becomes 0 and is counted.
   */
  addSpan(
    track: TrackId,
    startNs: number,
    durationNs: number,
    name: StringId,
    kind: SpanKind,
    category: number,
    sourceOffset: number,
    extras?: SpanExtras,
  ): number;
  /**
   * Ends a span that was added with duration 0, once, not before it starts: for importers that meet begins in order and
   * would have to remember as many spans as there are. `endSource`: as in `SpanExtras`.
   */
  endSpan(span: number, endNs: number, endSource?: number): void;
  /** Adds closed spans, as `addSpan` would one by one; `batch` may be used again. */
  addSpans(batch: SpanBatch): void;
  setKind(span: number, kind: SpanKind): void;
  /**
   * Spans added to this track from now on may stand before earlier ones in the file: of those with equal times the one that
   * stands first becomes the outer one.
   */
  orderBySource(track: TrackId): void;
  addInstant(
    track: TrackId,
    timeNs: number,
    name: StringId,
    category: number,
    scope: 0 | 1 | 2,
    sourceOffset: number,
  ): void;
  addSample(track: TrackId, timeNs: number, value: number): void;
  /**
   * One end of an arrow. Ends of equal `key` are chained in time order: start, steps, end. `bind`: to the innermost
   * span that encloses the time, to the next one that starts, or to the one of this builder-internal index.
   */
  addFlowEnd(
    key: number,
    role: "start" | "step" | "end",
    track: TrackId,
    timeNs: number,
    name: StringId,
    bind: "enclosing" | "next" | number,
  ): void;
  /** Adds ends of arrows, as `addFlowEnd` would one by one; `batch` may be used again. */
  addFlowEnds(batch: FlowEndBatch): void;
  /** An arrow between two pushed spans, by the indexes that `addSpan` gave; counts as two flow ends. */
  addFlow(from: number, to: number, name: StringId): void;
  /** Kernels with metrics, which have no place on the time axis. */
  setLaunches(launches: LaunchTable): void;
  readonly ledger: LedgerBook;
  readonly spanCount: number;
  /** Sealed view of what is there so far; the builder goes on. */
  snapshot(meta: TraceDescription): Trace;
  /** Ends the builder. */
  seal(meta: TraceDescription): Trace;
  /** As `seal`, beside another thread; only where the memory of columns is shared. `betweenSteps` may throw to stop. */
  sealTogether(meta: TraceDescription, helper: SealHelper, betweenSteps: () => void): Promise<Trace>;
}

export interface TraceDescription {
  readonly name: string;
  readonly format: string;
  readonly formatLabel: string;
  readonly producer?: string;
  readonly facts: readonly (readonly [key: string, value: string])[];
  /** Source offsets are places that only the importer understands (rows of tables): no message may call them bytes. */
  readonly opaqueOffsets?: true;
}

/** Counts what happens to events; becomes an `ImportLedger` at seal. */
export interface LedgerBook {
  read(count?: number): void;
  metadata(count?: number): void;
  counterEvent(count?: number): void;
  foldedIn(count?: number): void;
  dropped(code: string, message: string, byteOffset: number, count?: number): void;
  note(code: string, message: string, byteOffset: number, count?: number, level?: "info" | "warning"): void;
  truncatedAt(byteOffset: number): void;
}
