import { processorName } from "../machine/processor.ts";
import type { OrtBackend } from "./backend.ts";
import { probeProvider } from "./onnxruntime/probe.ts";

export const onnxruntimeCpu: OrtBackend = {
  id: "onnxruntime-cpu",
  label: "ONNX Runtime, CPU",
  library: "onnxruntime",
  provider: "CPUExecutionProvider",
  sessionOptions: () => ({ executionProviders: ["cpu"] }),
  probe: () =>
    probeProvider(onnxruntimeCpu, () => ({
      kind: "cpu",
      name: processorName(),
      software: false,
      precisions: ["float64", "float32", "int8"],
    })),
};
