import { closeSync, constants, fstatSync, openSync, read, readSync } from "node:fs";

/** A file read by position, with what its descriptor tells. */
export interface NodeFile {
  readonly size: number;
  readonly modifiedMs: number;
  /** Reads at `offset` until `target` is full or the file ends; returns the bytes read. */
  readAt(offset: number, target: Uint8Array): number;
  /** As `readAt`, on another thread; may read less. One at a time. */
  readLater(offset: number, target: Uint8Array): Promise<number>;
  /** The file is not what it was when it was opened. */
  hasChanged(): boolean;
  close(): void;
}

/** Opens a file for reading; throws the system's error, without the path. */
export function openNodeFile(path: string): NodeFile {
  // A pipe without a writer would hold the open for ever; Windows has no such flag.
  const descriptor = openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  const status = fstatSync(descriptor);
  if (!status.isFile()) {
    closeSync(descriptor);
    throw Object.assign(new Error("not a file"), { code: status.isDirectory() ? "EISDIR" : "ENOTSUP" });
  }
  const { size, mtimeMs } = status;
  let open = true;
  let pending = false;
  const closeNow = (): void => {
    if (!open && !pending) closeSync(descriptor);
  };
  return {
    size,
    modifiedMs: mtimeMs,
    readAt(offset, target) {
      let done = 0;
      while (done < target.length) {
        const read = readSync(descriptor, target, done, target.length - done, offset + done);
        if (read === 0) break;
        done += read;
      }
      return done;
    },
    readLater(offset, target) {
      pending = true;
      return new Promise((resolve, reject) => {
        read(descriptor, target, 0, target.length, offset, (error, count) => {
          pending = false;
          closeNow();
          if (error === null) resolve(count);
          else reject(error);
        });
      });
    },
    hasChanged() {
      const now = fstatSync(descriptor);
      return now.size !== size || now.mtimeMs !== mtimeMs;
    },
    close() {
      if (!open) return;
      open = false;
      // A number that is closed while it is read from may already be another file's.
      closeNow();
    },
  };
}
