import { BatchStop, EventBatches } from "./event-batches.ts";
import { guardByte, guardBytes } from "./event-reader.ts";
import { findEventStart } from "./find-event.ts";
import { type PackedBatch, PackedBytes } from "./packed-batch.ts";

/** Segments of which the bytes are kept, so that one is scanned while another is used. */
export const segmentBuffers = 2;

/** Of all segments of a file. */
export interface SegmentSizes {
  /** Most bytes of one. */
  readonly segmentBytes: number;
  /** How far behind its place in the file an event is looked for that begins there. */
  readonly searchBytes: number;
}

/** A part of a file, [from, to), that is scanned on its own: the events that begin in it or shortly behind. */
export interface SegmentRequest {
  readonly from: number;
  readonly to: number;
  /** Size of the file. */
  readonly size: number;
  readonly sizes: SegmentSizes;
  /** Which of its buffers the scanner may use: what was in it is not needed any more. */
  readonly buffer: number;
  /** Forget what was met before: not all of that is known to whoever asks. */
  readonly afresh: boolean;
}

/** What a scanner of segments found, on the guess that an event begins at `start`. */
export interface ScannedSegment {
  /** File position. */
  readonly start: number;
  /** File position behind the last event that was read: where the next one was guessed, unless something came before. */
  readonly end: number;
  /** In order. */
  readonly batches: readonly PackedBatch[];
  /** The buffer that positions in `batches` refer to, and its file position, if it had one. */
  readonly bytes: Uint8Array;
  readonly offset: number;
}

/** Scans segments of one file apart from what comes before them; for a thread of its own. */
export class SegmentScanner {
  #batches: EventBatches | null = null;
  #bytes: Uint8Array = new Uint8Array(0);
  #room = 0;
  readonly #packed = Array.from({ length: segmentBuffers }, () => new PackedBytes());

  /**
   * `read` fills as much of the target as the file has from a position on, and returns how much. Null where no event seems to
   * begin, or where WebAssembly cannot read the file.
   */
  scan(request: SegmentRequest, read: (position: number, target: Uint8Array) => number): ScannedSegment | null {
    const batches = this.#open(request);
    if (batches === null) return null;
    const { from, to, size, buffer } = request;
    const { searchBytes } = request.sizes;
    const base = buffer * this.#room;
    const wanted = Math.min(to + searchBytes, size) - from;
    const dataEnd = base + read(from, this.#bytes.subarray(base, base + wanted));
    const start = findEventStart(this.#bytes, base, Math.min(base + searchBytes, dataEnd));
    if (start === null) return null;
    const next = to === size ? null : findEventStart(this.#bytes, base + to - from, dataEnd);
    const end = next ?? dataEnd;
    this.#bytes.fill(guardByte, end, end + guardBytes);
    const offset = from - base;
    const packed = this.#packed[buffer];
    packed.clear();
    const packs: PackedBatch[] = [];
    let position = start;
    let afterComma = false;
    for (let stop: number = BatchStop.full; stop === BatchStop.full;) {
      const batch = batches.read(position, end, afterComma);
      packs.push(batches.pack(batch, packed));
      ({ position, afterComma, stop } = batch);
    }
    return { start: offset + start, end: offset + position, batches: packs, bytes: batches.bytes, offset };
  }

  #open({ sizes, afresh }: SegmentRequest): EventBatches | null {
    const { segmentBytes, searchBytes } = sizes;
    const room = segmentBytes + searchBytes + guardBytes;
    if (this.#batches !== null && room === this.#room) {
      if (afresh) this.#batches.forget();
      return this.#batches;
    }
    const batches = EventBatches.create(refuse, refuse);
    const bytes = batches?.reserve(segmentBuffers * room, 0) ?? null;
    if (bytes === null) return null;
    this.#bytes = bytes;
    this.#room = room;
    this.#batches = batches;
    return batches;
  }
}

/** Whoever reads the batches numbers their texts. */
function refuse(): never {
  throw new Error("expected that nobody asks for numbers of texts here");
}
