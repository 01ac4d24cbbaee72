import { totalmem } from "node:os";
import { importFile } from "../../../traces/importers/import-file.ts";
import { defaultLimits, type ImportLimits } from "../../../traces/importers/importer.ts";
import type { SegmentThreads } from "../../../traces/importers/json-scan/scan-segments.ts";
import type { ByteSource, StoredContent } from "../../../traces/io/byte-source.ts";
import type { Allocate } from "../../../traces/model/column.ts";
import { createTraceBuilder } from "../../../traces/model/create-trace-builder.ts";
import { OtherClockError, UserFacingError } from "../../../traces/model/errors.ts";
import { formatCount } from "../../../traces/model/format-units.ts";
import type { Trace } from "../../../traces/model/trace.ts";
import { sumSpans } from "../../../traces/query/span-sums.ts";
import { outlineTrace } from "../summary.ts";
import { isAllocationFailure } from "./allocation-failure.ts";
import type { ImportedTrace, ImportJob, ImportWatcher } from "./import-job.ts";
import type { SealThread } from "./seal-thread.ts";
import { createSnapshotSchedule } from "./snapshot-schedule.ts";

/** What the thread that imports brings along. */
export interface ImportThread {
  readonly allocate: Allocate;
  /** Throws `CancelledError` once the import shall end. */
  readonly throwIfCancelled: () => void;
  /** Wall clock, ms. */
  readonly nowMs: () => number;
  /** A second thread for what comes behind reading, from so many spans on; only where `allocate` shares memory. */
  readonly sealThread?: { readonly fromSpans: number; readonly start: () => SealThread | null };
  /** Further threads that scan, for files of so many bytes or more that are stored as they are. */
  readonly segmentThreads?: {
    readonly fromBytes: number;
    readonly start: (path: string, stored: StoredContent) => SegmentThreads | null;
  };
}

const progressIntervalMs = 100;

/**
 * Reads one file on the calling thread; the same in a worker, in the command line and in tests. A file whose first event
 * is not of the clock that is wanted is read twice. Closes what it opens.
 */
export async function importSource(
  open: () => Promise<ByteSource>,
  job: ImportJob,
  watcher: ImportWatcher,
  thread: ImportThread,
): Promise<ImportedTrace> {
  try {
    return await performImport(await open(), job, watcher, thread);
  } catch (error) {
    if (!(error instanceof OtherClockError)) throw error;
    return await performImport(await open(), job, watcher, thread, error);
  }
}

/** As `importSource`, once; `clock` is what an earlier try found. Closes `source`. */
export async function performImport(
  source: ByteSource,
  job: ImportJob,
  watcher: ImportWatcher,
  thread: ImportThread,
  clock?: Pick<OtherClockError, "baseMicros">,
): Promise<ImportedTrace> {
  const { onSnapshot } = watcher;
  const limits = limitsOf(job);
  const builder = createTraceBuilder({ allocate: thread.allocate, spanLimit: limits.spans, trackLimit: limits.tracks });
  const schedule = createSnapshotSchedule(source.storedSize, thread.nowMs);
  let sealThread: SealThread | null | undefined;
  const helper = (): SealThread | null => {
    if (sealThread === undefined && thread.sealThread !== undefined && builder.spanCount >= thread.sealThread.fromSpans)
      sealThread = thread.sealThread.start();
    return sealThread == null || sealThread.isGone ? null : sealThread;
  };
  let toldAtMs = -Infinity;
  let segmentThreads = null as SegmentThreads | null;
  const { stored, storedSize } = source;
  const scanning = thread.segmentThreads;
  const canScanTogether = stored !== undefined && scanning !== undefined && storedSize >= scanning.fromBytes;
  const tellProgress = (bytesRead: number): void =>
    watcher.onProgress({ done: bytesRead, total: source.storedSize, unit: "bytes" });
  const tellNowAndThen = (bytesRead: number): void => {
    const nowMs = thread.nowMs();
    if (nowMs - toldAtMs < progressIntervalMs) return;
    toldAtMs = nowMs;
    tellProgress(bytesRead);
  };
  try {
    const trace = await importFile(source, {
      builder,
      allocate: thread.allocate,
      helper() {
        tellProgress(source.storedSize);
        return helper();
      },
      ...(job.importer !== null && { importer: job.importer }),
      context: {
        fileName: job.fileName,
        limits,
        timesInNs: job.timesInNs ?? false,
        clock: clock ?? (job.otherClock === true ? "fewer" : "most"),
        isOwnContainer: job.isOwnContainer ?? false,
        throwIfCancelled: thread.throwIfCancelled,
        ...(canScanTogether && {
          startSegmentThreads: () => (segmentThreads = scanning.start(job.path, stored)),
        }),
        reportProgress(bytesRead, describe) {
          tellNowAndThen(bytesRead);
          // So that it is there when it is wanted.
          helper();
          if (onSnapshot === null || !schedule.isDue(bytesRead, builder.spanCount)) return;
          const beforeMs = thread.nowMs();
          onSnapshot(withOutline(builder.snapshot(describe())));
          schedule.taken(builder.spanCount, thread.nowMs() - beforeMs);
        },
      },
    });
    return withOutline(trace);
  } catch (error) {
    throw isAllocationFailure(error) ? describeShortage(builder.spanCount, error) : error;
  } finally {
    segmentThreads?.close();
    sealThread?.close();
    source.close();
  }
}

function describeShortage(spanCount: number, cause: unknown): UserFacingError {
  return new UserFacingError(
    `needs more memory than there is: it ran out after ${formatCount(spanCount)} spans. Close other traces or programs, or open a part of the file`,
    { cause },
  );
}

/** The user may lift the limits on inflated bytes; nothing lifts those that protect the process. */
export function limitsOf({ allowLargeInflate }: Pick<ImportJob, "allowLargeInflate">): ImportLimits {
  const spans = spansOfMemory(memoryBytes());
  const limits = {
    ...defaultLimits,
    spans: Math.min(defaultLimits.spans, spans),
    tracks: Math.min(defaultLimits.tracks, Math.floor(spans / spansOfTrack)),
  };
  return allowLargeInflate ? { ...limits, inflatedBytes: Infinity, inflateRatio: Infinity } : limits;
}

/**
 * Spans that an import may bring without using up a machine (or a container) of so many bytes: the peak is 41 bytes a
 * span at 60 million.
 */
export function spansOfMemory(bytes: number): number {
  return Math.max(fewestSpans, Math.floor(((bytes - programBytes) * memoryFraction) / peakBytesOfSpan));
}

const programBytes = 150e6;
const memoryFraction = 0.6;
const peakBytesOfSpan = 45;
const fewestSpans = 100_000;
/** A track takes up to 2,200 bytes in both threads together. */
const spansOfTrack = 50;

/** Of this machine, or what the system lets this process have of it. */
function memoryBytes(): number {
  // In Node.js since 18.15; 0 or a huge number where nothing is limited.
  const limited = process.constrainedMemory();
  return limited > 0 ? Math.min(totalmem(), limited) : totalmem();
}

/** With what takes a pass over all spans. */
export function withOutline(trace: Trace): ImportedTrace {
  const sums = sumSpans(trace);
  return { trace, outline: outlineTrace(trace, sums), nameTotals: sums.names };
}
