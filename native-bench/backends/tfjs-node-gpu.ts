import { processorName } from "../machine/processor.ts";
import { listAdapters } from "../machine/adapters.ts";
import type { OtherBackend } from "./backend.ts";
import { checkTfjs, loadTfjsNode } from "./tfjs/load-tfjs.ts";

/** On the GPU where its CUDA libraries fit, else on the CPU: what it says itself decides the label. */
export const tfjsNodeGpu: OtherBackend = {
  id: "tfjs-node-gpu",
  label: "TensorFlow.js, libtensorflow",
  library: "tfjs",
  async probe() {
    try {
      const { tf, usesGpu, version } = await loadTfjsNode();
      await checkTfjs(tf);
      const name = usesGpu ? (listAdapters()[0] ?? "a CUDA device") : `${processorName()} (no GPU in use)`;
      return {
        available: true,
        device: {
          kind: usesGpu ? "gpu" : "cpu",
          name,
          software: false,
          precisions: ["float32"],
          versions: { tfjs: version },
        },
      };
    } catch (error) {
      return { available: false, reason: explain(error), remedy: "npm run engine:tfjs-gpu" };
    }
  },
};

/** The loader's first line; of a library that was never added it says nothing but a path on this machine. */
function explain(error: unknown): string {
  const message = error instanceof Error ? error.message.split("\n")[0] : String(error);
  return message.includes("can not be found at path") ? "not installed" : message;
}
