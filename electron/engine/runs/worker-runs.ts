import { Worker } from "node:worker_threads";
import { startIdle, startYielding, yieldingNiceness } from "../../../native-bench/machine/priority.ts";
import type { GpuLine } from "../../../native-bench/gpu/gpu-line.ts";
import type { BackendFacts, WorkloadFacts } from "../../../native-bench/plan/catalog.ts";
import type { RunUpdate } from "../../../native-bench/plan/telemetry.ts";
import { startClock } from "../../../native-bench/spans/clock.ts";
import { useBlockFile, type OpenBlockFile } from "../../../native-bench/spans/block-file.ts";
import { createRecordings } from "../../../native-bench/spans/recordings.ts";
import { CancelledError, UserFacingError } from "../../../traces/model/errors.ts";
import { fromPlainError, toPlainError } from "../../contract/plain-error.ts";
import type { FinishedRun, RunJob, RunningRun, Runs, RunWatcher } from "./run-job.ts";
import type { FromWorkload, ToWorkload, WorkerPart } from "./run-messages.ts";
import { relayQuestion } from "./relay-gpu.ts";
import { startCollector, type Collector } from "./collector.ts";
import { openRunFile, type RunFile } from "./run-file.ts";
import { runFacts } from "./run-trace.ts";
import { createReportDraft } from "./report-draft.ts";

/** A run of millions of spans takes seconds to become a trace. */
const sealing: RunUpdate = {
  kind: "telemetry",
  telemetry: {
    kind: "progress",
    done: 0,
    total: null,
    unit: "",
    text: "putting the trace together",
    secondsLeft: null,
  },
};
/** A worker that does not look at its flag within this time is ended by force: stopping takes less than a second. */
const stopGraceMs = 700;
/** Longest time that a call into a native library is expected to take. */
const nativeCallMs = 30_000;

export interface WorkerRunsOptions {
  /** Path of the worker bundle. */
  readonly workerPath: string;
  /** What that bundle can run. */
  readonly catalog: readonly WorkloadFacts[];
  /** Where a run moves what no longer fits into memory; absent: a temporary file. */
  readonly openFile?: () => RunFile | null;
  /** Whether runs give way to a window on the same machine. */
  readonly yields: boolean;
}

/** Runs in worker threads of one bundle: one that measures (with threads of its own), one that makes the trace. */
export function createWorkerRuns({ workerPath, catalog, yields, openFile = openRunFile }: WorkerRunsOptions): Runs {
  const workers = new Set<Worker>();
  const held = new Set<Worker>();
  let backends: Promise<readonly BackendFacts[]> | null = null;
  let running: StartedRun | null = null;
  const start = (part: WorkerPart, giveWay = startIdle<Worker>): Worker => {
    const open = (): Worker => new Worker(workerPath, { name: part.kind, workerData: part });
    const worker = yields ? giveWay(open) : open();
    workers.add(worker);
    worker.on("exit", () => workers.delete(worker));
    return worker;
  };
  return {
    catalog,
    describeBackends(gpu) {
      backends ??= probeIn(start({ kind: "workload" }, startProbe), gpu).catch((error: unknown) => {
        // A later question may find the machine in a better state.
        backends = null;
        throw error;
      });
      return backends;
    },
    start(job, watcher) {
      if (running !== null) throw new UserFacingError("another run is going on");
      const run = startRun(job, watcher, { start, catalog, openFile, held });
      running = run;
      void run.finished.catch(() => undefined).finally(() => (running = null));
      return run;
    },
    isHeld: () => held.size > 0,
    async close() {
      running?.stop();
      await running?.letGo;
      await Promise.all([...workers].filter((worker) => !held.has(worker)).map((worker) => worker.terminate()));
    },
  };
}

/** Somebody waits for the answer, so it is not left for idle time. */
const startProbe = (open: () => Worker): Worker => startYielding(open, yieldingNiceness);

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
  readonly openFile: () => RunFile | null;
  /** Threads that were given up and have not come back. */
  readonly held: Set<Worker>;
}

