import type { Backend } from "./backend.ts";
import { jsF64 } from "./js-f64.ts";
import { onnxruntimeCpu } from "./onnxruntime-cpu.ts";
import { onnxruntimeCuda } from "./onnxruntime-cuda.ts";
import { onnxruntimeTensorrt } from "./onnxruntime-tensorrt.ts";
import { onnxruntimeWebgpu } from "./onnxruntime-webgpu.ts";
import { tfjsCpu } from "./tfjs-cpu.ts";
import { tfjsNodeGpu } from "./tfjs-node-gpu.ts";
import { ortF64 } from "./ort-f64.ts";
import { tfjsWebgpu } from "./tfjs-webgpu.ts";
import { tfjsWasm } from "./tfjs-wasm.ts";
import { wasmF64 } from "./wasm-f64.ts";

/** Every backend, the surest first. */
export const backends: readonly Backend[] = [
  onnxruntimeCpu,
  onnxruntimeWebgpu,
  onnxruntimeCuda,
  onnxruntimeTensorrt,
  wasmF64,
  jsF64,
  tfjsWasm,
  tfjsCpu,
  tfjsNodeGpu,
  tfjsWebgpu,
  ortF64,
];
