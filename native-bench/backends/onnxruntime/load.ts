import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import type * as OnnxRuntime from "onnxruntime-node";

/** The native module, loaded on first need: in a worker, never where it could take the app with it. */
export function loadOnnxRuntime(): Promise<typeof OnnxRuntime> {
  return import("onnxruntime-node");
}

/** Whether the library of an execution provider that is not part of the package was added to it. */
export function hasProviderLibrary(name: "cuda" | "tensorrt"): boolean {
  const root = dirname(createRequire(import.meta.url).resolve("onnxruntime-node/package.json"));
  const folder = join(root, "bin", "napi-v6", process.platform, process.arch);
  const file =
    process.platform === "win32" ? `onnxruntime_providers_${name}.dll` : `libonnxruntime_providers_${name}.so`;
  return existsSync(join(folder, file));
}
