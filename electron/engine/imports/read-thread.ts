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
  /** A thread that was started beforehand: where it is used, the one that asks need not read itself at first. */
  readonly waiting?: ReadThread | null;
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
 * ones read ahead by themselves. Whether the first read is a `fillLater` decides for all.
 */
export function readOnThread(source: ByteSource, options: ReadThreadOptions): ByteSource {
  const { path, limits, workerPath, waiting = null, fromBytes = usualFromBytes, ownBytes = usualOwnBytes } = options;
  const isJoined = source.parts !== undefined;
  // To end a thread that waits takes time, which the first picture would wait for.
  if (source.fillLater !== undefined || isJoined || source.storedSize < fromBytes) return source;
  // One that is not there yet, or no more, would be waited for.
  const ready = waiting?.isUp === true ? waiting : null;
  // It opens the file while the first bytes are looked at here.
  ready?.open(path, limits, 0);
  let thread = ready;
  let storedRead = 0;
  let warnings: readonly SourceWarning[] = [];
  let isDecided = false;
  /** Bytes that this thread still reads itself. */
  let own = Infinity;

  const readThere = (): void => {
    thread ??= startReadThread(workerPath);
    if (thread === null) return;
    own = ready === null ? ownBytes : 0;
    if (ready === null) thread.open(path, limits, own);
  };
  const readHere = (): void => {
    thread?.close();
    thread = null;
  };
  const fillHere = async (target: Uint8Array): Promise<number> => {
    const count = await source.fill(target.subarray(0, Math.min(target.length, own)));
    own = count === 0 ? Infinity : own - count;
    return count;
  };
  const fillThere = async (from: ReadThread, target: Uint8Array): Promise<number> => {
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
    thread === null || own > 0 ? fillHere(target) : fillThere(thread, target);
  return {
    size: source.size,
    storedSize: source.storedSize,
    get storedRead() {
      return Math.max(source.storedRead, storedRead);
    },
    fill(target) {
      if (!isDecided) readHere();
      isDecided = true;
      return fill(target);
    },
    fillLater(target) {
      if (!isDecided) readThere();
      isDecided = true;
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
      thread?.close();
      source.close();
    },
  };
}

/** A thread that reads one file. */
export interface ReadThread {
  /** It runs: what it is told next, it does at once. */
  readonly isUp: boolean;
  open(path: string, limits: ImportLimits, skipBytes: number): void;
  fill(target: Uint8Array): Promise<FromReadWorker & { readonly kind: "filled" }>;
  close(): void;
}

interface Waiting {
  readonly resolve: (answer: FromReadWorker & { readonly kind: "filled" }) => void;
  readonly reject: (error: Error) => void;
}

/** Null where the system gives no further thread. `workerPath`: path of its bundle. */
export function startReadThread(workerPath: string): ReadThread | null {
  const worker = tryWorker(workerPath, "read");
  if (worker === null) return null;
  const waiting: Waiting[] = [];
  let isOnline = false;
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
  worker.on("online", () => {
    isOnline = true;
  });
  const post = (message: ToReadWorker): void => worker.postMessage(message);
  return {
    get isUp() {
      return isOnline && failure === null;
    },
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
