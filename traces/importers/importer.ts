import type { ByteSource } from "../io/byte-source.ts";
import type { Allocate } from "../model/column.ts";
import { mostSpans, mostTracks } from "../model/limits.ts";
import type { Trace } from "../model/trace.ts";
import type { TraceBuilder, TraceDescription } from "../model/trace-builder.ts";
import type { SegmentThreads } from "./json-scan/scan-segments.ts";

/** A file format that can be opened: one file in `formats/` and one line in `registry.ts`. */
export type TraceFormat = Importer | SealedImporter;

interface FormatFacts {
  /** File name without ".ts". */
  readonly id: string;
  readonly label: string;
  /** What its files are called in a short list of what can be opened; formats of one program share a name. */
  readonly shortNames: readonly string[];
  /** For open dialogs; never decides. */
  readonly extensions: readonly string[];
  /** How surely a file starting with `head` (≤ 64 KiB, inflated) is of this format: 0 to 1. Never throws. */
  sniff(head: Uint8Array, fileName: string): number;
  /** Prepares to read what the file says of single events beyond the trace. Absent: the trace holds all there is. */
  openArguments?(source: ByteSource): Promise<ArgumentReader>;
  /** Its arguments are those of samples: spans made from these have some, though no event of their own. */
  readonly describesSamples?: true;
}

/** Reads a format that holds a trace as its columns lie in memory, so that nothing is sorted again. */
export interface SealedImporter extends FormatFacts {
  /** Throws TraceFormatError for a file it cannot read. */
  open(source: ByteSource, context: ImportContext, allocate: Allocate): Promise<Trace>;
}

/** Reads one file format event by event. */
export interface Importer extends FormatFacts {
  /**
   * Throws TraceFormatError for a file it cannot read at all; counts what it skips in `builder.ledger`.
   * What it returns describes the trace; partial snapshots ask `context.publish` with the same shape.
   */
  read(source: ByteSource, builder: TraceBuilder, context: ImportContext): Promise<TraceDescription>;
}

/** Reads single events of an imported file again; kept as long as the trace is open, and closed before its source. */
export interface ArgumentReader {
  /** Throws TraceFormatError when no event is at the place, UserFacingError when it is another one than expected. */
  read(place: EventPlace): Promise<EventArguments>;
  /**
   * Where the file writes values as JSON: reads events ahead, as many as memory allows, in one pass over the file.
   * `pause` is awaited on the way and may throw.
   */
  readBatch?(places: EventPlaces, pause: () => Promise<void>): Promise<EventBatch>;
  /** Where they are in memory: the same arguments as JSON texts, at once. */
  jsonAt?(offset: number): JsonArguments;
  close(): void;
}

/** Places in the order in which their events are asked for. */
export interface EventPlaces {
  readonly count: number;
  /** Null: nothing of the file stands for it. */
  at(index: number): EventPlace | null;
}

export interface EventBatch {
  /** Events that were read, from the first on: at least one. */
  readonly count: number;
  /** The arguments as valid JSON texts, numbers digit by digit. Throws as `ArgumentReader.read`. */
  argumentsOf(index: number): JsonArguments;
}

/** Arguments in file order, their values as JSON texts. */
export type JsonArguments = readonly (readonly [key: string, json: string])[];

/** Where an event stands: the source offset that the importer gave it, and what must be found there. */
export interface EventPlace {
  readonly offset: number;
  readonly name: string;
  /** Where the event that ended the span stands, if that has arguments; null otherwise. */
  readonly endOffset: number | null;
}

/** One event as its file writes it. */
export interface EventArguments {
  /** Null when the event has none. */
  readonly name: string | null;
  /** Start as written; null when there is none. */
  readonly startText: string | null;
  /** In file order. */
  readonly args: readonly (readonly [key: string, value: string])[];
}

export interface ImportContext {
  readonly fileName: string;
  /** Between chunks, ≤ 20 ms apart. Throws CancelledError. */
  throwIfCancelled(): void;
  /** Bytes consumed of the file as stored (compressed bytes for gz). Also the moment at which snapshots are published. */
  reportProgress(bytesRead: number, describe: () => TraceDescription): void;
  readonly limits: ImportLimits;
  /** Times of trace events are nanoseconds, against the rules of the format: the user said so. */
  readonly timesInNs?: boolean;
  /**
   * The clock of the trace where a file of trace events has several, more than 52 days apart: that of its first event
   * (absent), of most or of fewer events, for which `OtherClockError` may ask to begin anew, or the one of this time.
   */
  readonly clock?: "first" | "most" | "fewer" | { readonly baseMicros: number };
  /** Read JSON events without WebAssembly, by the plain reader: slower, with the same result. */
  readonly plainReader?: boolean;
  /**
   * Starts threads that scan parts of the file; they end with the import. Absent where the file is none that they could
   * read, null where the system gives none.
   */
  readonly startSegmentThreads?: () => SegmentThreads | null;
  /** The file is a container that this program kept for itself. */
  readonly isOwnContainer?: boolean;
}

/** All are reported when hit. Bytes unless said. */
export interface ImportLimits {
  readonly eventBytes: number;
  readonly inflatedBytes: number;
  /** Inflated : stored at which a bomb is suspected, checked above 64 MiB of output. */
  readonly inflateRatio: number;
  readonly spans: number;
  readonly tracks: number;
}

export const defaultLimits: ImportLimits = {
  eventBytes: 256 * 2 ** 20,
  inflatedBytes: 64 * 2 ** 30,
  inflateRatio: 1000,
  spans: mostSpans,
  tracks: mostTracks,
};
