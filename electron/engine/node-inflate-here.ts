import { constants, createGunzip, createInflateRaw } from "node:zlib";
import type { NodeFile } from "./node-file.ts";
import { type CompressedRange, inputBytes, type InflateReader, outputBytes } from "./node-inflate.ts";

/** What the streams of `node:zlib` call zlib with; not in their documentation, and alike in Node.js 18 to 24. */
interface ZlibHandle {
  onerror(message: string, errno: number, code: string): void;
  /** Leaves the bytes not filled and not read in `_writeState`. */
  writeSync(
    flush: number,
    input: Uint8Array,
    inputAt: number,
    inputLength: number,
    output: Uint8Array,
    outputAt: number,
    outputLength: number,
  ): void;
}
interface ZlibInternals {
  readonly _handle?: Partial<ZlibHandle>;
  readonly _writeState?: unknown;
}

const oldestMajor = 18;
const newestMajor = 24;

/**
 * As `openInflate`, on the calling thread, into the target or into one buffer, so that a piece is good until the next `read`. For
 * a thread that has nothing else to do: no other one is woken for each piece, and no memory is new. Null where Node.js is not known to
 * have what this needs.
 */
export function openInflateHere(file: NodeFile, range: CompressedRange): InflateReader | null {
  const major = Number.parseInt(process.versions.node, 10);
  if (major < oldestMajor || major > newestMajor) return null;
  const stream = range.wrapping === "gzip" ? createGunzip() : createInflateRaw();
  const { _handle: handle, _writeState: state } = stream as ZlibInternals;
  if (handle?.writeSync === undefined || !(state instanceof Uint32Array)) {
    stream.destroy();
    return null;
  }
  const zlib = handle as ZlibHandle;
  const input = Buffer.allocUnsafe(inputBytes);
  let buffer: Uint8Array | null = null;
  const end: { failure: Error | null; isReached: boolean } = { failure: null, isReached: false };
  zlib.onerror = (message, errno, code) => {
    end.failure = Object.assign(new Error(message), { errno, code });
  };
  let position = range.start;
  let inputAt = 0;
  let inputLeft = 0;

  /** Fills `output` from `from` on as far as the input at hand goes; returns how far. */
  const inflateOn = (output: Uint8Array, from: number): number => {
    if (inputLeft === 0) {
      inputLeft = file.readAt(position, input.subarray(0, Math.min(inputBytes, range.end - position)));
      position += inputLeft;
      inputAt = 0;
    }
    const isLast = inputLeft === 0;
    const flush = isLast ? constants.Z_FINISH : constants.Z_NO_FLUSH;
    zlib.writeSync(flush, input, inputAt, inputLeft, output, from, output.length - from);
    if (end.failure !== null) return from;
    const [room = 0, left = 0] = state;
    inputAt += inputLeft - left;
    inputLeft = left;
    // Zeros may follow the end of a gzip stream, and are not read.
    end.isReached = room > 0 && (isLast || left > 0);
    return output.length - room;
  };

  return {
    get storedRead() {
      return position - range.start;
    },
    async read(target) {
      const isRoomy = target !== undefined && target.length >= outputBytes;
      // Pieces are as long as those of a stream, since warnings tell where one began.
      const output = isRoomy ? target.subarray(0, outputBytes) : (buffer ??= new Uint8Array(outputBytes));
      let length = 0;
      while (length < output.length && !end.isReached && end.failure === null) length = inflateOn(output, length);
      if (length > 0) return output.subarray(0, length);
      if (end.failure !== null) throw end.failure;
      return null;
    },
    release() {},
    close() {
      stream.destroy();
    },
  };
}
