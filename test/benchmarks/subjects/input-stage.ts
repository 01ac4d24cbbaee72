import { startSegmentThreads } from "../../../electron/engine/imports/segment-threads.ts";
import { readOnThread } from "../../../electron/engine/imports/read-thread.ts";
import { openByteSource } from "../../../electron/engine/node-host.ts";
import { defaultLimits } from "../../../traces/importers/importer.ts";
import { findImporter } from "../../../traces/importers/import-file.ts";
import type { SegmentThreads } from "../../../traces/importers/json-scan/scan-segments.ts";
import { createTraceBuilder } from "../../../traces/model/create-trace-builder.ts";
import { allowMoving } from "../../../traces/model/staging-memory.ts";
import { peakRssKb } from "./peak-memory.mjs";

/**
 * Reads a file as an import worker does, until the last byte is scanned: spans are collected, and neither sorted nor
 * sealed. Inflating, where the file is compressed, goes on beside it, on a thread started from the second path; threads
 * from the third one scan with this one.
 */
async function main(path: string, workerPath: string, segmentWorkerPath: string): Promise<void> {
  const startMs = performance.now();
  allowMoving();
  const source = readOnThread(await openByteSource(path), { workerPath, path, limits: defaultLimits });
  const { stored } = source;
  let threads = null as SegmentThreads | null;
  const importer = await findImporter(source, "bench.json");
  if ("open" in importer) throw new Error("expected a file that is scanned");
  const builder = createTraceBuilder({ allocate: (byteLength) => new SharedArrayBuffer(byteLength) });
  await importer.read(source, builder, {
    fileName: "bench.json",
    limits: defaultLimits,
    isOwnContainer: false,
    throwIfCancelled: () => undefined,
    reportProgress: () => undefined,
    ...(stored !== undefined &&
      segmentWorkerPath !== "" && {
        startSegmentThreads: () => (threads = startSegmentThreads(segmentWorkerPath, { path, stored })),
      }),
  });
  const ms = performance.now() - startMs;
  threads?.close();
  source.close();
  const { user, system } = process.cpuUsage();
  process.stdout.write(
    JSON.stringify({ ms, cpuMs: (user + system) / 1000, maxRssKb: peakRssKb(), spans: builder.spanCount }),
  );
}

main(process.argv[2] ?? "", process.argv[3] ?? "", process.argv[4] ?? "").catch((error: unknown) => {
  process.stderr.write(`${String(error)}\n`);
  process.exitCode = 1;
});
