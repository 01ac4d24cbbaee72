import { writeContainer } from "../../../traces/container/write-container.ts";
import { memorySource } from "../../../traces/io/memory-source.ts";
import type { ImportJob, ImportWatcher } from "../imports/import-job.ts";
import type { Trace } from "../../../traces/model/trace.ts";
import { type ImportThread, performImport } from "../imports/perform-import.ts";

const spanCount = 1000;
/** More than a byte counts, as in most traces: loops are compiled for the width of their columns. */
const nameCount = 400;
/** Until the loops over bytes and spans are compiled. */
const copiesRead = 20;

const watcher: ImportWatcher = { onProgress: () => undefined, onSnapshot: () => undefined };
const thread: ImportThread = {
  allocate: (byteLength) => new SharedArrayBuffer(byteLength),
  throwIfCancelled: () => undefined,
  nowMs: () => performance.now(),
};

/**
 * Reads a made-up trace and drops it: most of the way to the first picture of a file was code that ran for the first
 * time. Chrome JSON, since it is what most files are, and its scanner is WebAssembly; then its kept copy.
 */
export async function warmUpImport(): Promise<void> {
  await readCopies(await readEvents());
}

async function readEvents(): Promise<Trace> {
  const events = Array.from({ length: spanCount }, (_, index) => {
    const name = `operator ${index % nameCount}`;
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
  const { trace } = await performImport(memorySource(bytes, Math.ceil(bytes.length / 2)), job, watcher, thread);
  return trace;
}

async function readCopies(trace: Trace): Promise<void> {
  const pieces: Uint8Array[] = [];
  for await (const piece of writeContainer(trace, { writer: "", arguments: null })) pieces.push(piece);
  const bytes = Buffer.concat(pieces);
  const job: ImportJob = {
    path: "",
    fileName: "warm-up.dflame",
    importer: "deltaflame",
    allowLargeInflate: false,
    isOwnContainer: true,
  };
  for (let copy = 0; copy < copiesRead; copy++) await performImport(memorySource(bytes), job, watcher, thread);
}
