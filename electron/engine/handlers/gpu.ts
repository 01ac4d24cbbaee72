import type { GpuAnswer, GpuLine } from "../../../native-bench/gpu/gpu-line.ts";
import { CancelledError, UserFacingError } from "../../../traces/model/errors.ts";
import type { Handlers } from "./create-handlers.ts";

/** WebGPU that a client lends: Electron has it in windows alone. */
export interface LentGpu {
  /** The line to it; null while nobody lends one. */
  line(): GpuLine | null;
}

interface WaitingQuestion {
  readonly resolve: (answer: GpuAnswer) => void;
  readonly reject: (error: Error) => void;
}

/** Commands with which a client serves its GPU, and the line that they make. */
export function createGpuHandlers(): Pick<Handlers, "gpu.serve" | "gpu.answer"> & { readonly lent: LentGpu } {
  const waiting = new Map<number, WaitingQuestion>();
  let line: GpuLine | null = null;
  let questionCount = 0;
  return {
    lent: { line: () => line },

    "gpu.serve"(_, { emit, signal }) {
      line = {
        ask: (asked) =>
          new Promise((resolve, reject) => {
            const question = ++questionCount;
            waiting.set(question, { resolve, reject });
            emit({ kind: "event", event: "gpu.asked", payload: { question, asked } });
          }),
      };
      return new Promise((_resolve, reject) => {
        signal.addEventListener("abort", () => {
          line = null;
          for (const { reject: refuse } of waiting.values())
            refuse(new UserFacingError("the window with the GPU has gone"));
          waiting.clear();
          reject(new CancelledError());
        });
      });
    },

    async "gpu.answer"(reply) {
      const question = waiting.get(reply.question);
      waiting.delete(reply.question);
      if ("fault" in reply) question?.reject(new UserFacingError(reply.fault));
      else question?.resolve(reply.answer);
      return null;
    },
  };
}
