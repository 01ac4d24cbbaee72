import type { ByteSource } from "../../io/byte-source.ts";
import { guardBytes } from "./event-reader.ts";
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

/** Feeds a whole file to a scanner, chunk by chunk: the next one is read while the last is scanned, where the source can. */
export async function scanFile(source: ByteSource, scanner: EventScanner, options: ScanOptions): Promise<ScanResult> {
  const ahead = await scanReadingAhead(source, scanner, options);
  return "size" in ahead ? ahead : await scanThroughOne(source, scanner, options, ahead);
}

/** How far a file was scanned: data from position `offset` on lies in bytes [0, length) of a buffer with room for `room`. */
interface Progress {
  readonly room: number;
  readonly length: number;
  readonly offset: number;
}

/** Scans through one buffer, which grows for events that do not fit. */
async function scanThroughOne(
  source: ByteSource,
  scanner: EventScanner,
  options: ScanOptions,
  progress: Progress,
): Promise<ScanResult> {
  let { room, length, offset } = progress;
  let stuck = false;
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
    const used = scanner.scan(0, length, offset, added === 0);
    if (added === 0) return endOf(scanner, options, offset, used, length);
    consume(used);
    stuck = length > 0 && used === 0;
    if (length === room && room >= options.eventBytes) {
      scanner.skipOversized(offset);
      consume(scanner.scan(0, length, offset, false));
      stuck = false;
    } else if (length === room) {
      room = Math.min(room * 2, options.eventBytes);
      scanner.reserve(room, length);
    }
    options.onChunk();
  }
}

/** `used` of `end` bytes from file position `offset` on are scanned, and no more follow. */
function endOf(scanner: EventScanner, { onChunk }: ScanOptions, offset: number, used: number, end: number): ScanResult {
  const size = offset + end;
  onChunk();
  return { ...scanner.end(used < end ? offset + used : null, size), size };
}

/**
 * Scans a chunk in one half of a buffer while the source fills the other half. What is left of an event at the end of a
 * chunk is moved in front of the next one. Where an event does not fit there, the progress is returned.
 */
async function scanReadingAhead(
  source: ByteSource,
  scanner: EventScanner,
  options: ScanOptions,
): Promise<ScanResult | Progress> {
  const { chunkBytes, eventBytes } = options;
  // In front of each chunk there is room for as much again.
  const half = 2 * chunkBytes + guardBytes;
  const room = 2 * half - guardBytes;
  if (source.fillLater === undefined || eventBytes < room) {
    scanner.reserve(chunkBytes, 0);
    return { room: chunkBytes, length: 0, offset: 0 };
  }
  scanner.reserve(room, 0);
  let start = chunkBytes;
  let next = half + chunkBytes;
  let filling = source.fillLater(scanner.bytes.subarray(start, start + chunkBytes));
  let kept = 0;
  let offset = 0;
  for (;;) {
    const added = await filling;
    if (added > 0) {
      filling = source.fillLater(scanner.bytes.subarray(next, next + chunkBytes));
      // Whoever waits for it hears of a failure; nobody may.
      filling.catch(() => undefined);
    }
    const from = start - kept;
    const end = start + added;
    const used = scanner.scan(from, end, offset - from, added === 0);
    if (added === 0) return endOf(scanner, options, offset, used - from, end - from);
    kept = end - used;
    offset += used - from;
    options.onChunk();
    if (kept > chunkBytes) return { room, length: joinHalves(scanner.bytes, used, end, next, await filling), offset };
    scanner.bytes.copyWithin(next - kept, used, end);
    [start, next] = [next, start];
  }
}

/** Moves bytes [from, end), and the `more` bytes from `next` on behind them, to the start; returns how many they are. */
function joinHalves(bytes: Uint8Array, from: number, end: number, next: number, more: number): number {
  const first = bytes.slice(from, end);
  bytes.copyWithin(first.length, next, next + more);
  bytes.set(first);
  return first.length + more;
}
