import type { Backend } from "./backend.ts";
import { onnxruntimeCpu } from "./onnxruntime-cpu.ts";
import { onnxruntimeCuda } from "./onnxruntime-cuda.ts";
import { onnxruntimeTensorrt } from "./onnxruntime-tensorrt.ts";
import { onnxruntimeWebgpu } from "./onnxruntime-webgpu.ts";

/** Every backend, the surest first. */
export const backends: readonly Backend[] = [onnxruntimeCpu, onnxruntimeWebgpu, onnxruntimeCuda, onnxruntimeTensorrt];
