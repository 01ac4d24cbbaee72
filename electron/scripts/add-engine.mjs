import { spawnSync } from "node:child_process";
import { repositoryFolder } from "./bundles.mjs";

/*
 * Adds the native parts of an optional engine: `npm run engine:ort-cuda`, `npm run engine:tfjs-gpu`. They are large and
 * for one kind of machine, so that `npm ci` leaves them out; this runs the install script of that one package.
 */

/** @type {Readonly<Record<string, { readonly package: string, readonly env: Readonly<Record<string, string>>, readonly what: string }>>} */
const engines = {
  "ort-cuda": {
    package: "onnxruntime-node",
    env: { ONNXRUNTIME_NODE_INSTALL: "cuda12" },
    what: "CUDA and TensorRT providers of ONNX Runtime (CUDA 12, Linux x64 and Windows)",
  },
  "tfjs-gpu": {
    package: "@tensorflow/tfjs-node-gpu",
    env: {},
    what: "TensorFlow with CUDA (libtensorflow 2.9.1, CUDA 11.2)",
  },
};

const id = process.argv[2] ?? "";
const engine = engines[id];
if (engine === undefined) {
  console.error(`Expected one of ${Object.keys(engines).join(", ")}, found "${id}".`);
  process.exit(2);
}
console.log(`Adding ${engine.what} …`);
const npm = process.platform === "win32" ? "npm.cmd" : "npm";
const { status, error } = spawnSync(
  npm,
  ["rebuild", engine.package, "--ignore-scripts=false", "--foreground-scripts"],
  {
    cwd: repositoryFolder,
    stdio: "inherit",
    env: { ...process.env, ...engine.env },
    // Node runs .cmd files through a shell only.
    shell: process.platform === "win32",
  },
);
if (status === 0) console.log("Done: deltaflame bench list tells whether it runs on this machine.");
else console.error(`Not added (${error?.message ?? `npm ended with ${status}`}). Everything else works without it.`);
process.exit(status === 0 ? 0 : 1);
