import { parentPort, workerData } from "node:worker_threads";
import { type SegmentRequest, SegmentScanner } from "../../../traces/importers/json-scan/segment-scanner.ts";
import type { FromSegmentWorker, SegmentWorkerData } from "../imports/segment-threads.ts";
import { openNodeFile } from "../node-file.ts";

/*
 * The entry of a thread that scans segments of a file for an import. An error ends it; the import goes on without it.
 */

const port = parentPort;
if (port === null) throw new Error("this file runs as a worker thread");

const { path, stored } = workerData as SegmentWorkerData;
const { start, fileSize, modifiedMs } = stored;
const file = openNodeFile(path);
if (file.size !== fileSize || file.modifiedMs !== modifiedMs) throw new Error("expected the file that is imported");

const scanner = new SegmentScanner();
const read = (position: number, target: Uint8Array): number => file.readAt(start + position, target);

port.on("message", (request: SegmentRequest) => {
  const segment = scanner.scan(request, read);
  port.postMessage({ kind: "scanned", segment } satisfies FromSegmentWorker);
});
port.postMessage({ kind: "up" } satisfies FromSegmentWorker);
