import type { Advice } from "../../traces/advise/advice.ts";
import type { WhatIf } from "../../traces/replay/what-if.ts";
import type { MeasurementSet } from "../../traces/measure/measurement.ts";
import type { ImportLedger } from "../../traces/model/ledger.ts";
import type { SpanKindName } from "../../traces/model/span-kind.ts";
import type { TrackKind } from "../../traces/model/trace.ts";
import type { BoxTable, CounterPicture, Picture, PictureRequest, Strip } from "../../traces/timeline/view.ts";
import type { CallTree } from "../../traces/query/call-tree.ts";
import type { SpanLink } from "../../traces/query/links.ts";
import type { Neighbor } from "../../traces/query/neighbors.ts";
import type { Scope } from "../../traces/query/scope.ts";
import type { SpanBrief } from "../../traces/query/span-brief.ts";
import type { SpanListPage } from "../../traces/query/span-list.ts";
import type { TimeGroup } from "../../traces/model/time-group.ts";
import type { TopColumn, TopPage, TopRow } from "../../traces/query/top-table.ts";
import type { BenchCommands, BenchEvents } from "./bench-contract.ts";
import type { BookmarkCommands } from "./bookmark-contract.ts";
import type { CompareCommands } from "./compare-contract.ts";
import type { HistoryCommands } from "./history-contract.ts";
import type { FileToken, SearchKey, TraceKey } from "./keys.ts";
import type { NsightCommands } from "./nsight-contract.ts";
import type { PlainError } from "./plain-error.ts";

export type {
  BoxTable,
  CallTree,
  CounterPicture,
  FileToken,
  Neighbor,
  Scope,
  SearchKey,
  SpanBrief,
  SpanLink,
  SpanListPage,
  Strip,
  TimeGroup,
  TopColumn,
  TopPage,
  TopRow,
  TraceKey,
};

/*
 * Words that the engine and its clients (window, command line) share. Payloads are plain data and typed arrays,
 * so that every channel can carry them: message port, in process, framed bytes.
 * Times: ns since the trace's origin, numbers. 64-bit clock values: decimal text.
 */

export interface EngineCommands
  extends BenchCommands, BookmarkCommands, CompareCommands, HistoryCommands, NsightCommands {
  /** Of files that "trace.open" refuses with `BenchmarkResultsError`. */
  "measurements.read": { readonly request: { readonly file: FileToken }; readonly reply: MeasurementSet };
  "trace.open": { readonly request: OpenRequest; readonly reply: TraceSummary };
  /** Makes the copy of a compressed file from which arguments are read; done at once where none is needed. */
  "trace.unpack": { readonly request: { readonly trace: TraceKey }; readonly reply: null };
  "trace.close": { readonly request: { readonly trace: TraceKey }; readonly reply: null };
  "timeline.view": { readonly request: ViewRequest; readonly reply: ViewPicture };
  "timeline.pick": { readonly request: PickRequest; readonly reply: Pick | null };
  "span.details": { readonly request: SpanRequest; readonly reply: SpanDetails };
  "span.neighbor": { readonly request: NeighborRequest; readonly reply: SpanBrief | null };
  "span.list": { readonly request: SpanListRequest; readonly reply: SpanListPage };
  "instant.details": { readonly request: InstantRequest; readonly reply: InstantDetails };
  "table.top": { readonly request: TopRequest; readonly reply: TopPage };
  "tree.calls": { readonly request: CallTreeRequest; readonly reply: CallTree };
  "search.run": { readonly request: SearchRequest; readonly reply: SearchSummary };
  "search.step": { readonly request: SearchStepRequest; readonly reply: SearchHit | null };
  "export.formats": { readonly request: null; readonly reply: readonly ExportFormat[] };
  "trace.export": { readonly request: ExportRequest; readonly reply: ExportReport };
  /** Where time could be saved. */
  "advice.get": { readonly request: { readonly trace: TraceKey }; readonly reply: AdviceReply };
  /** What steps would take if spans took another time. */
  "replay.ask": { readonly request: ReplayRequest; readonly reply: WhatIf };
  "names.get": { readonly request: NamesRequest; readonly reply: readonly string[] };
}

