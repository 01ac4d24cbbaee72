import { WireError } from "../../io/protobuf.ts";

/** Packets of compressed blocks have offsets from here on, in the order of the blocks: no file reaches it. */
export const inflatedBase: number = 2 ** 39;

/** Inflates a block of packets (zlib). Throws WireError when it is damaged or larger than `limitBytes`. */
export async function inflateBlock(bytes: Uint8Array, limitBytes: number, byteOffset: number): Promise<Uint8Array> {
  const stream = new DecompressionStream("deflate");
  const writer = stream.writable.getWriter();
  // What goes wrong comes out of the reader.
  const written = writer.write(bytes.slice()).then(
    () => writer.close(),
    () => undefined,
  );
  const reader = stream.readable.getReader();
  const pieces: Uint8Array[] = [];
  let size = 0;
  try {
    for (let next = await reader.read(); !next.done; next = await reader.read()) {
      pieces.push(next.value);
      size += next.value.length;
      if (size > limitBytes) {
        await reader.cancel();
        throw new WireError(`expected compressed packets of at most ${limitBytes} bytes, found more`, byteOffset);
      }
    }
  } catch (error) {
    if (error instanceof WireError) throw error;
    throw new WireError("expected compressed packets, found bytes that do not inflate", byteOffset);
  }
  await written.catch(() => undefined);
  const whole = new Uint8Array(size);
  let filled = 0;
  for (const piece of pieces) {
    whole.set(piece, filled);
    filled += piece.length;
  }
  return whole;
}
