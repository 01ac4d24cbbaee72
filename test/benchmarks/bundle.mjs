import { join } from "node:path";
import { fileURLToPath } from "node:url";

export const repositoryFolder = fileURLToPath(new URL("../../", import.meta.url));
export const benchFolder = join(repositoryFolder, ".bench");

/**
 * Bundles one TypeScript program of the benchmarks from the sources, as the app's own bundles are, for plain Node.
 * @param {string} name file name in `subjects/`, without ".ts"
 * @param {string=} entry another program, from the root of the repository
 * @returns {Promise<string>} the bundle
 */
export async function bundleSubject(name, entry = `test/benchmarks/subjects/${name}.ts`) {
  const { build } = await import("vite");
  const outDir = join(benchFolder, "bundles");
  await build({
    configFile: false,
    envDir: false,
    logLevel: "warn",
    mode: "production",
    root: repositoryFolder,
    publicDir: false,
    ssr: { noExternal: true },
    build: {
      ssr: join(repositoryFolder, entry),
      outDir,
      emptyOutDir: false,
      target: "node18",
      minify: false,
      reportCompressedSize: false,
      rolldownOptions: {
        external: [/^node:/, "onnxruntime-node", "webgpu"],
        output: { format: "cjs", entryFileNames: `${name}.cjs`, codeSplitting: false },
      },
    },
  });
  return join(outDir, `${name}.cjs`);
}