export interface EngineEvents extends BenchEvents {
  /** A snapshot of an import that still runs: everything in it may be queried. */
  "trace.grew": TraceSummary;
}

export interface OpenRequest {
  readonly trace: TraceKey;
  readonly file: FileToken;
  /** Importer id, to override what the content says. */
  readonly importer?: string;
  /** Allow what stopped at the inflate limit. */
  readonly allowLargeInflate?: boolean;
  /** Times of trace events are nanoseconds, where the format wants microseconds. */
  readonly timesInNs?: boolean;
  /** Of a file with two clocks, the one that fewer events tell of. */
  readonly otherClock?: boolean;
}

export interface TraceSummary {
  readonly trace: TraceKey;
  readonly fileName: string;
  readonly fileBytes: number;
  readonly format: string;
  readonly formatLabel: string;
  readonly producer: string | null;
  /** Decimal ns; null when the clock of the file is not tied to the calendar. */
  readonly originUnixNs: string | null;
  /** Decimal ns on the clock of the file. */
  readonly originClockNs: string;
  readonly durationNs: number;
  readonly spanCount: number;
  readonly instantCount: number;
  readonly sampleCount: number;
  readonly flowCount: number;
  /** Kernels measured one by one (`launch.list`); 0 for traces over time. */
  readonly launchCount: number;
  readonly rowCount: number;
  readonly kinds: readonly KindSummary[];
  readonly tracks: readonly TrackSummary[];
  /** Spans of kind step, in time order; at most 2,000, `stepCount` tells how many there are. */
  readonly steps: readonly StepSummary[];
  readonly stepCount: number;
  readonly facts: readonly (readonly [key: string, value: string])[];
  readonly ledger: ImportLedger;
  readonly partial: boolean;
  /** Before this, a snapshot of a long run leaves spans out; 0 otherwise. */
  readonly completeFromNs: number;
  /** Where the times of a trace lie so far apart that the whole of it looks empty; else, and in snapshots, none. */
  readonly timeGroups: readonly TimeGroup[];
  /** Wall time from first byte to sealed, ms. */
  readonly importMs: number;
  /** Bytes of all columns, level of detail included. */
  readonly residentBytes: number;
}

/** Only kinds that occur. Open-ended spans and frames count but add no time. */
export interface KindSummary {
  readonly kind: SpanKindName;
  readonly count: number;
  readonly totalNs: number;
}

export interface TrackSummary {
  readonly id: number;
  readonly kind: TrackKind;
  readonly name: string;
  readonly detail: string;
  readonly parent: number | null;
  readonly sortIndex: number;
  readonly spanCount: number;
  readonly firstRow: number;
  readonly rowCount: number;
  /** Rows of lane 0 come first; where further lanes start, relative to `firstRow`. Empty for one lane. */
  readonly laneRows: readonly number[];
  readonly instantCount: number;
  readonly sampleCount: number;
  /** Counter tracks: extremes of the samples; null elsewhere. */
  readonly sampleRange: readonly [min: number, max: number] | null;
  /** Union of the track's spans; null for tracks without spans. */
  readonly busyNs: number | null;
}

export interface StepSummary {
  readonly span: number;
  readonly name: string;
  readonly startNs: number;
  readonly durationNs: number;
}

/** A piece of timeline at screen resolution. The window asks for 2–3 times what it shows. */
export interface ViewRequest extends PictureRequest {
  readonly trace: TraceKey;
  /** The newest request of a panel replaces a waiting one. */
  readonly panel: string;
  readonly search: SearchKey | null;
  /** Echoed; older answers are dropped. */
  readonly generation: number;
  /** What the slots of the picture tell beside the kind; absent: the name. */
  readonly slots?: SlotMeaning;
}

