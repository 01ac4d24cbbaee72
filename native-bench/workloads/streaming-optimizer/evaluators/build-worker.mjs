// node native-bench/workloads/streaming-optimizer/evaluators/build-worker.mjs [--check]
// Bundles block-worker.ts into worker-source.ts; --check fails when what is committed is not what the sources give.
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const target = fileURLToPath(new URL("worker-source.ts", import.meta.url));

/** The text of worker-source.ts for the sources as they stand. */
export async function generateWorkerSource() {
  const { build } = await import("vite");
  const result = await build({
    configFile: false,
    envDir: false,
    logLevel: "warn",
    mode: "production",
    publicDir: false,
    ssr: { noExternal: true },
    build: {
      ssr: fileURLToPath(new URL("block-worker.ts", import.meta.url)),
      write: false,
      target: "node18",
      minify: true,
      rolldownOptions: { external: [/^node:/], output: { format: "cjs", codeSplitting: false } },
    },
  });
  const [output] = Array.isArray(result) ? result : [result];
  const [chunk] = "output" in output ? output.output : [];
  if (chunk?.type !== "chunk") throw new Error("the worker did not bundle");
  return `// Made by build-worker.mjs from block-worker.ts; do not edit.

/** The program of a block thread, one self-contained CommonJS text. */
export const blockWorkerSource = ${JSON.stringify(chunk.code.trim())};
`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const text = await generateWorkerSource();
  if (!process.argv.includes("--check")) writeFileSync(target, text);
  else if (readFileSync(target, "utf8") !== text)
    throw new Error("worker-source.ts is not what block-worker.ts gives: build it again");
}
