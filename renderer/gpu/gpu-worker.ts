import { createGpuAnswers, type GpuAnswer, type GpuQuestion } from "../../native-bench/gpu/gpu-line.ts";
import { openPassDevice } from "../../native-bench/gpu/open-device.ts";

/*
 * WebGPU of the window, in a worker of its own so that frames go on: a question in, an answer out. Loaded with the first question.
 */

export interface ToGpuWorker {
  readonly question: number;
  readonly asked: GpuQuestion;
}
export type FromGpuWorker =
  | { readonly question: number; readonly answer: GpuAnswer }
  | { readonly question: number; readonly fault: string };

const answer = createGpuAnswers(openPassDevice);

addEventListener("message", ({ data: { question, asked } }: MessageEvent<ToGpuWorker>) => {
  void answer(asked).then(
    (found) => postMessage({ question, answer: found } satisfies FromGpuWorker),
    (error: unknown) =>
      postMessage({
        question,
        fault: error instanceof Error ? error.message : String(error),
      } satisfies FromGpuWorker),
  );
});
