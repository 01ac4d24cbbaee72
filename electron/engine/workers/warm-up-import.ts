import { memorySource } from "../../../traces/io/memory-source.ts";
import type { ImportJob } from "../imports/import-job.ts";
import { performImport } from "../imports/perform-import.ts";

const spanCount = 1000;

/**
 * Reads a made-up trace and drops it: most of the way to the first picture of a file was code that ran for the first
 * time. Chrome JSON, since it is what most files are, and its scanner is WebAssembly.
 */
export async function warmUpImport(): Promise<void> {
  const events = Array.from({ length: spanCount }, (_, index) => {
    const name = `operator ${index % 50}`;
    return {
      ph: "X",
      cat: "cpu_op",
      name,
      pid: 1,
      tid: 1 + (index % 4),
      ts: index * 10.5,
      dur: 20.25,
      args: { index },
    };
  });
  const bytes = new TextEncoder().encode(JSON.stringify({ traceEvents: events }));
  const job: ImportJob = { path: "", fileName: "warm-up.json", importer: null, allowLargeInflate: false };
  await performImport(
    memorySource(bytes, Math.ceil(bytes.length / 2)),
    job,
    { onProgress: () => undefined, onSnapshot: () => undefined },
    {
      allocate: (byteLength) => new SharedArrayBuffer(byteLength),
      throwIfCancelled: () => undefined,
      nowMs: () => performance.now(),
    },
  );
}
