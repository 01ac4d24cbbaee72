import { closeSync, openSync, readSync } from "node:fs";
import { NameTable } from "../../../traces/importers/chrome/name-table.ts";
import { chromeDialect } from "../../../traces/importers/formats/chrome-json.ts";
import { EventBatches } from "../../../traces/importers/json-scan/event-batches.ts";
import { EventScanner } from "../../../traces/importers/json-scan/event-scanner.ts";
import { defaultChunkBytes } from "../../../traces/importers/json-scan/scan-file.ts";
import { createTraceBuilder } from "../../../traces/model/create-trace-builder.ts";
import { peakRssKb } from "./peak-memory.mjs";
import { silentSink } from "./silent-sink.ts";

/**
 * Finds the events of a file and their fields, and makes nothing of them. The time is that of the scanner alone, over
 * bytes that are in memory: reading a chunk is not counted.
 */
function main(path: string): void {
  const names = new NameTable(createTraceBuilder(), chromeDialect);
  const batches = EventBatches.create(names.define, names.defineDistinct);
  const scanner = new EventScanner(names, silentSink, "container", batches);
  scanner.reserve(defaultChunkBytes, 0);
  const descriptor = openSync(path, "r");
  let ms = 0;
  let offset = 0;
  let kept = 0;
  for (let added = 1; added > 0;) {
    added = readSync(descriptor, scanner.bytes, kept, defaultChunkBytes - kept, offset + kept);
    const beforeMs = performance.now();
    const used = scanner.scan(0, kept + added, offset, added === 0);
    ms += performance.now() - beforeMs;
    kept += added - used;
    scanner.bytes.copyWithin(0, used, used + kept);
    offset += used;
  }
  closeSync(descriptor);
  process.stdout.write(JSON.stringify({ ms, maxRssKb: peakRssKb(), bytes: offset }));
}

main(process.argv[2] ?? "");
