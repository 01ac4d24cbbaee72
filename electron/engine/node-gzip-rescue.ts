import { constants, createInflateRaw } from "node:zlib";
import type { NodeFile } from "./node-file.ts";

/** Small pieces, so that little is lost where zlib gives up. */
const pieceBytes = 512;
const trailerBytes = 8;

/**
 * Inflates a damaged gzip file again, member by member and without its checksums, and yields what follows the first
 * `skipBytes` inflated bytes: zlib's stream drops the last piece when it reports an error.
 */
export async function* rescueGzip(file: NodeFile, skipBytes: number): AsyncGenerator<Uint8Array> {
  let start = 0;
  let skip = skipBytes;
  while (start < file.size) {
    const body = bodyStart(file, start);
    if (body === null) return;
    const inflated = inflateMember(file, body);
    for await (const piece of inflated.pieces) {
      if (piece.length <= skip) skip -= piece.length;
      else {
        yield piece.subarray(skip);
        skip = 0;
      }
    }
    if (!inflated.complete()) return;
    start = body + inflated.consumed() + trailerBytes;
  }
}

interface Member {
  readonly pieces: AsyncIterable<Uint8Array>;
  complete(): boolean;
  consumed(): number;
}

function inflateMember(file: NodeFile, start: number): Member {
  const stream = createInflateRaw({ finishFlush: constants.Z_SYNC_FLUSH });
  let complete = false;
  async function* pieces(): AsyncGenerator<Uint8Array> {
    const waiting: Uint8Array[] = [];
    stream.on("data", (piece: Uint8Array) => waiting.push(piece));
    stream.on("end", () => (complete = true));
    const input = Buffer.allocUnsafe(pieceBytes);
    // After an error or its end the stream destroys itself.
    for (let position = start; !stream.destroyed;) {
      const count = file.readAt(position, input);
      if (count === 0 || stream.readableEnded) break;
      position += count;
      await new Promise<void>((resolve) => {
        const settle = (): void => {
          stream.off("error", settle);
          resolve();
        };
        stream.on("error", settle);
        stream.write(input.subarray(0, count), settle);
      });
      // "end" and the last "data" come one turn after the callback.
      await new Promise<void>((resolve) => setImmediate(resolve));
      yield* waiting.splice(0);
    }
    stream.destroy();
    yield* waiting.splice(0);
  }
  stream.on("error", () => stream.destroy());
  return { pieces: pieces(), complete: () => complete, consumed: () => stream.bytesWritten };
}

const flags = { extra: 4, name: 8, comment: 16, headerChecksum: 2 } as const;

/** Where the deflate data of the gzip member at `start` begins (RFC 1952, section 2.3); null when there is none. */
function bodyStart(file: NodeFile, start: number): number | null {
  const header = new Uint8Array(64 * 1024);
  const length = file.readAt(start, header);
  if (length < 10 || header[0] !== 0x1f || header[1] !== 0x8b) return null;
  const flag = header[3] ?? 0;
  let p = 10;
  if ((flag & flags.extra) !== 0) p += 2 + (header[p] ?? 0) + 256 * (header[p + 1] ?? 0);
  if ((flag & flags.name) !== 0) p = afterZero(header, p);
  if ((flag & flags.comment) !== 0) p = afterZero(header, p);
  if ((flag & flags.headerChecksum) !== 0) p += 2;
  return p <= length ? start + p : null;
}

function afterZero(bytes: Uint8Array, p: number): number {
  while (p < bytes.length && bytes[p] !== 0) p++;
  return p + 1;
}
