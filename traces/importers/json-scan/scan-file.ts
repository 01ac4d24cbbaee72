import type { ByteSource } from "../../io/byte-source.ts";
import { guardBytes } from "./event-reader.ts";
import type { EventScanner, ScanEnd } from "./event-scanner.ts";

/** At 200–600 MB/s one chunk takes 7–20 ms, the time between two looks at the cancel flag. */
export const defaultChunkBytes: number = 4 * 2 ** 20;

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
  let buffer = new Uint8Array(options.chunkBytes + guardBytes);
  let length = 0;
  let offset = 0;
  let stuck = false;
  for (;;) {
    const room = buffer.length - guardBytes;
    const filled = source.fill(buffer.subarray(length, room));
    const added = typeof filled === "number" ? filled : await filled;
    length += added;
    // An unfinished event is looked at again only when the buffer is full: else large events cost quadratic time.
    if (stuck && added > 0 && length < room) {
      options.onChunk();
      continue;
    }
    const used = scanner.scan(buffer, length, offset, added === 0);
    if (added === 0) {
      const rest = used < length ? offset + used : null;
      const size = offset + length;
      options.onChunk();
      return { ...scanner.end(rest, size), size };
    }
    buffer.copyWithin(0, used, length);
    length -= used;
    offset += used;
    stuck = length > 0 && used === 0;
    if (length === room && room >= options.eventBytes) {
      scanner.skipOversized(offset);
      const passed = scanner.scan(buffer, length, offset, false);
      buffer.copyWithin(0, passed, length);
      length -= passed;
      offset += passed;
      stuck = false;
    } else if (length === room) buffer = grown(buffer, length, Math.min(room * 2, options.eventBytes));
    options.onChunk();
  }
}

function grown(buffer: Uint8Array, length: number, room: number): Uint8Array<ArrayBuffer> {
  const larger = new Uint8Array(room + guardBytes);
  larger.set(buffer.subarray(0, length));
  return larger;
}
