import { readFileSync } from "node:fs";
import { builtinModules } from "node:module";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** The folder of the checkout. */
export const repositoryFolder = fileURLToPath(new URL("../../", import.meta.url));

/** @type {{ readonly version: string, readonly dependencies?: Readonly<Record<string, string>> }} */
const manifest = JSON.parse(readFileSync(join(repositoryFolder, "package.json"), "utf8"));
/** Not bundled: packages with native parts; `webgpu` is optional and loaded when it is wanted. */
const native = [...Object.keys(manifest.dependencies ?? {}), "webgpu"];
const external = ["electron", /^node:/, ...builtinModules, ...native.map((name) => new RegExp(`^${name}(/|$)`))];

/** Everything outside the window: one self-contained CommonJS file an entry, so that `__dirname` means the same in all of them. */
const nodeEntries = [
  { entry: "electron/main/index.ts", output: "main/index.cjs", target: "node18" },
  { entry: "electron/preload/index.ts", output: "preload/index.cjs", target: "node18" },
  { entry: "electron/engine/utility-host.ts", output: "engine/index.cjs", target: "node18" },
  { entry: "electron/engine/workers/import-worker.ts", output: "engine/worker.cjs", target: "node18" },
  { entry: "electron/engine/workers/read-worker.ts", output: "engine/read-worker.cjs", target: "node18" },
  { entry: "electron/engine/workers/seal-worker.ts", output: "engine/seal-worker.cjs", target: "node18" },
  { entry: "electron/engine/workers/segment-worker.ts", output: "engine/segment-worker.cjs", target: "node18" },
  { entry: "electron/engine/workers/workload-worker.ts", output: "engine/workload.cjs", target: "node18" },
  { entry: "electron/cli/index.ts", output: "cli/index.cjs", target: "node20" },
];

/**
 * Vite settings of every bundle, written below `outFolder`.
 * @param {string} outFolder
 * @returns {Promise<readonly import("vite").InlineConfig[]>}
 */
export async function createBundleConfigs(outFolder) {
  const { default: react } = await import("@vitejs/plugin-react");
  const nodeConfigs = nodeEntries.map((bundle) => createNodeConfig(bundle, outFolder));
  return [
    ...nodeConfigs,
    {
      ...sharedConfig,
      root: join(repositoryFolder, "renderer"),
      base: "./",
      plugins: [react()],
      worker: { format: "es" },
      build: {
        outDir: join(outFolder, "renderer"),
        emptyOutDir: true,
        target: "chrome114",
        sourcemap: true,
        reportCompressedSize: false,
        // Read from the disk beside the app, not over a network.
        chunkSizeWarningLimit: 4096,
      },
    },
  ];
}

/** @type {import("vite").InlineConfig} */
const sharedConfig = { configFile: false, envDir: false, logLevel: "warn", mode: "production" };

/**
 * @param {{ readonly entry: string, readonly output: string, readonly target: string }} bundle
 * @param {string} outFolder
 * @returns {import("vite").InlineConfig}
 */
function createNodeConfig({ entry, output, target }, outFolder) {
  return {
    ...sharedConfig,
    root: repositoryFolder,
    publicDir: false,
    define: { "process.env.NODE_ENV": '"production"', __DELTAFLAME_VERSION__: JSON.stringify(manifest.version) },
    ssr: { noExternal: true, external: native },
    build: {
      ssr: join(repositoryFolder, entry),
      outDir: outFolder,
      emptyOutDir: false,
      target,
      minify: false,
      sourcemap: true,
      reportCompressedSize: false,
      rolldownOptions: { external, output: { format: "cjs", entryFileNames: output, codeSplitting: false } },
    },
  };
}
