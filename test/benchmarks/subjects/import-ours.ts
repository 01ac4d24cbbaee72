import { openByteSource } from "../../../electron/engine/node-host.ts";
import { performImport } from "../../../electron/engine/imports/perform-import.ts";
import { readOnThread } from "../../../electron/engine/imports/read-thread.ts";
import { sealThreadFromSpans, startSealThread } from "../../../electron/engine/imports/seal-thread.ts";
import { segmentThreadsFromBytes, startSegmentThreads } from "../../../electron/engine/imports/segment-threads.ts";
import { defaultLimits } from "../../../traces/importers/importer.ts";
import { allowMoving } from "../../../traces/model/staging-memory.ts";
import { peakRssKb } from "./peak-memory.mjs";

/**
 * Reads a file as an import worker does and prints what it took. With "window" snapshots are made on the way, as for a
 * window that shows a growing trace; the command line makes none. Without the paths of the workers one thread does all.
 */
async function main(
  path: string,
  audience: string,
  sealWorkerPath: string,
  readWorkerPath: string,
  segmentWorkerPath: string,
  segmentThreads: string,
): Promise<void> {
  const startMs = performance.now();
  allowMoving();
  const file = await openByteSource(path);
  const source =
    readWorkerPath === "" ? file : readOnThread(file, { workerPath: readWorkerPath, path, limits: defaultLimits });
  let snapshots = 0;
  let firstSnapshotMs = 0;
  const onSnapshot = (): void => {
    if (snapshots++ === 0) firstSnapshotMs = performance.now() - startMs;
  };
  const { trace, outline } = await performImport(
    source,
    { path, fileName: "bench.json", importer: null, allowLargeInflate: false },
    { onProgress: () => undefined, onSnapshot: audience === "window" ? onSnapshot : null },
    {
      allocate: (byteLength) => new SharedArrayBuffer(byteLength),
      throwIfCancelled: () => undefined,
      nowMs: () => performance.now(),
      ...(sealWorkerPath !== "" && {
        sealThread: { fromSpans: sealThreadFromSpans, start: () => startSealThread(sealWorkerPath) },
      }),
      ...(segmentWorkerPath !== "" && {
        segmentThreads: {
          fromBytes: segmentThreadsFromBytes,
          start: (file, stored) =>
            startSegmentThreads(
              segmentWorkerPath,
              { path: file, stored },
              segmentThreads === "" ? undefined : Number(segmentThreads),
            ),
        },
      }),
    },
  );
  const ms = performance.now() - startMs;
  const { user, system } = process.cpuUsage();
  const events = trace.meta.ledger.eventsRead;
  process.stdout.write(
    JSON.stringify({
      ms,
      cpuMs: (user + system) / 1000,
      maxRssKb: peakRssKb(),
      events,
      spans: trace.spans.length,
      snapshots,
      firstSnapshotMs,
      residentBytes: outline.residentBytes,
    }),
  );
}

const [, , path = "", audience = "window", seal = "", read = "", segment = "", threads = ""] = process.argv;
main(path, audience, seal, read, segment, threads).catch((error: unknown) => {
  process.stderr.write(`${String(error)}\n`);
  process.exitCode = 1;
});
