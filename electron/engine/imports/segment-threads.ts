import { availableParallelism } from "node:os";
import type { Worker } from "node:worker_threads";
import type { SegmentThreads } from "../../../traces/importers/json-scan/scan-segments.ts";
import type { ScannedSegment, SegmentRequest } from "../../../traces/importers/json-scan/segment-scanner.ts";
import type { StoredContent } from "../../../traces/io/byte-source.ts";
import { tryWorker } from "./try-worker.ts";

/** Stored bytes from which further threads are worth their start. */
export const segmentThreadsFromBytes: number = 2 ** 28;

/** What the import makes of the segments of five would take all of its own time. */
const mostThreads = 4;

export interface SegmentWorkerData {
  readonly path: string;
  readonly stored: StoredContent;
}

/** "up" once, then an answer to each request, in their order. */
export type FromSegmentWorker =
  | { readonly kind: "up" }
  | { readonly kind: "scanned"; readonly segment: ScannedSegment | null };

/**
 * Starts threads that scan segments of a file for an import, one fewer than there are cores; null where that is none or the
 * system gives none. `workerPath`: path of their bundle. A thread that fails answers null: the import reads that itself.
 */
export function startSegmentThreads(
  workerPath: string,
  data: SegmentWorkerData,
  count: number = Math.min(mostThreads, availableParallelism() - 1),
): SegmentThreads | null {
  const lines = Array.from({ length: count }, () => openLine(workerPath, data)).filter((line) => line !== null);
  if (lines.length === 0) return null;
  return {
    count: lines.length,
    get areUp() {
      return lines.every(({ isUp }) => isUp);
    },
    scan: (thread, request) => lines[thread]?.scan(request) ?? Promise.resolve(null),
    close() {
      for (const line of lines) line.close();
    },
  };
}

interface SegmentLine {
  readonly isUp: boolean;
  scan(request: SegmentRequest): Promise<ScannedSegment | null>;
  close(): void;
}

function openLine(workerPath: string, data: SegmentWorkerData): SegmentLine | null {
  const worker: Worker | null = tryWorker(workerPath, "scan", data);
  if (worker === null) return null;
  const waiting: ((segment: ScannedSegment | null) => void)[] = [];
  let isUp = false;
  let isGone = false;
  const end = (): void => {
    isGone = true;
    for (const resolve of waiting.splice(0)) resolve(null);
  };
  worker.on("message", (message: FromSegmentWorker) => {
    if (message.kind === "up") isUp = true;
    else waiting.shift()?.(message.segment);
  });
  worker.on("error", end);
  worker.on("messageerror", end);
  worker.on("exit", end);
  return {
    get isUp() {
      return isUp;
    },
    scan: (request) =>
      new Promise((resolve) => {
        if (isGone) return resolve(null);
        waiting.push(resolve);
        worker.postMessage(request);
      }),
    close() {
      void worker.terminate();
    },
  };
}
