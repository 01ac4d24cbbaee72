import type { ImportLimits } from "../../../traces/importers/importer.ts";
import type { ByteSource, SourceWarning } from "../../../traces/io/byte-source.ts";
import { fromPlainError, type PlainError } from "../../contract/plain-error.ts";
import { copyBytes } from "../copy-bytes.ts";
import { isAllocationFailure } from "./allocation-failure.ts";
import { describeDeath } from "./describe-death.ts";
import { tryWorker } from "./try-worker.ts";

/** Stored bytes from which a thread that inflates is worth its start and its memory. */
const usualFromBytes = 2 ** 23;

/** Content that the thread that asks inflates itself, so that there is something to show while the other one starts. */
const usualOwnBytes = 2 ** 23;

/** For bytes that are wanted in memory of one thread. */
const scratchBytes = 2 ** 20;

export interface ReadThreadOptions {
  /** Path of the worker bundle. */
  readonly workerPath: string;
  /** Of the file that the source is of. */
  readonly path: string;
  readonly limits: ImportLimits;
  /** Smaller sources are read on the thread that asks. */
  readonly fromBytes?: number;
  /** Content that the thread that asks reads itself at first. */
  readonly ownBytes?: number;
}

export type ToReadWorker =
  | { readonly kind: "open"; readonly path: string; readonly limits: ImportLimits; readonly skipBytes: number }
  /** The target lies in shared memory. */
  | { readonly kind: "fill"; readonly target: Uint8Array };

/** One answer to each "fill", in their order. */
export type FromReadWorker =
  | {
      readonly kind: "filled";
      readonly count: number;
      readonly storedRead: number;
      readonly warnings: readonly SourceWarning[];
    }
  | { readonly kind: "failed"; readonly error: PlainError };

/**
 * The same content, read on a thread of its own soon after the first `fillLater`: it inflates and copies to where the bytes are
 * wanted, so that the thread that scans does nothing else. The source itself where nothing is gained by it: others than compressed
 * ones read ahead by themselves.
 */
export function readOnThread(source: ByteSource, options: ReadThreadOptions): ByteSource {
  const { path, limits, workerPath, fromBytes = usualFromBytes, ownBytes = usualOwnBytes } = options;
  const isJoined = source.parts !== undefined;
  if (source.fillLater !== undefined || isJoined || source.storedSize < fromBytes) return source;
  let line: ReadLine | null = null;
  let storedRead = 0;
  let warnings: readonly SourceWarning[] = [];
  let asked = false;
  /** Bytes that this thread still reads itself. */
  let own = Infinity;

  const start = (): void => {
    line = openLine(workerPath);
    if (line === null) return;
    own = ownBytes;
    line.open(path, limits, own);
  };
  const fillHere = async (target: Uint8Array): Promise<number> => {
    const count = await source.fill(target.subarray(0, Math.min(target.length, own)));
    own = count === 0 ? Infinity : own - count;
    return count;
  };
  const fillThere = async (from: ReadLine, target: Uint8Array): Promise<number> => {
    const isShared = target.buffer instanceof SharedArrayBuffer;
    const shared = isShared ? target : new Uint8Array(new SharedArrayBuffer(Math.min(scratchBytes, target.length)));
    const answer = await from.fill(shared);
    ({ storedRead, warnings } = answer);
    if (!isShared) copyBytes(shared.subarray(0, answer.count), target);
    if (answer.count > 0) return answer.count;
    // Sealing needs the memory.
    from.close();
    // Throws where another file took the place of this one before the thread opened it.
    await source.readAt(0, new Uint8Array(0));
    return 0;
  };
  const fill = (target: Uint8Array): Promise<number> =>
    line === null || own > 0 ? fillHere(target) : fillThere(line, target);
  return {
    size: source.size,
    storedSize: source.storedSize,
    get storedRead() {
      return Math.max(source.storedRead, storedRead);
    },
    fill,
    fillLater(target) {
      if (!asked) start();
      asked = true;
      return fill(target);
    },
    get seeks() {
      return source.seeks;
    },
    readAt: (offset, target) => source.readAt(offset, target),
    openRandomAccess: (betweenPieces) => source.openRandomAccess(betweenPieces),
    get warnings() {
      return own > 0 ? source.warnings : warnings;
    },
    close() {
      line?.close();
      source.close();
    },
  };
}

interface ReadLine {
  open(path: string, limits: ImportLimits, skipBytes: number): void;
  fill(target: Uint8Array): Promise<FromReadWorker & { readonly kind: "filled" }>;
  close(): void;
}

interface Waiting {
  readonly resolve: (answer: FromReadWorker & { readonly kind: "filled" }) => void;
  readonly reject: (error: Error) => void;
}

/** Null where the system gives no further thread. */
function openLine(workerPath: string): ReadLine | null {
  const worker = tryWorker(workerPath, "read");
  if (worker === null) return null;
  const waiting: Waiting[] = [];
  let failure: Error | null = null;
  const fail = (error: Error): void => {
    // Of a buffer that the system did not give: the import tells of that itself.
    failure ??= isAllocationFailure(error) ? error : describeDeath(error);
    for (const { reject } of waiting.splice(0)) reject(failure);
  };
  worker.on("message", (answer: FromReadWorker) => {
    const first = waiting.shift();
    if (answer.kind === "filled") first?.resolve(answer);
    else first?.reject(fromPlainError(answer.error));
  });
  worker.on("error", fail);
  worker.on("messageerror", fail);
  worker.on("exit", (code) => fail(new Error(`exit code ${code}`)));
  const post = (message: ToReadWorker): void => worker.postMessage(message);
  return {
    open: (path, limits, skipBytes) => post({ kind: "open", path, limits, skipBytes }),
    fill: (target) =>
      new Promise((resolve, reject) => {
        if (failure !== null) return reject(failure);
        waiting.push({ resolve, reject });
        post({ kind: "fill", target });
      }),
    close() {
      void worker.terminate();
    },
  };
}
