import type { EngineClient } from "../../electron/contract/engine-contract.ts";
import { CancelledError } from "../../traces/model/errors.ts";
import type { FromGpuWorker, ToGpuWorker } from "./gpu-worker.ts";

/** Lends the WebGPU of this window to runs of the engine, until the engine goes. The worker starts with the first question. */
export function serveGpu(engine: EngineClient, onFault: (error: unknown) => void): void {
  let worker: Worker | null = null;
  const end = (): void => {
    worker?.terminate();
    worker = null;
  };
  const start = (): Worker => {
    const started = new Worker(new URL("gpu-worker.ts", import.meta.url), { type: "module", name: "gpu" });
    started.addEventListener("message", ({ data }: MessageEvent<FromGpuWorker>) => {
      engine.call("gpu.answer", data).catch(onFault);
    });
    return started;
  };
  engine.on("gpu.asked", ({ question, asked }) => {
    worker ??= start();
    worker.postMessage({ question, asked } satisfies ToGpuWorker, asked.kind === "upload" ? [asked.values.buffer] : []);
  });
  engine.call("gpu.serve", null).catch((error: unknown) => {
    end();
    if (!(error instanceof CancelledError) && !isGone(error)) onFault(error);
  });
}

const isGone = (error: unknown): boolean => error instanceof Error && error.name === "EngineGoneError";
