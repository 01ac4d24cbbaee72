import { backends } from "../../../backends/registry.ts";
import type { ThreadRole } from "../../../threads/thread.ts";
import { createEvaluator, type EvaluatorPlan } from "./create-evaluator.ts";
import type { PoolReply, PoolRequest } from "./pool-evaluator.ts";

/** A member of a pool: an evaluator of its own, one request at a time. */
export const evaluatorThread: ThreadRole<EvaluatorPlan, PoolRequest, PoolReply> = {
  id: "student-evaluator",
  async run({ data: plan, recorder, post, onMessage }) {
    const backend = backends.find(({ id }) => id === plan.backendId);
    if (backend === undefined || backend.library !== "onnxruntime") {
      post({ kind: "failed", id: null, message: `there is no ONNX Runtime backend "${plan.backendId}"` });
      return;
    }
    const evaluator = await createEvaluator(plan, backend, recorder);
    let last = Promise.resolve();
    onMessage(({ id, structures }) => {
      last = last.then(async () => {
        try {
          post({ kind: "done", id, evaluations: await evaluator.evaluate(structures) });
        } catch (error) {
          post({ kind: "failed", id, message: error instanceof Error ? error.message : String(error) });
        }
      });
    });
    post({ kind: "ready" });
  },
};
