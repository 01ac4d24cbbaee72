import type * as Tfjs from "@tensorflow/tfjs-core";
import type { GpuFacts } from "./gpu-line.ts";
import { createPassDevice, type PassDevice } from "./pass-device.ts";

/** Adapters that say so themselves, and those that are known to be the CPU. */
const softwareNames = /swiftshader|llvmpipe|lavapipe|softpipe|microsoft basic render/i;

/**
 * Starts the WebGPU backend of TensorFlow.js on `navigator.gpu`, which has to be there, and names the adapter. Rejects with a reason for
 * people where there is none, and when the device computes something wrong.
 */
export async function openPassDevice(): Promise<{ readonly facts: GpuFacts; readonly device: PassDevice }> {
  const { gpu } = navigator;
  const adapter = (await gpu?.requestAdapter({ powerPreference: "high-performance" })) ?? null;
  if (adapter === null) throw new Error("no WebGPU adapter");
  const { vendor = "", architecture = "", device = "", description = "", isFallbackAdapter } = await readInfo(adapter);
  const name = [vendor, architecture, device, description]
    .filter((part) => part !== "")
    .join(" ")
    .trim();
  const software = softwareNames.test(name) || isFallbackAdapter === true;
  const tf = await import("@tensorflow/tfjs-core");
  tf.enableProdMode();
  await import("@tensorflow/tfjs-backend-webgpu");
  if (!(await tf.setBackend("webgpu"))) throw new Error("TensorFlow.js could not start its webgpu backend");
  await tf.ready();
  await check(tf);
  return {
    facts: {
      name: name === "" ? (software ? "Software adapter (not named)" : "GPU (not named)") : name,
      software,
      version: tf.version_core,
    },
    device: createPassDevice(tf),
  };
}

/** Chromium before 121 has a method where the property is now, and the fallback mark on the adapter itself. */
async function readInfo(adapter: GPUAdapter): Promise<Partial<GPUAdapterInfo>> {
  const older = adapter as Partial<GPUAdapter> & {
    readonly requestAdapterInfo?: () => Promise<Partial<GPUAdapterInfo>>;
    readonly isFallbackAdapter?: boolean;
  };
  if (older.info !== undefined) return older.info;
  return { isFallbackAdapter: older.isFallbackAdapter === true, ...(await older.requestAdapterInfo?.()) };
}

async function check(tf: typeof Tfjs): Promise<void> {
  const product = tf.tidy(() => tf.matMul(tf.tensor2d([1, 2, 3, 4], [2, 2]), tf.tensor2d([5, 6, 7, 8], [2, 2])));
  const values = [...(await product.data())];
  product.dispose();
  if (values.join(",") !== "19,22,43,50")
    throw new Error(`a product of matrices came out as ${values.join(", ")} instead of 19, 22, 43, 50`);
}
