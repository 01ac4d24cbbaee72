import { processorName } from "../machine/processor.ts";
import type { OtherBackend } from "./backend.ts";
import { checkTfjs, loadTfjs } from "./tfjs/load-tfjs.ts";

export const tfjsWasm: OtherBackend = {
  id: "tfjs-wasm",
  label: "TensorFlow.js, CPU, WebAssembly",
  library: "tfjs",
  async probe() {
    try {
      const tf = await loadTfjs("wasm");
      await checkTfjs(tf);
      const versions = { tfjs: tf.version_core };
      return {
        available: true,
        device: { kind: "cpu", name: processorName(), software: false, precisions: ["float32"], versions },
      };
    } catch (error) {
      return { available: false, reason: error instanceof Error ? error.message : String(error) };
    }
  },
};
