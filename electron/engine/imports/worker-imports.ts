import { Worker } from "node:worker_threads";
import { importNiceness, startYielding } from "../../../native-bench/machine/priority.ts";
import { CancelledError } from "../../../traces/model/errors.ts";
import { fromPlainError } from "../../contract/plain-error.ts";
import { describeDeath } from "./describe-death.ts";
import type { ImportedTrace, ImportJob, Imports, ImportWatcher } from "./import-job.ts";
import { unpackImport } from "./packed-import.ts";
import type { FromImportWorker, ImportWorkerData, ToImportWorker } from "./worker-messages.ts";

/** What was read is on its way to the screen when its worker ends; the start of the next one would hold it up. */
const restMs = 400;
/** A worker that does not look at its flag within this time is ended by force. */
const cancelGraceMs = 1000;

export interface WorkerImportsOptions {
  /** Path of the worker bundle. */
  readonly workerPath: string;
  /**
   * A window shows what is read: one started worker is kept waiting, so that an open does not pay for the start, and
   * workers give way to the window.
   */
  readonly forWindow: boolean;
}

/**
 * Imports in worker threads, one worker per file. A worker reads one file and ends, so that its memory goes with it;
 * one that dies fails its own import only.
 */
export function createWorkerImports({ workerPath, forWindow }: WorkerImportsOptions): Imports {
  const running = new Set<Worker>();
  let warm: Worker | null = null;
  let closed = false;

  const start = (): Worker => {
    const open = (): Worker =>
      new Worker(workerPath, { name: "import", workerData: { forWindow } satisfies ImportWorkerData });
    const worker = forWindow ? startYielding(open, importNiceness) : open();
    // A waiting worker must not keep the process alive, nor end it when it dies.
    worker.unref();
    worker.on("error", () => forget(worker));
    worker.on("exit", () => forget(worker));
    return worker;
  };
  const forget = (worker: Worker): void => {
    if (warm === worker) warm = null;
  };
  const warmUp = (): void => {
    if (forWindow && !closed) warm ??= start();
  };
  const warmUpLater = (): void => void setTimeout(warmUp, restMs).unref();
  const take = (): Worker => {
    const worker = warm ?? start();
    warm = null;
    worker.ref();
    return worker;
  };
  warmUp();

  return {
    async run(job, watcher, signal) {
      if (closed) throw new CancelledError();
      const worker = take();
      running.add(worker);
      try {
        return await runInWorker(worker, job, watcher, signal);
      } finally {
        running.delete(worker);
        void worker.terminate();
        warmUpLater();
      }
    },
    async close() {
      closed = true;
      await Promise.all([...running, ...(warm === null ? [] : [warm])].map((worker) => worker.terminate()));
    },
  };
}

function runInWorker(
  worker: Worker,
  job: ImportJob,
  watcher: ImportWatcher,
  signal: AbortSignal,
): Promise<ImportedTrace> {
  const control = new Int32Array(new SharedArrayBuffer(4));
  return new Promise((resolve, reject) => {
    let grace: NodeJS.Timeout | undefined;
    const cancel = (): void => {
      Atomics.store(control, 0, 1);
      grace = setTimeout(() => settle(() => reject(new CancelledError())), cancelGraceMs);
    };
    const settle = (finish: () => void): void => {
      clearTimeout(grace);
      signal.removeEventListener("abort", cancel);
      worker.removeAllListeners("message");
      finish();
    };
    worker.on("message", (message: FromImportWorker) => {
      switch (message.kind) {
        case "progress":
          if (!signal.aborted) watcher.onProgress(message.progress);
          break;
        case "snapshot":
          if (!signal.aborted) watcher.onSnapshot?.(unpackImport(message.packed));
          break;
        case "sealed":
          settle(() => (signal.aborted ? reject(new CancelledError()) : resolve(unpackImport(message.packed))));
          break;
        case "failed":
          settle(() => reject(signal.aborted ? new CancelledError() : fromPlainError(message.error)));
          break;
      }
    });
    const die = (error: Error): void =>
      settle(() => reject(signal.aborted ? new CancelledError() : describeDeath(error)));
    worker.on("error", die);
    worker.on("exit", (code) => die(new Error(`exit code ${code}`)));
    if (signal.aborted) cancel();
    else signal.addEventListener("abort", cancel, { once: true });
    worker.postMessage({
      kind: "import",
      job,
      wantsSnapshots: watcher.onSnapshot !== null,
      control,
    } satisfies ToImportWorker);
  });
}
