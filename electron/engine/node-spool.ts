import { closeSync, mkdtempSync, openSync, readSync, rmdirSync, statfsSync, unlinkSync, write } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

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
   * Takes over `piece`. Resolves when few enough bytes wait. A full disk, or a copy beyond 8 GiB or a quarter of the
   * free disk, makes the spool unusable: readers go back to the compressed file.
   */
  append(piece: Uint8Array): Promise<void>;
  /** Resolves when everything taken over so far is on the disk. */
  flush(): Promise<void>;
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
  const disk = statfsSync(folder);
  const limitBytes = Math.min(largestSpoolBytes, disk.bavail * disk.bsize * diskFraction);
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
      if (queued > limitBytes) usable = false;
      tail = tail.then(() => writeOut(piece, offset));
      return queued - written > backlogBytes ? tail : Promise.resolve();
    },
    flush: () => tail,
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
