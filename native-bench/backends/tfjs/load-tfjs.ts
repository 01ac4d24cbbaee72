import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import util from "node:util";
import type * as Tfjs from "@tensorflow/tfjs-core";

export type Tf = typeof Tfjs;

/** Loads TensorFlow.js in this thread with a backend of its own and makes it the current one. Rejects with the loader's own words. */
export async function loadTfjs(name: "cpu" | "wasm"): Promise<Tf> {
  const tf = await loadCore();
  if (name === "cpu") await import("@tensorflow/tfjs-backend-cpu");
  else {
    const { setWasmPaths } = await import("@tensorflow/tfjs-backend-wasm");
    // Refused once the backend has started, which it does once a thread.
    if (tf.engine().registry["wasm"] === undefined) setWasmPaths(findWasmFolder());
  }
  if (!(await tf.setBackend(name))) throw new Error(`TensorFlow.js could not start its ${name} backend`);
  await tf.ready();
  return tf;
}

/** Without its checks, which cost time, and its advice on the console, which is not ours to give. */
async function loadCore(): Promise<Tf> {
  const tf = await import("@tensorflow/tfjs-core");
  tf.enableProdMode();
  return tf;
}

/** The build puts the files beside the bundles; a checkout has them in node_modules. */
function findWasmFolder(): string {
  const built = fileURLToPath(new URL("../tfjs/", import.meta.url));
  if (existsSync(join(built, "tfjs-backend-wasm.wasm"))) return built;
  const manifest = createRequire(import.meta.url).resolve("@tensorflow/tfjs-backend-wasm/package.json");
  return join(dirname(manifest), "dist", "/");
}

/** TensorFlow.js on libtensorflow, where the user added it: it is never bundled. `usesGpu` is its own answer. */
export async function loadTfjsNode(): Promise<{
  readonly tf: Tf;
  readonly usesGpu: boolean;
  readonly version: string;
}> {
  await loadCore();
  // Removed in Node 23; tfjs-node 4.22 still calls them.
  const legacy = util as unknown as Record<string, unknown>;
  legacy["isNullOrUndefined"] ??= (value: unknown) => value === null || value === undefined;
  legacy["isArray"] ??= Array.isArray;
  const tf = createRequire(import.meta.url)("@tensorflow/tfjs-node-gpu") as Tf & {
    readonly version?: { readonly tfjs?: string };
  };
  const backend = tf.backend() as unknown as { readonly isUsingGpuDevice?: boolean };
  return { tf, usesGpu: backend.isUsingGpuDevice === true, version: tf.version?.tfjs ?? "unknown" };
}

/** Multiplies two small matrices on the current backend; throws when the product is wrong. */
export async function checkTfjs(tf: Tf): Promise<void> {
  const product = tf.tidy(() => tf.matMul(tf.tensor2d([1, 2, 3, 4], [2, 2]), tf.tensor2d([5, 6, 7, 8], [2, 2])));
  const values = [...(await product.data())];
  product.dispose();
  if (values.join() !== "19,22,43,50") throw new Error(`a product of matrices came out as ${values.join(", ")}`);
}
