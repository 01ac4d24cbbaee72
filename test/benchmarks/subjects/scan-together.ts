import { startSegmentThreads } from "../../../electron/engine/imports/segment-threads.ts";
import { openByteSource } from "../../../electron/engine/node-host.ts";
import { NameTable } from "../../../traces/importers/chrome/name-table.ts";
import { chromeDialect } from "../../../traces/importers/formats/chrome-json.ts";
import { defaultLimits } from "../../../traces/importers/importer.ts";
import { EventBatches } from "../../../traces/importers/json-scan/event-batches.ts";
import { EventScanner } from "../../../traces/importers/json-scan/event-scanner.ts";
import { defaultChunkBytes, scanFile } from "../../../traces/importers/json-scan/scan-file.ts";
import type { SegmentThreads } from "../../../traces/importers/json-scan/scan-segments.ts";
import { createTraceBuilder } from "../../../traces/model/create-trace-builder.ts";
import { peakRssKb } from "./peak-memory.mjs";
import { silentSink } from "./silent-sink.ts";

/**
 * Finds the events of a file and their fields together with further threads, which have started, and makes nothing of them.
 * The time is that of reading and scanning.
 */
async function main(path: string, workerPath: string, count: number | undefined): Promise<void> {
  const source = await openByteSource(path);
  const { stored } = source;
  if (stored === undefined) throw new Error("expected a file that is stored as it is");
  const names = new NameTable(createTraceBuilder(), chromeDialect);
  const batches = EventBatches.create(names.define, names.defineDistinct);
  const scanner = new EventScanner(names, silentSink, "container", batches);
  const threads = startSegmentThreads(workerPath, { path, stored }, count);
  if (threads === null) throw new Error("expected a system that gives a further thread");
  await whenUp(threads);
  const startMs = performance.now();
  const { eventBytes } = defaultLimits;
  const { size } = await scanFile(source, scanner, {
    chunkBytes: defaultChunkBytes,
    eventBytes,
    onChunk: () => undefined,
    threads,
  });
  const ms = performance.now() - startMs;
  source.close();
  process.stdout.write(JSON.stringify({ ms, maxRssKb: peakRssKb(), bytes: size }));
}

/** They tell of it by messages, which come between tasks. */
async function whenUp(threads: SegmentThreads): Promise<void> {
  if (threads.areUp) return;
  await new Promise((resolve) => setTimeout(resolve, 1));
  await whenUp(threads);
}

const [, , path = "", workerPath = "", count = ""] = process.argv;
main(path, workerPath, count === "" ? undefined : Number(count)).catch((error: unknown) => {
  process.stderr.write(`${String(error)}\n`);
  process.exitCode = 1;
});
