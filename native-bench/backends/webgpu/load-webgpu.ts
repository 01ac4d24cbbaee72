import type * as Dawn from "webgpu";
import { createGpuAnswers, type GpuLine } from "../../gpu/gpu-line.ts";
import { openPassDevice } from "../../gpu/open-device.ts";

/**
 * WebGPU of this process, by Dawn for Node: an optional package. Node only, since Electron's memory cage refuses its buffers; there a line
 * to the window is handed in instead.
 */
export const dawnLine: GpuLine = { ask: createGpuAnswers(openWithDawn) };

async function openWithDawn(): ReturnType<typeof openPassDevice> {
  if (process.versions["electron"] !== undefined)
    throw new Error("Dawn for Node does not run inside Electron, and there is no window to lend its WebGPU");
  const { create, globals } = await loadDawn();
  // TensorFlow.js looks for both when it is loaded.
  Object.assign(globalThis, globals);
  const gpu = create([]);
  const known = (globalThis as { navigator?: object }).navigator;
  if (known === undefined) Object.defineProperty(globalThis, "navigator", { value: { gpu }, configurable: true });
  else Object.defineProperty(known, "gpu", { value: gpu, configurable: true });
  return await openPassDevice();
}

async function loadDawn(): Promise<typeof Dawn> {
  try {
    return await import("webgpu");
  } catch (cause) {
    throw new Error("the optional package webgpu (Dawn for Node) is not installed", { cause });
  }
}
