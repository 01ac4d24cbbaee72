import { findVulkanDriver, listAdapters } from "../machine/adapters.ts";
import type { DeviceFacts } from "../plan/availability.ts";
import type { OrtBackend } from "./backend.ts";
import { probeProvider } from "./onnxruntime/probe.ts";

/** Any GPU with Vulkan, Metal or Direct3D 12. What it cannot run goes to the CPU, and placement says so. */
export const onnxruntimeWebgpu: OrtBackend = {
  id: "onnxruntime-webgpu",
  label: "ONNX Runtime, WebGPU",
  library: "onnxruntime",
  provider: "WebGpuExecutionProvider",
  sessionOptions: () => ({ executionProviders: ["webgpu", "cpu"] }),
  probe: () => probeProvider(onnxruntimeWebgpu, describeAdapter),
};

/** ONNX Runtime does not name its adapter, so the driver that the process has loaded by then does. */
function describeAdapter(): Omit<DeviceFacts, "versions"> {
  const driver = findVulkanDriver();
  const adapters = listAdapters();
  const software = driver?.software ?? false;
  const hardwareName = [adapters.join(", "), driver?.name ?? ""].filter((part) => part !== "").join(", ");
  return {
    kind: "gpu",
    name: software ? (driver?.name ?? "") : hardwareName === "" ? "GPU (the system does not name it)" : hardwareName,
    software,
    precisions: ["float32"],
  };
}
