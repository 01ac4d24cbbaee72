import type { JsonArguments } from "../importers/importer.ts";
import type { Trace } from "../model/trace.ts";

/** Writes a trace to one file format. One exporter is one file in `formats/` and one line in `registry.ts`. */
export interface Exporter {
  /** File name without ".ts". */
  readonly id: string;
  readonly label: string;
  /** Without the dot. */
  readonly extension: string;
  /** One sentence for menus: what the file is good for. */
  readonly description: string;
  /** What it can hold: spans on a time axis, kernels without one, or both. */
  readonly takes: "spans" | "launches" | "any";
  /** Whether the arguments of events go into the file. */
  readonly writesArguments: boolean;
  /**
   * Yields the file front to back in pieces of at most a few MiB; the host writes them to a temporary file and
   * renames it at the end. A piece must not be changed after it was yielded. The trace must be no snapshot.
   */
  write(trace: Trace, context: ExportContext): AsyncIterable<Uint8Array>;
}

export interface ExportContext {
  /** "Deltaflame 0.1.0". */
  readonly writer: string;
  /** Between pieces of work, ≤ 20 ms apart. Throws CancelledError. */
  throwIfCancelled(): void;
  /** Spans, instants, samples and arrows that are written, of all. */
  reportProgress(done: number, total: number): void;
  /** Null: the arguments cannot be read, or are not wanted. */
  readonly argumentReader: ExportArguments | null;
  /** Home folders in names and arguments become "~", unless the user wants them kept. */
  readonly keepHomeFolders: boolean;
}

/**
 * Reads the arguments of events again from the file of the trace. Empty: the event has none. What is known at once is no
 * promise: waiting for each of millions takes longer than writing them.
 */
export interface ExportArguments {
  ofSpan(span: number): JsonArguments | Promise<JsonArguments>;
  ofInstant(instant: number): JsonArguments | Promise<JsonArguments>;
}

/** What `reportProgress` counts. */
export function entryCount({ spans, instants, counters, flows }: Trace): number {
  return spans.length + instants.length + counters.length + flows.length;
}
