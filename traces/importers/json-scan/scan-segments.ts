import type { ByteSource } from "../../io/byte-source.ts";
import { TraceFormatError } from "../../model/errors.ts";
import type { EventScanner } from "./event-scanner.ts";
import { findEventStart } from "./find-event.ts";
import { AdoptedNumbers } from "./packed-batch.ts";
import { type ScannedSegment, segmentBuffers, type SegmentRequest, type SegmentSizes } from "./segment-scanner.ts";

/** A batch of most files, and few enough bytes that what is scanned ahead is little; most events are far below the other. */
const usualSizes: SegmentSizes = { segmentBytes: 2 ** 20, searchBytes: 2 ** 16 };

/** Segments in a row that were scanned for nothing, from which on the file is read by one thread; without those in large events. */
const mostMisses = 16;

/** Texts, pairs and threads from which on tables of them for every thread that scans cost more than they bring. */
const mostNumbers = 2 ** 17;

/** Threads that scan segments of the file that is read, each with a `SegmentScanner`. */
export interface SegmentThreads {
  readonly count: number;
  /** Whether all have started; before that, the file is read without them. */
  readonly areUp: boolean;
  readonly sizes?: SegmentSizes;
  /** Null where the thread cannot tell of the segment, or is gone. Requests to one thread are answered in turn. */
  scan(thread: number, request: SegmentRequest): Promise<ScannedSegment | null>;
  close(): void;
}

export interface SegmentOptions {
  /** Largest event or root member that is read; what is larger is passed over. */
  readonly eventBytes: number;
  /** After each piece, with the file position that was come to; may throw to stop. */
  onPiece(position: number): void;
}

/** Data [0, length) of the scanner's buffer, from file position `offset` on, is the rest of the file; `used` of it is done with. */
export interface ScannedRest {
  readonly offset: number;
  readonly used: number;
  readonly length: number;
}

/**
 * Scans the rest of a file of `size` bytes from `position` on, where `scanner` stands, together with `threads`: each scans
 * segments on the guess that an event begins there, and what it found counts if the events before end in that place. All
 * else is scanned here, so that the scanner tells the same in the same order as if it had scanned alone. A single thread
 * beside this one leaves it every other segment; more of them take all but the first.
 */
export async function scanSegments(
  source: ByteSource,
  size: number,
  scanner: EventScanner,
  threads: SegmentThreads,
  position: number,
  options: SegmentOptions,
): Promise<ScannedRest> {
  const { sizes = usualSizes } = threads;
  const pieces = new PieceScanner(source, size, scanner, sizes, options);
  const at = await scanWith(threads, pieces, position, { size, sizes, scanner, options });
  // What is behind the scanner needs the memory.
  threads.close();
  return await pieces.scanToEnd(at);
}

interface SegmentScan {
  readonly size: number;
  readonly sizes: SegmentSizes;
  readonly scanner: EventScanner;
  readonly options: SegmentOptions;
}

/**
 * Scans as far as threads are of use; returns the file position come to. A function of its own, so that nothing holds the
 * memory of the threads when it has returned.
 */
async function scanWith(
  threads: SegmentThreads,
  pieces: PieceScanner,
  position: number,
  { size, sizes, scanner, options }: SegmentScan,
): Promise<number> {
  const { segmentBytes } = sizes;
  const lanes = Array.from({ length: threads.count }, (_, thread) => new Lane(threads, thread));
  const stride = (threads.count === 1 ? 2 : 1) * segmentBytes;
  const fromOf = (index: number): number => position + segmentBytes + index * stride;
  let asked = 0;
  const askAhead = (taken: number): void => {
    for (; asked < taken + segmentBuffers * lanes.length && fromOf(asked) < size; asked++) {
      const from = fromOf(asked);
      lanes[asked % lanes.length].ask({ from, to: Math.min(from + segmentBytes, size), size, sizes });
    }
  };
  let at = position;
  let misses = 0;
  askAhead(0);
  for (let taken = 0; taken < asked && misses < mostMisses; askAhead(++taken)) {
    const lane = lanes[taken % lanes.length];
    at = await pieces.scanTo(fromOf(taken), at);
    if (at < fromOf(taken)) break;
    const segment = await lane.take();
    const isNext = segment?.start === at && scanner.isAmongEvents;
    const reached = isNext ? adopt(scanner, segment, lane.numbers, options) : at;
    if (segment !== null && !(isNext && reached === segment.end)) lane.forget();
    if (reached > at) misses = 0;
    // Inside what is larger than a segment no guess could be right.
    else if (at < fromOf(taken) + segmentBytes) misses++;
    at = reached;
    if (lane.numbers.count > mostNumbers) break;
  }
  return at;
}

/** Tells of the events of a segment; returns the file position behind the last. */
function adopt(
  scanner: EventScanner,
  { start, batches, bytes, offset }: ScannedSegment,
  numbers: AdoptedNumbers,
  { onPiece }: SegmentOptions,
): number {
  let at = start;
  for (const batch of batches) {
    if (!scanner.adopt(batch, numbers, bytes, offset)) break;
    at = offset + batch.position;
    onPiece(at);
  }
  return at;
}

