import { parentPort, workerData } from "node:worker_threads";
import type { BlockJob } from "./block-kernel.ts";
import type { Block } from "./block-plan.ts";
import { createBlockProcessor } from "./block-processor.ts";
import { processRange } from "./process-range.ts";
import { type SharedPassSize, viewSharedPass } from "./shared-pass.ts";

/*
 * A thread of a block evaluator: takes blocks of the range it is told until none is left, then says so.
 * build-worker.mjs makes worker-source.ts of it, so that it starts from any bundle.
 */

export interface BlockWorkerData {
  readonly job: BlockJob;
  readonly module: WebAssembly.Module | null;
  readonly blocks: readonly Block[];
  readonly shared: SharedArrayBuffer;
  readonly size: SharedPassSize;
}

export interface ToBlockWorker {
  readonly first: number;
  readonly end: number;
}

export type FromBlockWorker = { readonly kind: "done" } | { readonly kind: "failed"; readonly error: unknown };

const { job, module, blocks, shared, size } = workerData as BlockWorkerData;
const processor = createBlockProcessor(job, module);
const pass = viewSharedPass(shared, size);

parentPort?.on("message", (range: ToBlockWorker) => {
  const send = (message: FromBlockWorker): void => parentPort?.postMessage(message);
  try {
    processor.setInputs(pass.inputs);
    processRange({ processor, pass, blocks, sumLength: size.sumLength }, range);
    send({ kind: "done" });
  } catch (error) {
    send({ kind: "failed", error });
  }
});
