import { copyBytes } from "./copy-bytes.ts";
import type { NodeFile } from "./node-file.ts";

/** Several chunks of a scan: to wake the thread that reads costs as much as to read a hundred kilobytes. */
const aheadBytes = 2 ** 22;

/** Reads bytes [start, end) of a file in order, the next piece on another thread while the caller uses the last. */
export interface ReadAhead {
  /** File position of the next byte to be given. */
  readonly position: number;
  /** Fills `target` as far as bytes are at hand; returns how many, 0 at the end. Rejects with the system's error. */
  fill(target: Uint8Array): number | Promise<number>;
  /** As `fill`, on another thread and, as long as `fill` was not called, straight into `target`; one at a time. */
  fillLater(target: Uint8Array): Promise<number>;
}

export function createReadAhead(file: NodeFile, start: number, end: number): ReadAhead {
  let position = start;
  let ahead: Uint8Array | null = null;
  let from = 0;
  let to = 0;
  let reading: Promise<void> | null = null;

  const readOn = (): void => {
    const next = position + (to - from);
    if (next >= end) return;
    ahead ??= new Uint8Array(aheadBytes);
    ahead.copyWithin(0, from, to);
    to -= from;
    from = 0;
    reading = file.readLater(next, ahead.subarray(to, to + Math.min(aheadBytes - to, end - next))).then((count) => {
      to += count;
      reading = null;
    });
    // Whoever asks next hears of a failure; nobody may.
    reading.catch(() => undefined);
  };
  const take = (target: Uint8Array): number => {
    if (ahead === null) return 0;
    const count = Math.min(target.length, to - from);
    copyBytes(ahead.subarray(from, from + count), target);
    from += count;
    position += count;
    // Not after every small piece: what is left is moved to the front.
    if (count > 0 && to - from <= aheadBytes / 4) readOn();
    return count;
  };
  return {
    get position() {
      return position;
    },
    fill(target) {
      if (reading !== null) return reading.then(() => take(target));
      if (from < to) return take(target);
      // The first piece, and what a short read left over.
      const count = file.readAt(position, target.subarray(0, Math.max(0, end - position)));
      position += count;
      if (count === target.length) readOn();
      return count;
    },
    async fillLater(target) {
      if (reading !== null) await reading;
      if (from < to) return take(target);
      const count = await file.readLater(position, target.subarray(0, Math.max(0, end - position)));
      position += count;
      return count;
    },
  };
}
