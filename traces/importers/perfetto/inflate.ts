import { WireError } from "../../io/protobuf.ts";

/** Packets of compressed blocks have offsets from here on, in the order of the blocks: no file reaches it. */
export const inflatedBase: number = 2 ** 39;

/** Inflates a block of packets (zlib). Throws WireError when it is damaged or larger than `limitBytes`. */
export async function inflateBlock(bytes: Uint8Array, limitBytes: number, byteOffset: number): Promise<Uint8Array> {
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
