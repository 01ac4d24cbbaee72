import { readSync, write } from "node:fs";
import { tmpdir } from "node:os";
import { freeDiskBytes, openNamelessFile } from "./nameless-file.ts";

/** Most bytes that may wait for the disk. */
const backlogBytes = 32 * 2 ** 20;

/** Largest copy, whatever room the disk has. */
const largestSpoolBytes = 8 * 2 ** 30;
/** Part of the free disk that a copy may take. */
const diskFraction = 0.25;

/** A private copy of inflated bytes on disk, so that single events can be read again at once. */
export interface Spool {
  /** Bytes that can be read. */
  readonly length: number;
  /** All bytes were kept: nothing failed. */
  readonly usable: boolean;
  /**
   * Takes over `piece`. Resolves when few enough bytes wait. A full disk, or a copy beyond the limit, makes the spool
   * unusable and gives its room back: readers go back to the compressed file.
   */
  append(piece: Uint8Array): Promise<void>;
  /** Resolves when everything taken over so far is on the disk. */
  flush(): Promise<void>;
  readAt(offset: number, target: Uint8Array): number;
  close(): void;
}

export interface SpoolOptions {
  readonly folder?: string;
  /** 8 GiB or a quarter of the free disk, whatever is less. */
  readonly limitBytes?: number;
  /** How bytes get to the disk; tests make it fail. */
  readonly writeBytes?: typeof write;
}

/** Makes an empty spool. */
export function openSpool({
  folder = tmpdir(),
  limitBytes = limitOf(folder),
  writeBytes = write,
}: SpoolOptions = {}): Spool {
  const file = openNamelessFile(folder, "spool");
  const { descriptor } = file;
  let written = 0;
  let queued = 0;
  let usable = true;
  let open = true;
  let tail: Promise<void> = Promise.resolve();

  const close = (): void => {
    if (!open) return;
    open = false;
    void tail.then(() => file.close());
  };
  const drop = (): void => {
    usable = false;
    close();
  };
  const writeOut = (piece: Uint8Array, offset: number): Promise<void> =>
    new Promise((resolve) => {
      if (!open) return resolve();
      writeBytes(descriptor, piece, 0, piece.length, offset, (error, count) => {
        // What does not fit on a disk is written in part first.
        if (error !== null || count !== piece.length) drop();
        else written = offset + count;
        resolve();
      });
    });

  return {
    get length() {
      return usable ? written : 0;
    },
    get usable() {
      return usable;
    },
    append(piece) {
      if (!open) return tail;
      const offset = queued;
      queued += piece.length;
      if (queued > limitBytes) {
        drop();
        return tail;
      }
      tail = tail.then(() => writeOut(piece, offset));
      return queued - written > backlogBytes ? tail : Promise.resolve();
    },
    flush: () => tail,
    readAt(offset, target) {
      return readSync(descriptor, target, 0, Math.min(target.length, Math.max(0, written - offset)), offset);
    },
    close,
  };
}

function limitOf(folder: string): number {
  return Math.min(largestSpoolBytes, freeDiskBytes(folder) * diskFraction);
}
