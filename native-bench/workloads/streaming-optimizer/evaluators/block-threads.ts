import { Worker } from "node:worker_threads";
import type { BlockWorkerData, FromBlockWorker, ToBlockWorker } from "./block-worker.ts";
import type { BlockRange } from "./evaluator.ts";
import { blockWorkerSource } from "./worker-source.ts";

/** Threads that wait for ranges of blocks. */
export interface BlockThreads {
  /** Resolves when every block of the range is summed; rejects with the first failure. */
  run(range: BlockRange): Promise<void>;
  dispose(): Promise<void>;
}

/** Starts the threads and waits until each has loaded its kernel. */
export async function createBlockThreads(data: BlockWorkerData, threadCount: number): Promise<BlockThreads> {
  const workers = Array.from(
    { length: threadCount },
    (_, index) => new Worker(blockWorkerSource, { eval: true, workerData: data, name: `xpcs ${index}` }),
  );
  const run = async (range: BlockRange): Promise<void> => {
    await Promise.all(workers.map((worker) => runOn(worker, range)));
  };
  try {
    await run({ first: 0, end: 0 });
  } catch (error) {
    await Promise.all(workers.map((worker) => worker.terminate()));
    throw error;
  }
  return { run, dispose: async () => void (await Promise.all(workers.map((worker) => worker.terminate()))) };
}

function runOn(worker: Worker, { first, end }: ToBlockWorker): Promise<void> {
  return new Promise((resolve, reject) => {
    const settle = (finish: () => void): void => {
      worker.off("message", onMessage);
      worker.off("error", onError);
      worker.off("exit", onExit);
      finish();
    };
    const onMessage = (message: FromBlockWorker): void =>
      settle(message.kind === "done" ? resolve : () => reject(message.error));
    const onError = (error: Error): void => settle(() => reject(error));
    const onExit = (code: number): void =>
      settle(() => reject(new Error(`a thread of the fit ended with code ${code}`)));
    worker.on("message", onMessage);
    worker.on("error", onError);
    worker.on("exit", onExit);
    worker.postMessage({ first, end } satisfies ToBlockWorker);
  });
}
