import { backends } from "../../../backends/registry.ts";
import type { ThreadRole } from "../../../threads/thread.ts";
import { createEvaluator, type EvaluatorPlan } from "./create-evaluator.ts";
import { JobBoard } from "./job-board.ts";
import { takeChunks, type PoolReply, type PoolRequest } from "./pool-evaluator.ts";

/** A member of a pool: an evaluator of its own, which takes chunks from the board. */
export const evaluatorThread: ThreadRole<EvaluatorPlan, PoolRequest, PoolReply> = {
  id: "student-evaluator",
  async run({ data: plan, recorder, post, onMessage }) {
    const backend = backends.find(({ id }) => id === plan.backendId);
    if (backend === undefined || backend.library !== "onnxruntime") {
      post({ kind: "failed", message: `there is no ONNX Runtime backend "${plan.backendId}"` });
      return;
    }
    const evaluator = await createEvaluator(plan, backend, recorder);
    let board: JobBoard | null = null;
    const answer = async (): Promise<PoolReply> => {
      try {
        if (board !== null) await takeChunks(evaluator, board);
        return { kind: "done" };
      } catch (error) {
        return { kind: "failed", message: error instanceof Error ? error.message : String(error) };
      }
    };
    onMessage((request) => {
      if (request.kind === "line-up") board = new JobBoard(request.lineup);
      else void answer().then(post);
    });
    post({ kind: "ready" });
  },
};
