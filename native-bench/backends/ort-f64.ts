import type { OtherBackend } from "./backend.ts";
import { onnxruntimeCpu } from "./onnxruntime-cpu.ts";

/** ONNX Runtime as a second opinion in float64, for what has kernels of its own. */
export const ortF64: OtherBackend = {
  id: "ort-f64",
  label: "ONNX Runtime, float64 cross-check",
  library: "own",
  async probe() {
    const answer = await onnxruntimeCpu.probe();
    return answer.available ? { ...answer, device: { ...answer.device, precisions: ["float64"] } } : answer;
  },
};
