import type { ByteSource } from "./byte-source.ts";

/** A source over bytes that are in memory already. `chunkBytes` limits what one `fill` gives. */
export function memorySource(bytes: Uint8Array, chunkBytes: number = bytes.length): ByteSource {
  let position = 0;
  const readAt = (offset: number, target: Uint8Array): number => {
    const part = bytes.subarray(offset, offset + target.length);
    target.set(part);
    return part.length;
  };
  const fill = (target: Uint8Array): number => {
    const count = Math.min(target.length, chunkBytes, bytes.length - position);
    target.set(bytes.subarray(position, position + count));
    position += count;
    return count;
  };
  return {
    size: bytes.length,
    storedSize: bytes.length,
    get storedRead() {
      return position;
    },
    fill,
    fillLater: (target) => Promise.resolve(fill(target)),
    seeks: true,
    readAt: (offset, target) => Promise.resolve(readAt(offset, target)),
    openRandomAccess: () => Promise.resolve({ size: bytes.length, readAt }),
    warnings: [],
    close() {},
  };
}
