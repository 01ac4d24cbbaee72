import { UserFacingError } from "../../../../traces/model/errors.ts";
import { SpanKind } from "../../../../traces/model/span-kind.ts";
import { loadTfjs, loadTfjsNode } from "../../../backends/tfjs/load-tfjs.ts";
import type { Evaluator, EvaluatorId } from "./evaluator.ts";
import { dawnLine } from "../../../backends/webgpu/load-webgpu.ts";
import { createLineDevice, type GpuLine } from "../../../gpu/gpu-line.ts";
import { createOrtF64 } from "./ort-f64.ts";
import { reduceEvaluator } from "./reduced.ts";
import { createTfjsEvaluator } from "./tfjs-f32.ts";
import { createWebgpuEvaluator } from "./tfjs-webgpu.ts";
import { createJsF64, createWasmF64, type EvaluatorRequest } from "./wasm-f64.ts";

/** Makes the engine of that id; its owner disposes it. `gpu`: a line to where WebGPU is; null: in this process. */
export async function createEvaluator(
  id: EvaluatorId,
  request: EvaluatorRequest,
  gpu: GpuLine | null = null,
): Promise<Evaluator> {
  const { reduction } = request.model;
  if (reduction !== undefined) {
    const inner = await createEvaluator(id, { ...request, model: reduction.base }, gpu);
    return reduceEvaluator(inner, reduction, request.dataset.experiment);
  }
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
    case "tfjs-node-gpu": {
      const { tf, usesGpu } = await loadEngine(request, id, loadTfjsNode);
      const description = `TensorFlow.js, libtensorflow, float32, ${usesGpu ? "GPU" : "CPU"}`;
      return await createTfjsEvaluator({ id, tf, description }, request);
    }
    case "tfjs-webgpu":
      return await openWebgpu(request, gpu ?? dawnLine);
    case "ort-f64":
      return await createOrtF64(request);
  }
}

async function openWebgpu(request: EvaluatorRequest, line: GpuLine): Promise<Evaluator> {
  const answer = await loadEngine(request, "tfjs-webgpu", () => line.ask({ kind: "open" }));
  if (answer.kind !== "open") throw new UserFacingError(`expected facts of a device, found ${answer.kind}`);
  const { name, software } = answer.facts;
  return await createWebgpuEvaluator(
    {
      device: createLineDevice(line),
      description: `TensorFlow.js, WebGPU kernel, float32, ${name}${software ? " (software, on the CPU)" : ""}`,
    },
    request,
  );
}

async function loadEngine<T>({ recorder }: EvaluatorRequest, engine: EvaluatorId, load: () => Promise<T>): Promise<T> {
  recorder.begin("kernel.compile", SpanKind.compile, { engine });
  try {
    return await load();
  } finally {
    recorder.end();
  }
}