/** Segments that one thread was asked for, in order. */
class Lane {
  readonly #threads: SegmentThreads;
  readonly #thread: number;
  readonly #pending: { readonly numbers: AdoptedNumbers; readonly answer: Promise<ScannedSegment | null> }[] = [];
  #numbers = new AdoptedNumbers();
  #isAfresh = true;
  #buffer = 0;

  constructor(threads: SegmentThreads, thread: number) {
    this.#threads = threads;
    this.#thread = thread;
  }

  /** Those of the segments that are taken. */
  get numbers(): AdoptedNumbers {
    return this.#numbers;
  }

  ask(segment: Omit<SegmentRequest, "buffer" | "afresh">): void {
    const request = { ...segment, buffer: this.#buffer, afresh: this.#isAfresh };
    this.#buffer = (this.#buffer + 1) % segmentBuffers;
    this.#isAfresh = false;
    const answer = this.#threads.scan(this.#thread, request);
    // Whoever takes it hears of a failure; nobody may.
    answer.catch(() => undefined);
    this.#pending.push({ numbers: this.#numbers, answer });
  }

  /** Null for a segment that nobody could use. */
  async take(): Promise<ScannedSegment | null> {
    const next = this.#pending.shift();
    const segment = (await next?.answer) ?? null;
    return next?.numbers === this.#numbers ? segment : null;
  }

  /** Not all that the thread met is known: its numbers mean nothing, nor those in what it was asked for. */
  forget(): void {
    this.#numbers = new AdoptedNumbers();
    this.#isAfresh = true;
  }
}

/** Scans a file piece by piece on the calling thread. */
class PieceScanner {
  readonly #source: ByteSource;
  readonly #size: number;
  readonly #scanner: EventScanner;
  readonly #sizes: SegmentSizes;
  readonly #options: SegmentOptions;
  /** Of the buffer of the scanner; a piece needs no more, but for what does not fit into one. */
  #room: number;

  constructor(source: ByteSource, size: number, scanner: EventScanner, sizes: SegmentSizes, options: SegmentOptions) {
    this.#source = source;
    this.#size = size;
    this.#scanner = scanner;
    this.#sizes = sizes;
    this.#options = options;
    this.#room = sizes.segmentBytes + sizes.searchBytes;
    scanner.reserve(this.#room, 0);
  }

  /**
   * Scans from `at` to the first event that seems to begin at or behind `boundary`; returns the file position come to, which
   * lies before `boundary` only where the file ends inside something.
   */
  async scanTo(boundary: number, at: number): Promise<number> {
    const { segmentBytes, searchBytes } = this.#sizes;
    let reached = at;
    while (reached < boundary) {
      const isNear = boundary - reached <= segmentBytes;
      const length = await this.#read(reached, isNear ? boundary - reached + searchBytes : segmentBytes);
      const next = isNear ? findEventStart(this.#scanner.bytes, boundary - reached, length) : null;
      const used = this.#scan(reached, next ?? length, false) || (await this.#scanLarge(reached, length));
      if (used === 0) break;
      reached += used;
    }
    return reached;
  }

  async scanToEnd(at: number): Promise<ScannedRest> {
    const usual = this.#sizes.segmentBytes + this.#sizes.searchBytes;
    let reached = at;
    for (let wanted = usual; ;) {
      const length = await this.#read(reached, wanted);
      const isLast = reached + length === this.#size;
      const used = this.#scan(reached, length, isLast);
      if (isLast) return { offset: reached, used, length };
      reached += used;
      wanted = used > 0 ? usual : this.#enlarge(reached, wanted);
    }
  }

  /** Scans at least what stands at `at`; returns of how many bytes: none where the file ends inside it. `bytes`: tried first. */
  async #scanLarge(at: number, bytes: number): Promise<number> {
    for (let wanted = bytes; ; wanted = this.#enlarge(at, wanted)) {
      const length = await this.#read(at, wanted);
      const used = this.#scan(at, length, false);
      if (used > 0 || at + length === this.#size) return used;
    }
  }

  /** How many bytes to try with where what stands at `at` has more than `bytes`; with the most of them it is passed over. */
  #enlarge(at: number, bytes: number): number {
    const most = Math.max(this.#room, this.#options.eventBytes);
    if (bytes === most) this.#scanner.skipOversized(at);
    const more = Math.min(2 * bytes, most);
    if (more > this.#room) this.#scanner.reserve((this.#room = more), 0);
    return more;
  }

  #scan(at: number, length: number, isLast: boolean): number {
    const used = this.#scanner.scan(0, length, at, isLast);
    this.#options.onPiece(at + used);
    return used;
  }

  /** Reads as much as there is, at most `length` bytes from `at` on, to the start of the buffer; returns how much. */
  async #read(at: number, length: number): Promise<number> {
    const wanted = Math.min(length, this.#size - at);
    const count = await this.#source.readAt(at, this.#scanner.bytes.subarray(0, wanted));
    if (count < wanted)
      throw new TraceFormatError("expected a file that stays as it is, found that it changed while reading", {
        byteOffset: at + count,
      });
    return count;
  }
}
