import { processorName } from "../machine/processor.ts";
import type { OtherBackend } from "./backend.ts";

export const jsF64: OtherBackend = {
  id: "js-f64",
  label: "Deltaflame kernel, plain TypeScript, float64",
  library: "own",
  probe: async () => ({
    available: true,
    device: { kind: "cpu", name: processorName(), software: false, precisions: ["float64"], versions: {} },
  }),
};
