import { writeContainer } from "../../../traces/container/write-container.ts";
import { memorySource } from "../../../traces/io/memory-source.ts";
import type { Trace } from "../../../traces/model/trace.ts";
import type { ImportJob, ImportWatcher } from "../imports/import-job.ts";
import { packImport } from "../imports/packed-import.ts";
import { type ImportThread, performImport } from "../imports/perform-import.ts";
import { makeWarmUpTrace } from "./warm-up-trace.ts";

/*
 * Reads made-up traces and drops them: most of the way to the first picture of a file, and a fifth of that to the last
 * byte of a large one, was code that ran for the first time or was not compiled yet.
 */

/** The window may still be starting: no more than has 256 names. */
const launchesOfPicture = 150;
/** A file that comes meanwhile waits for one such trace. */
const launchesOfScan = 100;
/** Pieces in which a trace comes, as a file does. */
const pieceCount = 4;
/** Until the loops over bytes and spans are compiled. */
const tracesScanned = 16;
const copiesRead = 20;

const watcher: ImportWatcher = { onProgress: () => undefined, onSnapshot: (imported) => void packImport(imported) };
const thread: ImportThread = {
  allocate: (byteLength) => new SharedArrayBuffer(byteLength),
  throwIfCancelled: () => undefined,
  nowMs: () => performance.now(),
};

/** Asked between two steps of some milliseconds: whether to go on. */
export type GoesOn = () => Promise<boolean>;

/** What a first picture takes: Chrome JSON, since it is what most files are, then its kept copy. */
export async function warmUpPicture(goesOn: GoesOn): Promise<void> {
  const trace = await readEvents(launchesOfPicture);
  if (await goesOn()) await readCopies(trace, goesOn);
}

/** What scanning a large file takes, whose scanner is WebAssembly. */
export async function warmUpScan(goesOn: GoesOn): Promise<void> {
  for (let scanned = 0; scanned < tracesScanned && (await goesOn()); scanned++) await readEvents(launchesOfScan);
}

async function readEvents(launchCount: number): Promise<Trace> {
  const bytes = makeWarmUpTrace(launchCount);
  const job: ImportJob = { path: "", fileName: "warm-up.json", importer: null, allowLargeInflate: false };
  const source = memorySource(bytes, Math.ceil(bytes.length / pieceCount));
  return (await performImport(source, job, watcher, thread)).trace;
}

async function readCopies(trace: Trace, goesOn: GoesOn): Promise<void> {
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
  for (let copy = 0; copy < copiesRead && (await goesOn()); copy++)
    await performImport(memorySource(bytes), job, watcher, thread);
}
