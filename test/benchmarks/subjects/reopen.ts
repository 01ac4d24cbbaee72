import { readdirSync } from "node:fs";
import { createCachedImports } from "../../../electron/engine/imports/cached-imports.ts";
import { createWorkerImports } from "../../../electron/engine/imports/worker-imports.ts";
import { peakRssKb } from "./peak-memory.mjs";

/** Opens a file as the app does, in a worker, with kept traces in `folder`, and prints what it took. */
async function main(path: string, folder: string, workerPath: string): Promise<void> {
  const keptBefore = readdirSync(folder).length;
  const imports = createCachedImports(createWorkerImports({ workerPath, forWindow: true }), {
    folder,
    limitBytes: Infinity,
    writer: "benchmark",
    smallestFileBytes: 0,
  });
  // As in the app, where a worker has started long before anybody opens a file.
  await new Promise((resolve) => void setTimeout(resolve, 500));
  const before = process.cpuUsage();
  const startMs = performance.now();
  const { trace } = await imports.run(
    { path, fileName: "bench.json", importer: null, allowLargeInflate: false },
    { onProgress: () => undefined, onSnapshot: null },
    new AbortController().signal,
  );
  const ms = performance.now() - startMs;
  const { user, system } = process.cpuUsage(before);
  const maxRssKb = peakRssKb();
  await imports.close();
  const wasKept = keptBefore > 0 && readdirSync(folder).length === keptBefore;
  process.stdout.write(
    JSON.stringify({ ms, cpuMs: (user + system) / 1000, maxRssKb, spans: trace.spans.length, wasKept }),
  );
}

const [, , path = "", folder = "", workerPath = ""] = process.argv;
main(path, folder, workerPath).catch((error: unknown) => {
  process.stderr.write(`${String(error)}\n`);
  process.exitCode = 1;
});
