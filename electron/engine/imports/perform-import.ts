import { importFile } from "../../../traces/importers/import-file.ts";
import { defaultLimits, type ImportLimits } from "../../../traces/importers/importer.ts";
import type { ByteSource } from "../../../traces/io/byte-source.ts";
import type { Allocate } from "../../../traces/model/column.ts";
import { createTraceBuilder } from "../../../traces/model/create-trace-builder.ts";
import type { Trace } from "../../../traces/model/trace.ts";
import { sumSpans } from "../../../traces/query/span-sums.ts";
import { outlineTrace } from "../summary.ts";
import type { ImportedTrace, ImportJob, ImportWatcher } from "./import-job.ts";
import { createSnapshotSchedule } from "./snapshot-schedule.ts";

/** What the thread that imports brings along. */
export interface ImportThread {
  readonly allocate: Allocate;
  /** Throws `CancelledError` once the import shall end. */
  readonly throwIfCancelled: () => void;
  /** Wall clock, ms. */
  readonly nowMs: () => number;
}

const progressIntervalMs = 100;

/** Reads one file on the calling thread; the same in a worker, in the command line and in tests. Closes `source`. */
export async function performImport(
  source: ByteSource,
  job: ImportJob,
  watcher: ImportWatcher,
  thread: ImportThread,
): Promise<ImportedTrace> {
  const { onSnapshot } = watcher;
  const builder = createTraceBuilder({ allocate: thread.allocate });
  const schedule = createSnapshotSchedule(source.storedSize, thread.nowMs);
  let toldAtMs = -Infinity;
  const tellProgress = (bytesRead: number): void => {
    const nowMs = thread.nowMs();
    if (nowMs - toldAtMs < progressIntervalMs) return;
    toldAtMs = nowMs;
    watcher.onProgress({ done: bytesRead, total: source.storedSize, unit: "bytes" });
  };
  try {
    const trace = await importFile(source, {
      builder,
      allocate: thread.allocate,
      ...(job.importer !== null && { importer: job.importer }),
      context: {
        fileName: job.fileName,
        limits: limitsOf(job),
        isOwnContainer: job.isOwnContainer ?? false,
        throwIfCancelled: thread.throwIfCancelled,
        reportProgress(bytesRead, describe) {
          tellProgress(bytesRead);
          if (onSnapshot === null || !schedule.isDue(bytesRead, builder.spanCount)) return;
          const beforeMs = thread.nowMs();
          onSnapshot(withOutline(builder.snapshot(describe())));
          schedule.taken(builder.spanCount, thread.nowMs() - beforeMs);
        },
      },
    });
    return withOutline(trace);
  } finally {
    source.close();
  }
}

/** The user may lift the limits on inflated bytes; nothing lifts those that protect the process. */
export function limitsOf({ allowLargeInflate }: Pick<ImportJob, "allowLargeInflate">): ImportLimits {
  return allowLargeInflate ? { ...defaultLimits, inflatedBytes: Infinity, inflateRatio: Infinity } : defaultLimits;
}

/** With what takes a pass over all spans. */
export function withOutline(trace: Trace): ImportedTrace {
  const sums = sumSpans(trace);
  return { trace, outline: outlineTrace(trace, sums), nameTotals: sums.names };
}
