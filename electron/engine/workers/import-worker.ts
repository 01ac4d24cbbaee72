import { existsSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { parentPort, workerData } from "node:worker_threads";
import type { ByteSource } from "../../../traces/io/byte-source.ts";
import { CancelledError } from "../../../traces/model/errors.ts";
import { allowMoving } from "../../../traces/model/staging-memory.ts";
import { toPlainError } from "../../contract/plain-error.ts";
import { toFileError } from "../files.ts";
import type { ImportedTrace } from "../imports/import-job.ts";
import { packImport } from "../imports/packed-import.ts";
import { importSource, limitsOf } from "../imports/perform-import.ts";
import { type ReadThread, readOnThread, startReadThread } from "../imports/read-thread.ts";
import { sealThreadFromSpans, startSealThread } from "../imports/seal-thread.ts";
import { segmentThreadsFromBytes, startSegmentThreads } from "../imports/segment-threads.ts";
import type { FromImportWorker, ImportWorkerData, ToImportWorker } from "../imports/worker-messages.ts";
import { openByteSource } from "../node-host.ts";
import { warmUpPicture, warmUpScan } from "./warm-up-import.ts";

/*
 * The entry of an import worker: one message with the job, then progress, snapshots, and the sealed trace or an error.
 */

const port = parentPort;
if (port === null) throw new Error("this file runs as a worker thread");
const send = (message: FromImportWorker): void => port.postMessage(message);

const { forWindow } = workerData as ImportWorkerData;
allowMoving();

const sealWorkerPath = join(__dirname, "seal-worker.cjs");
const readWorkerPath = join(__dirname, "read-worker.cjs");
const segmentWorkerPath = join(__dirname, "segment-worker.cjs");
/** With a single core both threads would only wait for each other. */
const hasCores = availableParallelism() > 1;
const canSealTogether = hasCores && existsSync(sealWorkerPath);
const canReadTogether = hasCores && existsSync(readWorkerPath);
const canScanTogether = hasCores && existsSync(segmentWorkerPath);

/** The window starts while the first worker waits, and comes first. */
const restMs = 300;
/** Whoever opens a file as soon as there is a window, or the last one is closed, is not held up by what takes longer. */
const longRestMs = 1500;
/** Between two steps. */
const shortRestMs = 10;
let isWaiting = true;
let readThread: ReadThread | null = null;
// A fault in it would only cost the head start; the import itself tells of its own.
if (forWindow) void getReady().catch(() => undefined);

/** Does what an import would do for the first time, and wait for; a file that comes meanwhile waits for one step at most. */
async function getReady(): Promise<void> {
  const goesOn = async (ms = 0): Promise<boolean> => {
    await wait(ms);
    return isWaiting;
  };
  if (!(await goesOn(restMs))) return;
  await warmUpPicture(goesOn);
  if (!(await goesOn(longRestMs))) return;
  if (canReadTogether) readThread = startReadThread(readWorkerPath);
  await warmUpScan(() => goesOn(shortRestMs));
}

port.on("message", (message: ToImportWorker) => {
  isWaiting = false;
  void importJob(message)
    .then((imported) => send({ kind: "sealed", packed: packImport(imported) }))
    .catch((error: unknown) => send({ kind: "failed", error: toPlainError(toFileError(error)) }));
});

async function importJob({ job, wantsSnapshots, control }: ToImportWorker): Promise<ImportedTrace> {
  const limits = limitsOf(job);
  const open = async (): Promise<ByteSource> => {
    const file = await openByteSource(job.path, { limits });
    if (!canReadTogether) return file;
    const waiting = readThread;
    readThread = null;
    return readOnThread(file, { workerPath: readWorkerPath, path: job.path, limits, waiting });
  };
  return await importSource(
    open,
    job,
    {
      onProgress: (progress) => send({ kind: "progress", progress }),
      onSnapshot: wantsSnapshots ? (imported) => send({ kind: "snapshot", packed: packImport(imported) }) : null,
    },
    {
      // Shared, so that the columns reach the engine thread without a copy.
      allocate: (byteLength) => new SharedArrayBuffer(byteLength),
      throwIfCancelled() {
        if (Atomics.load(control, 0) === 1) throw new CancelledError();
      },
      nowMs: () => performance.now(),
      ...(canSealTogether && {
        sealThread: { fromSpans: sealThreadFromSpans, start: () => startSealThread(sealWorkerPath) },
      }),
      ...(canScanTogether && {
        segmentThreads: {
          fromBytes: segmentThreadsFromBytes,
          start: (path, stored) => startSegmentThreads(segmentWorkerPath, { path, stored }),
        },
      }),
    },
  );
}
