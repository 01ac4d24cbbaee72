import type { NameTotals } from "../../../traces/query/span-sums.ts";
import type { Trace } from "../../../traces/model/trace.ts";
import type { Progress } from "../../contract/engine-contract.ts";
import type { TraceOutline } from "../summary.ts";

/** One file to read. Plain data: it travels to a worker. */
export interface ImportJob {
  readonly path: string;
  /** For messages and sniffing; never a path. */
  readonly fileName: string;
  /** Importer id that overrides what the content says; null = judge by content. */
  readonly importer: string | null;
  /** Goes on where the inflate limits would stop. */
  readonly allowLargeInflate: boolean;
  /** Times of trace events are read as nanoseconds. */
  readonly timesInNs?: boolean;
  /** Of a file with two clocks, the one that fewer events tell of; else that of most. */
  readonly otherClock?: boolean;
  /** The file is a container that this program kept for itself. */
  readonly isOwnContainer?: boolean;
}

/** A trace and what takes a pass over all its spans, made together off the engine thread. */
export interface ImportedTrace {
  readonly trace: Trace;
  readonly outline: TraceOutline;
  readonly nameTotals: NameTotals;
}

export interface ImportWatcher {
  /** At most ten times a second, and once when all is read. */
  readonly onProgress: (progress: Progress) => void;
  /** Null: nobody looks before the end, so no snapshots are made. */
  readonly onSnapshot: ((imported: ImportedTrace) => void) | null;
}

/** Reads files into traces: in worker threads, or in this one. */
export interface Imports {
  /** Rejects with `CancelledError` soon after `signal` aborts; everything read so far is dropped. */
  run(job: ImportJob, watcher: ImportWatcher, signal: AbortSignal): Promise<ImportedTrace>;
  close(): Promise<void>;
}
