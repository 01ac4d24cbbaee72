import type { ArgumentReader } from "../../traces/importers/importer.ts";
import { UserFacingError } from "../../traces/model/errors.ts";
import type { NameTotals } from "../../traces/query/span-sums.ts";
import type { Trace } from "../../traces/model/trace.ts";
import type { SearchKey, TraceKey } from "../contract/engine-contract.ts";
import type { FileStamp } from "./files.ts";
import type { Unpacking } from "./unpack-events.ts";

/** A file the user chose, as the host of the engine granted it. */
export interface GrantedFile {
  readonly path: string;
  /** Shown and put into messages; the path never is. */
  readonly name: string;
}

/** One trace of one client, from the start of its import until it is closed. */
export interface OpenTrace {
  readonly key: TraceKey;
  readonly file: GrantedFile;
  /** Of the moment the import began; null for a live run, which has no file. */
  fileStamp: FileStamp | null;
  /** Of the file's content; read on first need. */
  fingerprint?: Promise<string>;
  readonly allowLargeInflate: boolean;
  /** The file once more, to read arguments from; opened on first need. */
  argumentReader: Promise<ArgumentReader> | null;
  /** The reader is there: nothing has to be unpacked any more. */
  hasOpenReader?: boolean;
  /** Whether events are read from a copy that has to be unpacked first; found out on first need. */
  needsCopy?: Promise<boolean>;
  unpacking?: Unpacking | null;
  /** Ends the import. */
  readonly abort: AbortController;
  /** The newest snapshot; null before the first. */
  current: CurrentTrace | null;
  /** Queries outlive snapshots; their hits do not. */
  readonly queries: Map<SearchKey, string>;
}

/** A snapshot or the sealed trace, with what was derived from it so far. Span ids hold within one of these only. */
export interface CurrentTrace {
  readonly trace: Trace;
  readonly nameTotals: NameTotals;
  /** Filled by the handlers on first need, dropped with the snapshot. */
  readonly derived: Map<string, unknown>;
}

/** The traces of one client. */
export interface TraceStore {
  add(entry: OpenTrace): void;
  /** Throws `UserFacingError` for a key that is not open. */
  entry(key: TraceKey): OpenTrace;
  /** As `entry`, and throws when nothing of the trace is there yet. */
  current(key: TraceKey): CurrentTrace;
  has(key: TraceKey): boolean;
  /** Ends the import that still runs and forgets the trace; unknown keys are ignored. */
  remove(key: TraceKey): void;
  /** As `remove`, unless another trace has taken the key meanwhile. */
  removeEntry(entry: OpenTrace): void;
  clear(): void;
}

export function createTraceStore(): TraceStore {
  const entries = new Map<TraceKey, OpenTrace>();
  const entry = (key: TraceKey): OpenTrace => {
    const found = entries.get(key);
    if (found === undefined) throw new UserFacingError("this trace is not open");
    return found;
  };
  const remove = (key: TraceKey): void => {
    const removed = entries.get(key);
    entries.delete(key);
    removed?.abort.abort();
    // One that could not be opened has nothing to close.
    removed?.argumentReader?.then(
      (reader) => reader.close(),
      () => undefined,
    );
  };
  return {
    add: (added) => void entries.set(added.key, added),
    entry,
    current(key) {
      const { current } = entry(key);
      if (current === null) throw new UserFacingError("nothing of this trace is read yet");
      return current;
    },
    has: (key) => entries.has(key),
    remove,
    removeEntry(removed) {
      if (entries.get(removed.key) === removed) remove(removed.key);
    },
    clear() {
      for (const key of entries.keys()) remove(key);
    },
  };
}

/** What `compute` gave for this snapshot under `key`, computed once. */
export function derive<T>(current: CurrentTrace, key: string, compute: (trace: Trace) => T): T {
  if (!current.derived.has(key)) current.derived.set(key, compute(current.trace));
  // Each key belongs to one caller, and so to one type.
  return current.derived.get(key) as T;
}
