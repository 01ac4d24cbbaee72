import { UserFacingError } from "../../../../traces/model/errors.ts";
import { SpanKind } from "../../../../traces/model/span-kind.ts";
import { loadTfjs, loadTfjsNode } from "../../../backends/tfjs/load-tfjs.ts";
import type { Evaluator, EvaluatorId } from "./evaluator.ts";
import { createTfjsEvaluator } from "./tfjs-f32.ts";
import { createJsF64, createWasmF64, type EvaluatorRequest } from "./wasm-f64.ts";

/** Makes the engine of that id; its owner disposes it. */
export async function createEvaluator(id: EvaluatorId, request: EvaluatorRequest): Promise<Evaluator> {
  switch (id) {
    case "wasm-f64":
      return await createWasmF64(request);
    case "js-f64":
      return await createJsF64(request);
    case "tfjs-cpu":
    case "tfjs-wasm": {
      const tf = await loadEngine(request, id, () => loadTfjs(id === "tfjs-cpu" ? "cpu" : "wasm"));
      const how = id === "tfjs-cpu" ? "plain JavaScript" : "WebAssembly";
      return await createTfjsEvaluator(
        { id, tf, description: `TensorFlow.js, ${how}, float32, CPU, 1 thread` },
        request,
      );
    }
    case "tfjs-node": {
      const { tf, usesGpu } = await loadEngine(request, id, loadTfjsNode);
      const description = `TensorFlow.js, libtensorflow, float32, ${usesGpu ? "GPU" : "CPU"}`;
      return await createTfjsEvaluator({ id, tf, description }, request);
    }
    default:
      throw new UserFacingError(`${id} is not available`);
  }
}

async function loadEngine<T>({ recorder }: EvaluatorRequest, engine: EvaluatorId, load: () => Promise<T>): Promise<T> {
  recorder.begin("kernel.compile", SpanKind.compile, { engine });
  try {
    return await load();
  } finally {
    recorder.end();
  }
}
