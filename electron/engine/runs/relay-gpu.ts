import type { GpuLine, GpuQuestion } from "../../../native-bench/gpu/gpu-line.ts";
import { UserFacingError } from "../../../traces/model/errors.ts";
import type { GpuReply } from "../../contract/bench-contract.ts";
import { toPlainError } from "../../contract/plain-error.ts";

/** Asks on behalf of a worker, and words what came of it. */
export async function relayQuestion(gpu: GpuLine | null, question: number, asked: GpuQuestion): Promise<GpuReply> {
  try {
    if (gpu === null) throw new UserFacingError("no client lends a GPU");
    return { question, answer: await gpu.ask(asked) };
  } catch (error) {
    return { question, fault: toPlainError(error).message };
  }
}

/** The worker's end: numbers its questions and matches the answers. */
export function createQuestionLine(
  send: (question: number, asked: GpuQuestion) => void,
): GpuLine & { take(reply: GpuReply): void } {
  const waiting = new Map<number, (reply: GpuReply) => void>();
  let count = 0;
  return {
    ask: (asked) =>
      new Promise((resolve, reject) => {
        const question = ++count;
        waiting.set(question, (reply) => {
          if ("fault" in reply) reject(new UserFacingError(reply.fault));
          else resolve(reply.answer);
        });
        send(question, asked);
      }),
    take(reply) {
      waiting.get(reply.question)?.(reply);
      waiting.delete(reply.question);
    },
  };
}
