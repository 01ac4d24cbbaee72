import { openByteSource } from "../../../electron/engine/node-host.ts";
import { performImport } from "../../../electron/engine/imports/perform-import.ts";

/** Reads a file as an import worker does, snapshots included, and prints what it took. */
async function main(path: string): Promise<void> {
  const startMs = performance.now();
  const source = await openByteSource(path);
  let snapshots = 0;
  const { trace } = await performImport(
    source,
    { path, fileName: "bench.json", importer: null, allowLargeInflate: false },
    { onProgress: () => undefined, onSnapshot: () => snapshots++ },
    {
      allocate: (byteLength) => new SharedArrayBuffer(byteLength),
      throwIfCancelled: () => undefined,
      nowMs: () => performance.now(),
    },
  );
  const ms = performance.now() - startMs;
  const events = trace.meta.ledger.eventsRead;
  process.stdout.write(
    JSON.stringify({ ms, maxRssKb: process.resourceUsage().maxRSS, events, spans: trace.spans.length, snapshots }),
  );
}

main(process.argv[2] ?? "").catch((error: unknown) => {
  process.stderr.write(`${String(error)}\n`);
  process.exitCode = 1;
});