interface StartedRun extends RunningRun {
  /** Resolves when the run has answered, its thread has ended or has been given up. */
  readonly letGo: Promise<void>;
}

function startRun(job: RunJob, watcher: RunWatcher, { start, catalog, openFile, held }: RunParts): StartedRun {
  const origin = startClock();
  const file = job.plan.protocol.record ? openFile() : null;
  const recordings = createRecordings(origin, file === null ? null : useBlockFile(file));
  const cancelFlag = new Int32Array(new SharedArrayBuffer(4));
  const draft = createReportDraft(
    job,
    catalog.find(({ id }) => id === job.plan.workload),
  );
  const worker = start({ kind: "workload" });
  const isWatched = watcher.onSnapshot !== null;
  const collector: Collector | null = job.plan.protocol.record
    ? startCollector(start({ kind: "collector", origin, name: job.name, isWatched, file: toPlainFile(file) }), {
        onSnapshot: watcher.onSnapshot,
        onSaved: (message) => recordings.take(message),
      })
    : null;
  const record: Collector["take"] = (message) => {
    recordings.take(message);
    collector?.take(message);
  };
  let grace: NodeJS.Timeout | undefined;
  let wasStopped = false;
  const over = whenOver(worker);
  void over.then(() => held.delete(worker));
  let giveUp: () => void = () => undefined;
  const givenUp = new Promise<void>((resolve) => (giveUp = resolve));
  const answer = followWorkload(worker, { draft, watcher, record, wasStopped: () => wasStopped });
  const hasGpuLine = watcher.gpu !== null;
  worker.postMessage({ kind: "run", job, origin, cancelFlag, hasGpuLine } satisfies ToWorkload);

  const finish = async (): Promise<FinishedRun> => {
    try {
      const report = await answer.report;
      watcher.onUpdates([sealing]);
      return { report, imported: (await collector?.seal(runFacts(report))) ?? null };
    } finally {
      clearTimeout(grace);
      await collector?.end();
      void endWorker(worker, over);
    }
  };
  const finished = finish();
  let isClosed = false;
  return {
    finished,
    letGo: Promise.race([over, givenUp]),
    stop() {
      if (wasStopped) return;
      wasStopped = true;
      Atomics.store(cancelFlag, 0, 1);
      grace = setTimeout(() => {
        held.add(worker);
        answer.giveUp();
        giveUp();
      }, stopGraceMs);
    },
    notesOf: (place) => (isClosed ? [] : recordings.notesOf(place)),
    close() {
      if (isClosed) return;
      isClosed = true;
      // Its descriptor may be used by another file as soon as it is closed: not before the last thread has left it.
      void finished.catch(() => undefined).finally(() => file?.close());
    },
  };
}

interface WorkloadListener {
  readonly draft: ReturnType<typeof createReportDraft>;
  readonly watcher: RunWatcher;
  readonly record: Collector["take"];
  readonly wasStopped: () => boolean;
}

/** Passes on what a workload tells, up to its report; `giveUp` ends the waiting with what it has told so far. */
function followWorkload(
  worker: Worker,
  { draft, watcher, record, wasStopped }: WorkloadListener,
): { readonly report: Promise<FinishedRun["report"]>; giveUp(): void } {
  let giveUp: () => void = () => undefined;
  const report = new Promise<FinishedRun["report"]>((resolve, reject) => {
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
    const end = (error: Error): void => (wasStopped() ? resolve(draft.toReport()) : reject(describeDeath(error)));
    giveUp = () => resolve(draft.toReport());
    worker.on("error", end);
    worker.on("exit", (code) => end(new Error(`exit code ${code}`)));
  });
  return { report, giveUp: () => giveUp() };
}

function toPlainFile(file: RunFile | null): OpenBlockFile | null {
  return file === null ? null : { descriptor: file.descriptor, slotCount: file.slotCount };
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
