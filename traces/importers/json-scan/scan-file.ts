import type { ByteSource } from "../../io/byte-source.ts";
import { guardBytes } from "./event-reader.ts";
import type { EventScanner, ScanEnd } from "./event-scanner.ts";
import { scanSegments, type SegmentThreads } from "./scan-segments.ts";

/** Fits the second cache, so that bytes are read from memory once. One chunk takes 1–3 ms, the time between two looks at the
 * cancel flag. */
export const defaultChunkBytes: number = 2 ** 20;

export interface ScanOptions {
  readonly chunkBytes: number;
  /** Largest event or root member that is read; what is larger is passed over. */
  readonly eventBytes: number;
  /** After each chunk, with the bytes of the stored file that were read; may throw to stop. */
  onChunk(storedRead: number): void;
  /** Scan with this thread, once they are up; only of a file that is stored as it is. */
  readonly threads?: SegmentThreads | null;
}

export interface ScanResult extends ScanEnd {
  /** Bytes of the uncompressed file. */
  readonly size: number;
}

/** Feeds a whole file to a scanner, chunk by chunk: the next one is read while the last is scanned, where the source can. */
export async function scanFile(source: ByteSource, scanner: EventScanner, options: ScanOptions): Promise<ScanResult> {
  const ahead = await scanReadingAhead(source, scanner, options);
  const reached = "size" in ahead || areUp(options) ? ahead : await scanThroughOne(source, scanner, options, ahead);
  return "size" in reached ? reached : await scanTogether(source, scanner, options, reached.offset);
}

const areUp = ({ threads }: ScanOptions): boolean => threads?.areUp === true;

/** Scans the rest of a file from `offset` on with threads, which are up. */
async function scanTogether(
  source: ByteSource,
  scanner: EventScanner,
  { threads, eventBytes, onChunk }: ScanOptions,
  offset: number,
): Promise<ScanResult> {
  const { size } = source;
  if (size === null || threads == null) throw new Error("expected threads, and a file of known size");
  // What was read ahead before the threads were up is told of already.
  const onPiece = (position: number): void => onChunk(Math.max(position, source.storedRead));
  const rest = await scanSegments(source, size, scanner, threads, offset, { eventBytes, onPiece });
  return { ...scanner.end(rest.used < rest.length ? rest.offset + rest.used : null, size), size };
}

/** How far a file was scanned: data from position `offset` on lies in bytes [0, length) of a buffer with room for `room`. */
interface Progress {
  readonly room: number;
  readonly length: number;
  readonly offset: number;
}

/** Scans through one buffer, which grows for events that do not fit, until other threads can scan with this one. */
async function scanThroughOne(
  source: ByteSource,
  scanner: EventScanner,
  options: ScanOptions,
  progress: Progress,
): Promise<ScanResult | Progress> {
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
      options.onChunk(source.storedRead);
      continue;
    }
    const used = scanner.scan(0, length, offset, added === 0);
    if (added === 0) return endOf(source, scanner, options, { offset, used, end: length });
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
    options.onChunk(source.storedRead);
    if (areUp(options)) return { room, length, offset };
  }
}

/** `used` of `end` bytes from file position `offset` on are scanned, and no more follow. */
function endOf(
  { storedRead }: ByteSource,
  scanner: EventScanner,
  { onChunk }: ScanOptions,
  { offset, used, end }: { readonly offset: number; readonly used: number; readonly end: number },
): ScanResult {
  const size = offset + end;
  onChunk(storedRead);
  return { ...scanner.end(used < end ? offset + used : null, size), size };
}

/**
 * Scans a chunk in one half of a buffer while the source fills the other half. What is left of an event at the end of a
 * chunk is moved in front of the next one. Where an event does not fit there, and once other threads can scan with this
 * one, the progress is returned.
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
    if (added === 0) return endOf(source, scanner, options, { offset, used: used - from, end: end - from });
    kept = end - used;
    offset += used - from;
    options.onChunk(source.storedRead);
    if (kept > chunkBytes || areUp(options))
      return { room, length: joinHalves(scanner.bytes, used, end, next, await filling), offset };
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