/** What the variant of a color slot stands for: a hash of the name, or sixteenths of the self share (`shareVariant`). */
export type SlotMeaning = "name" | "selfShare";

export interface ViewPicture extends Picture {
  readonly generation: number;
  readonly slots: SlotMeaning;
}

/** What lies at a point: the longest span of the strip that meets [startNs, endNs). */
export interface PickRequest {
  readonly trace: TraceKey;
  readonly strip: Strip;
  readonly startNs: number;
  readonly endNs: number;
}

export type Pick =
  | {
      readonly kind: "span";
      readonly span: SpanBrief;
      readonly count: number;
      readonly busyNs: number;
      readonly parentDurationNs: number | null;
    }
  | {
      readonly kind: "instant";
      readonly instant: number;
      readonly name: string;
      readonly timeNs: number;
      readonly count: number;
    }
  | { readonly kind: "sample"; readonly timeNs: number; readonly value: number };

export interface SpanRequest {
  readonly trace: TraceKey;
  readonly span: number;
}

export interface SpanDetails {
  readonly brief: SpanBrief;
  /** Outermost first, the span itself excluded. At most the nearest 200: `brief.depth` tells how many there are. */
  readonly ancestors: readonly SpanBrief[];
  readonly childCount: number;
  /** All spans of this name: count, sum and mean of closed ones. */
  readonly sameName: { readonly count: number; readonly totalNs: number };
  /** Arguments in file order, nested values as JSON text, numbers digit by digit as in the file. */
  readonly args: readonly (readonly [key: string, value: string])[];
  /** Why there are no arguments: "the file changed on disk". Null when they could be read. */
  readonly argsUnavailable: string | null;
  /** The arguments follow once the compressed file is unpacked: ask again after "trace.unpack". */
  readonly argsPacked: boolean;
  readonly links: readonly SpanLink[];
  /** Links beyond the first 200. */
  readonly linksOmitted: number;
}

export interface NeighborRequest extends SpanRequest {
  readonly neighbor: Neighbor;
}

export interface SpanListRequest {
  readonly trace: TraceKey;
  readonly scope: Scope;
  readonly first: number;
  readonly count: number;
}
export interface InstantRequest {
  readonly trace: TraceKey;
  readonly instant: number;
}
export interface InstantDetails {
  readonly instant: number;
  readonly name: string;
  readonly category: string | null;
  readonly timeNs: number;
  readonly track: number;
  readonly args: readonly (readonly [key: string, value: string])[];
  readonly argsUnavailable: string | null;
  /** As in `SpanDetails`. */
  readonly argsPacked: boolean;
}

export interface TopRequest {
  readonly trace: TraceKey;
  readonly scope: Scope;
  readonly group: "name" | "path";
  readonly sort: TopColumn;
  readonly descending: boolean;
  readonly first: number;
  readonly count: number;
}

export interface CallTreeRequest {
  readonly trace: TraceKey;
  readonly scope: Scope;
  readonly direction: "topDown" | "bottomUp";
  /** First level = tracks. */
  readonly byTrack: boolean;
  /** Nodes with a smaller part of the whole are left out, with their subtrees, and counted. */
  readonly minShare: number;
  readonly maxNodes: number;
}

/** Text parts are matched case-insensitively; `/…/` is a regular expression; `cat:`, `track:`, `kind:`, `dur>2ms`, `dur<10us` narrow. */
export interface SearchRequest {
  readonly trace: TraceKey;
  readonly search: SearchKey;
  readonly query: string;
}
export interface SearchSummary {
  readonly search: SearchKey;
  readonly hitCount: number;
  readonly nameCount: number;
  readonly totalNs: number;
}
export interface SearchStepRequest {
  readonly trace: TraceKey;
  readonly search: SearchKey;
  /** From where: a span, else a time. */
  readonly fromSpan: number | null;
  readonly fromNs: number;
  readonly direction: "next" | "previous";
}
export interface SearchHit {
  readonly span: SpanBrief;
  /** Position among the hits in time order, 0-based. */
  readonly index: number;
  readonly hitCount: number;
}

