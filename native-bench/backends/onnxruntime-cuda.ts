import { listAdapters } from "../machine/adapters.ts";
import type { OrtBackend } from "./backend.ts";
import { probeAddedProvider } from "./onnxruntime/added-provider.ts";

export const onnxruntimeCuda: OrtBackend = {
  id: "onnxruntime-cuda",
  label: "ONNX Runtime, CUDA",
  library: "onnxruntime",
  provider: "CUDAExecutionProvider",
  sessionOptions: () => ({ executionProviders: ["cuda", "cpu"] }),
  probe: () =>
    probeAddedProvider("cuda", onnxruntimeCuda, () => ({
      kind: "gpu",
      name: listAdapters().join(", ") || "NVIDIA GPU",
      software: false,
      precisions: ["float64", "float32", "float16"],
    })),
};
