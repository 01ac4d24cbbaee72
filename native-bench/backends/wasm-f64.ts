import { processorName } from "../machine/processor.ts";
import { hasFma, hasSimd } from "../workloads/streaming-optimizer/kernel/compile-kernel.ts";
import type { OtherBackend } from "./backend.ts";

export const wasmF64: OtherBackend = {
  id: "wasm-f64",
  label: "Deltaflame kernel, WebAssembly SIMD, float64",
  library: "own",
  probe: async () =>
    hasSimd()
      ? {
          available: true,
          device: {
            kind: "cpu",
            name: `${processorName()}, ${hasFma() ? "with" : "without"} fused multiply-add`,
            software: false,
            precisions: ["float64"],
            versions: {},
          },
        }
      : { available: false, reason: "this host does not compile WebAssembly SIMD" },
};
