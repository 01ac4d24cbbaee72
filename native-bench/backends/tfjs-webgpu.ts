import type { OtherBackend } from "./backend.ts";
import { dawnLine } from "./webgpu/load-webgpu.ts";

/** Any GPU with Vulkan, Metal or Direct3D 12; in the app the one of the window, on the command line Dawn's. */
export const tfjsWebgpu: OtherBackend = {
  id: "tfjs-webgpu",
  label: "TensorFlow.js, WebGPU",
  library: "tfjs",
  async probe(gpu) {
    try {
      const answer = await (gpu ?? dawnLine).ask({ kind: "open" });
      if (answer.kind !== "open") throw new Error(`expected facts of a device, found ${answer.kind}`);
      const { name, software, version } = answer.facts;
      return {
        available: true,
        device: { kind: "gpu", name, software, precisions: ["float32"], versions: { tfjs: version } },
      };
    } catch (error) {
      return { available: false, reason: error instanceof Error ? error.message : String(error) };
    }
  },
};