/** A format that traces can be written to. */
export interface ExportFormat {
  readonly id: string;
  readonly label: string;
  /** Without the dot. */
  readonly extension: string;
  readonly description: string;
  /** Spans on a time axis, kernels without one, or both. */
  readonly takes: "spans" | "launches" | "any";
  readonly writesArguments: boolean;
}

export interface ExportRequest {
  readonly trace: TraceKey;
  /** Id of an export format. */
  readonly format: string;
  /** Where to write: a place the user chose. What is there is replaced once the file is complete. */
  readonly target: FileToken;
  /** Reads the arguments of all events again, which takes longer. */
  readonly withArguments: boolean;
  /** Else the home folders in names and arguments become "~". */
  readonly keepHomeFolders: boolean;
}

export interface ExportReport {
  readonly fileName: string;
  readonly bytes: number;
  /** Why no arguments were written although they were asked for; null when they were. */
  readonly argumentsUnavailable: string | null;
  /** Events whose arguments could not be read again. */
  readonly eventsWithoutArguments: number;
}

export interface AdviceReply {
  readonly advice: Advice;
  /** Of each finding, in their order: its evidence as spans. */
  readonly evidence: readonly (readonly SpanBrief[])[];
}

export interface ReplayRequest {
  readonly trace: TraceKey;
  /** None: what a step consists of. */
  readonly edits: readonly ReplayEditRequest[];
}

export interface ReplayEditRequest {
  /** As in the search. */
  readonly query: string;
  /** What becomes of the time of the spans that it finds: 0 leaves them out. */
  readonly factor: number;
  /** Also of what is below them, and of the device work launched there. */
  readonly below: boolean;
}

export interface NamesRequest {
  readonly trace: TraceKey;
  readonly ids: readonly number[];
}

export type CommandName = keyof EngineCommands;
export type EventName = keyof EngineEvents;

export type CallMessage = {
  readonly [N in CommandName]: {
    readonly kind: "call";
    readonly id: number;
    readonly command: N;
    readonly request: EngineCommands[N]["request"];
  };
}[CommandName];
export type EventMessage = {
  readonly [N in EventName]: { readonly kind: "event"; readonly event: N; readonly payload: EngineEvents[N] };
}[EventName];

export type ToEngine = CallMessage | { readonly kind: "cancel"; readonly id: number };
export type FromEngine =
  | { readonly kind: "done"; readonly id: number; readonly reply: unknown }
  | { readonly kind: "failed"; readonly id: number; readonly error: PlainError }
  | { readonly kind: "progress"; readonly id: number; readonly progress: Progress }
  | EventMessage;

export interface Progress {
  readonly done: number;
  readonly total: number | null;
  readonly unit: "bytes" | "spans" | "entries";
}

/** A command without a handler does not compile. */
export type EngineHandlers<Context extends CallContext = CallContext> = {
  readonly [N in CommandName]: (
    request: EngineCommands[N]["request"],
    context: Context,
  ) => Promise<EngineCommands[N]["reply"]>;
};

export interface CallContext {
  readonly signal: AbortSignal;
  readonly reportProgress: (progress: Progress) => void;
  readonly emit: (message: EventMessage) => void;
}

export interface CallOptions {
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: Progress) => void;
}

export interface EngineClient {
  call<N extends CommandName>(
    command: N,
    request: EngineCommands[N]["request"],
    options?: CallOptions,
  ): Promise<EngineCommands[N]["reply"]>;
  /** Returns its own undo. */
  on<N extends EventName>(event: N, listener: (payload: EngineEvents[N]) => void): () => void;
  close(): void;
}

/** A MessagePort, an in-process pair, a socket. */
export interface Channel<Out, In> {
  send(message: Out): void;
  onMessage(listener: (message: In) => void): () => void;
  close(): void;
}
