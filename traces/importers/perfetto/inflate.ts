import { type FieldReader, WireError } from "../../io/protobuf.ts";
import { unpackZstd } from "../../io/zstd.ts";
import type { PacketFields } from "./packet.ts";
import { Packet } from "./schema.ts";

/** Packets of compressed blocks have offsets from here on, in the order of the blocks: no file reaches it. */
export const inflatedBase: number = 2 ** 39;

/** Compressed packets as they stand in the file. */
export interface CompressedBlock {
  readonly method: "zlib" | "zstd";
  readonly bytes: Uint8Array;
}

/** The compressed packets that a packet holds instead of content of its own. */
export function blockOf({ carried }: PacketFields, reader: FieldReader): CompressedBlock | null {
  const zlib = carried.get(Packet.compressedPackets);
  if (zlib !== undefined) return { method: "zlib", bytes: reader.slice(zlib.start, zlib.end) };
  const zstd = carried.get(Packet.zstdCompressedPackets);
  return zstd === undefined ? null : { method: "zstd", bytes: reader.slice(zstd.start, zstd.end) };
}

/** Unpacks a block of packets. Throws WireError when it is damaged or larger than `limitBytes`. */
export async function inflateBlock(
  { method, bytes }: CompressedBlock,
  limitBytes: number,
  byteOffset: number,
): Promise<Uint8Array> {
  if (method === "zlib") return await inflateZlib(bytes, limitBytes, byteOffset);
  try {
    return unpackZstd(bytes, limitBytes);
  } catch (error) {
    const why = error instanceof Error ? error.message : "damage";
    throw new WireError(`expected packets compressed with zstd, found some that do not unpack (${why})`, byteOffset);
  }
}

async function inflateZlib(bytes: Uint8Array, limitBytes: number, byteOffset: number): Promise<Uint8Array> {
  const stream = new DecompressionStream("deflate");
  const writer = stream.writable.getWriter();
  const reader = stream.readable.getReader();
  // What goes wrong is told by `read`; the same error comes out of all of these.
  for (const promise of [writer.closed, reader.closed, writer.write(bytes.slice()), writer.close()])
    promise.catch(() => undefined);
  const pieces: Uint8Array[] = [];
  let size = 0;
  try {
    for (let next = await reader.read(); !next.done; next = await reader.read()) {
      pieces.push(next.value);
      size += next.value.length;
      if (size > limitBytes) {
        reader.cancel().catch(() => undefined);
        throw new WireError(`expected compressed packets of at most ${limitBytes} bytes, found more`, byteOffset);
      }
    }
  } catch (error) {
    if (error instanceof WireError) throw error;
    throw new WireError("expected compressed packets, found bytes that do not inflate", byteOffset);
  }
  const whole = new Uint8Array(size);
  let filled = 0;
  for (const piece of pieces) {
    whole.set(piece, filled);
    filled += piece.length;
  }
  return whole;
}
