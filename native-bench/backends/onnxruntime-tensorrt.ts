import { listAdapters } from "../machine/adapters.ts";
import type { OrtBackend } from "./backend.ts";
import { probeAddedProvider } from "./onnxruntime/added-provider.ts";

export const onnxruntimeTensorrt: OrtBackend = {
  id: "onnxruntime-tensorrt",
  label: "ONNX Runtime, TensorRT",
  library: "onnxruntime",
  provider: "TensorrtExecutionProvider",
  sessionOptions: () => ({ executionProviders: ["tensorrt", "cuda", "cpu"] }),
  probe: () =>
    probeAddedProvider("tensorrt", onnxruntimeTensorrt, () => ({
      kind: "gpu",
      name: listAdapters().join(", ") || "NVIDIA GPU",
      software: false,
      precisions: ["float32", "float16"],
    })),
};
