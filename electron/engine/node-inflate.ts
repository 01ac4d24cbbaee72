import { createGunzip, createInflateRaw } from "node:zlib";
import type { Gunzip, InflateRaw } from "node:zlib";
import { releaseMoved } from "../../traces/model/staging-memory.ts";
import type { NodeFile } from "./node-file.ts";

/** Larger pieces cost fewer turns of the event loop: 1 MiB inflates three times as fast as the default 64 KiB. */
export const outputBytes: number = 2 ** 20;
export const inputBytes: number = 2 ** 18;
/** Pieces that wait until zlib does. */
const mostPieces = 2;

/** Where compressed bytes lie in a file, and their wrapping. */
export interface CompressedRange {
  readonly wrapping: "gzip" | "none";
  readonly start: number;
  readonly end: number;
}

/** One pass over compressed bytes, from the start, a piece at a time. */
export interface InflateReader {
  /** Compressed bytes given to zlib so far. */
  readonly storedRead: number;
  /**
   * Next inflated bytes; null at the end. Rejects with zlib's error after all that was inflated before it. They lie at the
   * start of `target` where the reader can inflate to there and `outputBytes` fit, else in memory of the reader.
   */
  read(target?: Uint8Array): Promise<Uint8Array | null>;
  /** Nobody reads this piece any more. */
  release(piece: Uint8Array): void;
  close(): void;
}

/**
 * Gives the memory of a piece back that nobody reads any more. zlib takes a new buffer for each; left to the collector they
 * made it mark everything 86 times in 1.4 GB, for a quarter of the processor time of an import.
 */
export function releasePiece({ buffer, byteOffset, length }: Uint8Array): void {
  // zlib fills a buffer to its end before it takes another; smaller ones belong to the pool of Node.js.
  if (byteOffset + length < buffer.byteLength || buffer.byteLength < outputBytes) return;
  releaseMoved([{ buffer }]);
}

/** Starts to inflate; zlib works on its own thread while the caller uses what it got. */
export function openInflate(file: NodeFile, range: CompressedRange): InflateReader {
  const options = { chunkSize: outputBytes };
  const stream: Gunzip | InflateRaw = range.wrapping === "gzip" ? createGunzip(options) : createInflateRaw(options);
  const input = Buffer.allocUnsafe(inputBytes);
  // A queue of our own: a read from the stream copies all pieces that wait into one.
  const pieces: Buffer[] = [];
  let position = range.start;
  let failure: Error | null = null;
  let ended = false;
  let wake: (() => void) | null = null;
  const wakeUp = (): void => {
    wake?.();
    wake = null;
  };
  const feed = (): void => {
    if (stream.destroyed || stream.writableEnded) return;
    const count = file.readAt(position, input.subarray(0, Math.min(inputBytes, range.end - position)));
    position += count;
    if (count === 0) stream.end();
    // The callback comes when zlib is done with the bytes, so one input buffer is enough.
    else stream.write(input.subarray(0, count), (error) => (error == null ? feed() : undefined));
  };
  stream.on("data", (piece: Buffer) => {
    if (pieces.push(piece) >= mostPieces) stream.pause();
    wakeUp();
  });
  stream.on("end", () => {
    ended = true;
    wakeUp();
  });
  stream.on("error", (error: Error) => {
    failure = error;
    wakeUp();
  });
  feed();
  return {
    get storedRead() {
      return position - range.start;
    },
    async read() {
      for (;;) {
        const piece = pieces.shift();
        if (piece !== undefined) {
          if (pieces.length < mostPieces && stream.isPaused()) stream.resume();
          return piece;
        }
        if (failure !== null) throw failure;
        if (ended) return null;
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    },
    release: releasePiece,
    close() {
      stream.destroy();
      wakeUp();
    },
  };
}
