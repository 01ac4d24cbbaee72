import { closeSync, openSync, readSync, unlinkSync, write } from "node:fs";
import { mkdtempSync, rmdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

/** Most bytes that may wait for the disk. */
const backlogBytes = 32 * 2 ** 20;

/** A private copy of inflated bytes on disk, so that single events can be read again at once. */
export interface Spool {
  /** Bytes that can be read. */
  readonly length: number;
  /** All bytes were kept: nothing failed. */
  readonly usable: boolean;
  /** Takes over `piece`. Resolves when few enough bytes wait. A full disk drops the spool, silently for the caller. */
  append(piece: Uint8Array): Promise<void>;
  readAt(offset: number, target: Uint8Array): number;
  close(): void;
}

/** Makes an empty spool: only this user can read it, and where the system allows it has no name any more. */
export function openSpool(folder: string = tmpdir()): Spool {
  const directory = mkdtempSync(join(folder, "deltaflame-"));
  const path = join(directory, "spool");
  const descriptor = openSync(path, "wx+", 0o600);
  let named = !removeName(path);
  let written = 0;
  let queued = 0;
  let usable = true;
  let open = true;
  let tail: Promise<void> = Promise.resolve();

  const writeOut = (piece: Uint8Array, offset: number): Promise<void> =>
    new Promise((resolve) => {
      if (!usable || !open) return resolve();
      write(descriptor, piece, 0, piece.length, offset, (error, count) => {
        if (error !== null || count !== piece.length) usable = false;
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
      const offset = queued;
      queued += piece.length;
      tail = tail.then(() => writeOut(piece, offset));
      return queued - written > backlogBytes ? tail : Promise.resolve();
    },
    readAt(offset, target) {
      return readSync(descriptor, target, 0, Math.min(target.length, Math.max(0, written - offset)), offset);
    },
    close() {
      if (!open) return;
      open = false;
      void tail.then(() => {
        closeSync(descriptor);
        if (named) named = !removeName(path);
      });
    },
  };
}

/** Windows keeps the name of an open file: then it is removed when the spool is closed. */
function removeName(path: string): boolean {
  try {
    unlinkSync(path);
    rmdirSync(dirname(path));
    return true;
  } catch {
    return false;
  }
}
