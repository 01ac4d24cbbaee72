import { CancelledError } from "../../traces/model/errors.ts";
import { limitsOf } from "./imports/perform-import.ts";
import { openByteSource } from "./node-host.ts";
import { canBeRead, openReader } from "./read-arguments.ts";
import type { JobContext } from "./serve-client.ts";
import type { OpenTrace } from "./trace-store.ts";

/** Smaller files are unpacked while the answer waits: some 50 ms. */
const smallestBytes = 2 ** 20;

/** One pass over a compressed file that makes the copy from which single events are read. */
export interface Unpacking {
  readonly abort: AbortController;
  /** Told of stored bytes, by all who wait. */
  readonly listeners: Set<(done: number, total: number) => void>;
  readonly done: Promise<void>;
}

/** Whether single events of a file wait for its copy, which takes longer than an answer may. */
export async function isPacked(entry: OpenTrace): Promise<boolean> {
  if (entry.hasOpenReader === true || (entry.fileStamp?.bytes ?? 0) < smallestBytes) return false;
  entry.needsCopy ??= openByteSource(entry.file.path, { limits: limitsOf(entry) }).then((source) => {
    source.close();
    return source.unpack !== undefined;
  });
  return await entry.needsCopy;
}

/** Unpacks, or waits for who does already. Rejects with CancelledError for all when one of them gives up. */
export async function unpackEvents(
  entry: OpenTrace,
  { signal, reportProgress }: Pick<JobContext, "signal" | "reportProgress">,
): Promise<void> {
  const unpacking = (entry.unpacking ??= startUnpacking(entry));
  const listener = (done: number, total: number): void => reportProgress({ done, total, unit: "bytes" });
  const stop = (): void => unpacking.abort.abort();
  unpacking.listeners.add(listener);
  signal.addEventListener("abort", stop, { once: true });
  try {
    await unpacking.done;
  } finally {
    signal.removeEventListener("abort", stop);
    unpacking.listeners.delete(listener);
  }
}

/** Unpacks while nobody asks yet, so that the first selected span mostly has its arguments at once. */
export async function unpackAhead(entry: OpenTrace): Promise<void> {
  try {
    if (!entry.abort.signal.aborted && (await canBeRead(entry)) && (await isPacked(entry)))
      await unpackEvents(entry, { signal: entry.abort.signal, reportProgress() {} });
  } catch {
    // Who asks for arguments is told.
  }
}

function startUnpacking(entry: OpenTrace): Unpacking {
  const abort = new AbortController();
  const listeners = new Set<(done: number, total: number) => void>();
  const betweenPieces = (done: number, total: number): void => {
    if (abort.signal.aborted || entry.abort.signal.aborted) throw new CancelledError();
    for (const listener of listeners) listener(done, total);
  };
  const done = openReader(entry, betweenPieces).then(
    () => undefined,
    (error: unknown) => {
      entry.unpacking = null;
      throw error;
    },
  );
  return { abort, listeners, done };
}
