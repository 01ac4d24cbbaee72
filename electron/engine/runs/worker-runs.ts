import { Worker } from "node:worker_threads";
import type { GpuLine } from "../../../native-bench/gpu/gpu-line.ts";
import type { BackendFacts, WorkloadFacts } from "../../../native-bench/plan/catalog.ts";
import { startClock } from "../../../native-bench/spans/clock.ts";
import { createRecordings } from "../../../native-bench/spans/recordings.ts";
import { CancelledError, UserFacingError } from "../../../traces/model/errors.ts";
import { fromPlainError, toPlainError } from "../../contract/plain-error.ts";
import type { FinishedRun, RunJob, RunningRun, Runs, RunWatcher } from "./run-job.ts";
import type { FromWorkload, ToWorkload, WorkerPart } from "./run-messages.ts";
import { relayQuestion } from "./relay-gpu.ts";
import { startCollector, type Collector } from "./collector.ts";
import { runFacts } from "./run-trace.ts";
import { createReportDraft } from "./report-draft.ts";

/** A worker that does not look at its flag within this time is ended by force: stopping takes less than a second. */
const stopGraceMs = 700;
/** Longest time that a call into a native library is expected to take. */
const nativeCallMs = 30_000;

export interface WorkerRunsOptions {
  /** Path of the worker bundle. */
  readonly workerPath: string;
  /** What that bundle can run. */
  readonly catalog: readonly WorkloadFacts[];
}

/** Runs in worker threads of one bundle: one that measures (with threads of its own), one that makes the trace. */
export function createWorkerRuns({ workerPath, catalog }: WorkerRunsOptions): Runs {
  const workers = new Set<Worker>();
  let backends: Promise<readonly BackendFacts[]> | null = null;
  let isRunning = false;
  const start = (part: WorkerPart): Worker => {
    const worker = new Worker(workerPath, { name: part.kind, workerData: part });
    workers.add(worker);
    worker.on("exit", () => workers.delete(worker));
    return worker;
  };
  return {
    catalog,
    describeBackends(gpu) {
      backends ??= probeIn(start({ kind: "workload" }), gpu).catch((error: unknown) => {
        // A later question may find the machine in a better state.
        backends = null;
        throw error;
      });
      return backends;
    },
    start(job, watcher) {
      if (isRunning) throw new UserFacingError("another run is going on");
      isRunning = true;
      const run = startRun(job, watcher, { start, catalog });
      void run.finished.catch(() => undefined).finally(() => (isRunning = false));
      return run;
    },
    async close() {
      await Promise.all([...workers].map((worker) => worker.terminate()));
    },
  };
}

/** In a worker of its own, which ends afterwards: a library that crashes takes no run with it. */
async function probeIn(worker: Worker, gpu: GpuLine | null): Promise<readonly BackendFacts[]> {
  try {
    return await new Promise((resolve, reject) => {
      worker.on("message", (message: FromWorkload) => {
        if (message.kind === "backends") resolve(message.backends);
        if (message.kind === "failed") reject(fromPlainError(message.error));
        if (message.kind === "gpu") void answerQuestion(worker, gpu, message);
      });
      worker.on("error", (error) => reject(describeDeath(error)));
      worker.on("exit", (code) => reject(describeDeath(new Error(`exit code ${code}`))));
      worker.postMessage({ kind: "probe", hasGpuLine: gpu !== null } satisfies ToWorkload);
    });
  } finally {
    void worker.terminate();
  }
}

async function answerQuestion(
  worker: Worker,
  gpu: GpuLine | null,
  { question, asked }: FromWorkload & { readonly kind: "gpu" },
): Promise<void> {
  worker.postMessage({ kind: "gpu", reply: await relayQuestion(gpu, question, asked) } satisfies ToWorkload);
}

interface RunParts {
  readonly start: (part: WorkerPart) => Worker;
  readonly catalog: Runs["catalog"];
}

function startRun(job: RunJob, watcher: RunWatcher, { start, catalog }: RunParts): RunningRun {
  const origin = startClock();
  const recordings = createRecordings(origin);
  const cancelFlag = new Int32Array(new SharedArrayBuffer(4));
  const draft = createReportDraft(
    job,
    catalog.find(({ id }) => id === job.plan.workload),
  );
  const worker = start({ kind: "workload" });
  const isWatched = watcher.onSnapshot !== null;
  const collector: Collector | null = job.plan.protocol.record
    ? startCollector(start({ kind: "collector", origin, name: job.name, isWatched }), watcher.onSnapshot)
    : null;
  const record: Collector["take"] = (message) => {
    recordings.take(message);
    collector?.take(message);
  };
  let grace: NodeJS.Timeout | undefined;
  let wasStopped = false;
  let giveUp: () => void = () => undefined;
  const over = whenOver(worker);

  const measured = new Promise<FinishedRun["report"]>((resolve, reject) => {
    const take = (message: FromWorkload): void => {
      switch (message.kind) {
        case "record":
          record(message.message);
          break;
        case "records":
          message.port.on("message", record);
          break;
        case "updates":
          draft.take(message.updates);
          watcher.onUpdates(message.updates);
          break;
        case "done":
          resolve(message.report);
          break;
        case "failed":
          reject(fromPlainError(message.error));
          break;
        case "gpu":
          void answerQuestion(worker, watcher.gpu, message);
          break;
        case "backends":
          break;
      }
    };
    worker.on("message", take);
    const end = (error: Error): void => (wasStopped ? resolve(draft.toReport()) : reject(describeDeath(error)));
    giveUp = () => resolve(draft.toReport());
    worker.on("error", end);
    worker.on("exit", (code) => end(new Error(`exit code ${code}`)));
    const hasGpuLine = watcher.gpu !== null;
    worker.postMessage({ kind: "run", job, origin, cancelFlag, hasGpuLine } satisfies ToWorkload);
  });

  const finish = async (): Promise<FinishedRun> => {
    try {
      const report = await measured;
      return { report, imported: (await collector?.seal(runFacts(report))) ?? null };
    } finally {
      clearTimeout(grace);
      collector?.end();
      void endWorker(worker, over);
    }
  };
  return {
    finished: finish(),
    stop() {
      if (wasStopped) return;
      wasStopped = true;
      Atomics.store(cancelFlag, 0, 1);
      grace = setTimeout(giveUp, stopGraceMs);
    },
    notesOf: (place) => recordings.notesOf(place),
  };
}

/** Resolves when the run in a thread has answered, or the thread has ended. */
function whenOver(worker: Worker): Promise<void> {
  return new Promise((resolve) => {
    worker.on("exit", () => resolve());
    worker.on("message", ({ kind }: FromWorkload) => {
      if (kind === "done" || kind === "failed") resolve();
    });
  });
}

/**
 * Ends the thread of a run once it has answered. A thread that is inside a native library when it is ended takes the
 * whole process with it, so one that has been given up gets time to come back; the flag that stops it is set.
 */
async function endWorker(worker: Worker, over: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<void>((resolve) => (timer = setTimeout(resolve, nativeCallMs)));
  timer?.unref();
  await Promise.race([over, limit]);
  clearTimeout(timer);
  await worker.terminate();
}

function describeDeath(error: Error & { readonly code?: string }): Error {
  if (error instanceof CancelledError) return error;
  if (error.code === "ERR_WORKER_OUT_OF_MEMORY")
    return new UserFacingError("the run ended because it ran out of memory", { cause: error });
  return new UserFacingError(`the run ended unexpectedly (${toPlainError(error).message})`, { cause: error });
}
