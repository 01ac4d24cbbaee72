import type { ByteSource } from "../../io/byte-source.ts";
import type { EventScanner, ScanEnd } from "./event-scanner.ts";

/** Fits the second cache, so that bytes are read from memory once. One chunk takes 1–3 ms, the time between two looks at the
 * cancel flag. */
export const defaultChunkBytes: number = 2 ** 20;

export interface ScanOptions {
  readonly chunkBytes: number;
  /** Largest event or root member that is read; what is larger is passed over. */
  readonly eventBytes: number;
  /** After each chunk; may throw to stop. */
  onChunk(): void;
}

export interface ScanResult extends ScanEnd {
  /** Bytes of the uncompressed file. */
  readonly size: number;
}

/** Feeds a whole file to a scanner through one buffer, which grows only for events that do not fit. */
export async function scanFile(source: ByteSource, scanner: EventScanner, options: ScanOptions): Promise<ScanResult> {
  let room = options.chunkBytes;
  let length = 0;
  let offset = 0;
  let stuck = false;
  scanner.reserve(room, 0);
  const consume = (used: number): void => {
    scanner.bytes.copyWithin(0, used, length);
    length -= used;
    offset += used;
  };
  for (;;) {
    const filled = source.fill(scanner.bytes.subarray(length, room));
    const added = typeof filled === "number" ? filled : await filled;
    length += added;
    // An unfinished event is looked at again only when the buffer is full: else large events cost quadratic time.
    if (stuck && added > 0 && length < room) {
      options.onChunk();
      continue;
    }
    const used = scanner.scan(length, offset, added === 0);
    if (added === 0) {
      const rest = used < length ? offset + used : null;
      const size = offset + length;
      options.onChunk();
      return { ...scanner.end(rest, size), size };
    }
    consume(used);
    stuck = length > 0 && used === 0;
    if (length === room && room >= options.eventBytes) {
      scanner.skipOversized(offset);
      consume(scanner.scan(length, offset, false));
      stuck = false;
    } else if (length === room) {
      room = Math.min(room * 2, options.eventBytes);
      scanner.reserve(room, length);
    }
    options.onChunk();
  }
}
