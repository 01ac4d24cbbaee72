import { processorName } from "../machine/processor.ts";
import type { OtherBackend } from "./backend.ts";
import { checkTfjs, loadTfjs } from "./tfjs/load-tfjs.ts";

export const tfjsCpu: OtherBackend = {
  id: "tfjs-cpu",
  label: "TensorFlow.js, CPU, plain JavaScript",
  library: "tfjs",
  async probe() {
    try {
      const tf = await loadTfjs("cpu");
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
