import { UserFacingError } from "../../../../traces/model/errors.ts";
import type { Evaluator, EvaluatorId } from "./evaluator.ts";
import { createJsF64, createWasmF64, type EvaluatorRequest } from "./wasm-f64.ts";

/** Makes the engine of that id; its owner disposes it. */
export async function createEvaluator(id: EvaluatorId, request: EvaluatorRequest): Promise<Evaluator> {
  switch (id) {
    case "wasm-f64":
      return await createWasmF64(request);
    case "js-f64":
      return await createJsF64(request);
    default:
      throw new UserFacingError(`${id} is not available`);
  }
}
