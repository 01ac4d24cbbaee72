import type { ByteSource, RandomAccess } from "./byte-source.ts";
import { FieldReader, longestHeaderBytes, WireError } from "./protobuf.ts";

/** Returned by `FieldStream.step` where the window must move first: await `load`, then step again. */
export const notLoaded = -2;

const defaultWindowBytes = 2 ** 20;
const smallWindowBytes = 2 ** 12;

export interface FieldWindowOptions {
  /** Bytes read at once. */
  readonly windowBytes?: number;
  /** Values up to this size are brought into memory whole; of larger ones only the place is told. */
  readonly wholeBytes?: number;
}

/**
 * The part of a file that is in memory, for messages larger than that. Memory is bounded by the larger of
 * `windowBytes` and twice `wholeBytes`, whatever lengths the file declares: the window grows as bytes arrive.
 */
class FieldWindow {
  readonly reader: FieldReader = new FieldReader();
  readonly #wholeBytes: number;
  #buffer: Uint8Array;
  /** [base, base + filled) of the file is in the buffer. */
  #base = 0;
  #filled = 0;
  /** Size of the file, once its end was met. */
  #fileEnd = Infinity;
  /** What the last `step` asked for. */
  #wantedAt = 0;
  #wantedBytes = 0;

  constructor({ windowBytes = defaultWindowBytes, wholeBytes = windowBytes }: FieldWindowOptions) {
    this.#wholeBytes = wholeBytes;
    this.#buffer = new Uint8Array(windowBytes);
  }

  step(at: number, end: number): number {
    const last = Math.min(end, this.#fileEnd);
    const headerBytes = Math.min(longestHeaderBytes, last - at);
    if (headerBytes > 0 && !this.#has(at, headerBytes)) return this.#want(at, headerBytes);
    const next = this.reader.step(at, last);
    if (next < 0 || this.reader.holds) return next;
    const valueBytes = this.reader.end - this.reader.start;
    if (valueBytes > this.#wholeBytes || this.reader.end > this.#fileEnd) return next;
    return this.#want(at, this.reader.end - at);
  }

  /** Offset of the file from which `room` wants bytes. */
  get nextByte(): number {
    return this.#base + this.#filled;
  }

  /** Moves to where the last `step` wants to be. */
  slide(): void {
    const at = this.#wantedAt;
    if (at < this.#base || at > this.#base + this.#filled) this.#filled = 0;
    else {
      this.#buffer.copyWithin(0, at - this.#base, this.#filled);
      this.#filled -= at - this.#base;
    }
    this.#base = at;
  }

  /** Where to put further bytes; null when there are enough. */
  room(): Uint8Array | null {
    if (this.#filled >= this.#wantedBytes || this.nextByte >= this.#fileEnd) {
      this.reader.attach(this.#buffer.subarray(0, this.#filled), this.#base);
      return null;
    }
    if (this.#filled === this.#buffer.length) {
      // Doubles: a declared length alone allocates nothing.
      const larger = new Uint8Array(this.#buffer.length * 2);
      larger.set(this.#buffer);
      this.#buffer = larger;
    }
    return this.#buffer.subarray(this.#filled);
  }

  /** `count` bytes came; none: the file ends here. */
  take(count: number): void {
    this.#filled += count;
    if (count === 0) this.#fileEnd = this.nextByte;
  }

  #has(at: number, count: number): boolean {
    return at >= this.#base && at + count <= this.#base + this.#filled;
  }

  #want(at: number, count: number): typeof notLoaded {
    this.#wantedAt = at;
    this.#wantedBytes = count;
    return notLoaded;
  }
}

/** The fields of a file that is read in one pass, through a window that slides over it: positions may only grow. */
export class FieldStream {
  readonly #window: FieldWindow;
  readonly #source: Pick<ByteSource, "fill">;
  /** Bytes taken from the source. */
  #position = 0;

  constructor(source: Pick<ByteSource, "fill">, options: FieldWindowOptions = {}) {
    this.#source = source;
    this.#window = new FieldWindow(options);
  }

  /** Where the field met last is told and its value is read. */
  get reader(): FieldReader {
    return this.#window.reader;
  }

  /**
   * As `FieldReader.step`; `notLoaded` asks for `await load()`. `end` may be Infinity for the outermost message: then
   * it ends where the file ends.
   */
  step(at: number, end: number): number {
    return this.#window.step(at, end);
  }

  /** Brings what the last `step` asked for into memory. Throws WireError where the file ends before it. */
  async load(): Promise<void> {
    const window = this.#window;
    window.slide();
    for (let room = window.room(); room !== null; room = window.room()) {
      await this.#skipTo(window.nextByte);
      const count = await this.#source.fill(room);
      this.#position += count;
      window.take(count);
    }
  }

  async #skipTo(byteOffset: number): Promise<void> {
    if (this.#position >= byteOffset) return;
    const unused = new Uint8Array(2 ** 18);
    while (this.#position < byteOffset) {
      const count = await this.#source.fill(unused.subarray(0, byteOffset - this.#position));
      if (count === 0)
        throw new WireError(
          `expected a value that ends at byte ${byteOffset}, found the end of the file at byte ${this.#position}`,
          this.#position,
        );
      this.#position += count;
    }
  }
}

/** The fields of a file that is read at any place, through a window. */
export class FieldFile {
  readonly #window: FieldWindow;
  readonly #access: RandomAccess;

  constructor(access: RandomAccess, options: FieldWindowOptions = {}) {
    this.#access = access;
    this.#window = new FieldWindow(options);
  }

  get reader(): FieldReader {
    return this.#window.reader;
  }

  /** Bytes of the file. */
  get size(): number {
    return this.#access.size;
  }

  /** The same file through a window of 4 KiB: for a few fields here and there. */
  smallWindow(): FieldFile {
    return new FieldFile(this.#access, { windowBytes: smallWindowBytes, wholeBytes: defaultWindowBytes });
  }

  /** Up to `count` bytes at an offset, as they are. */
  peek(byteOffset: number, count: number): Uint8Array {
    const bytes = new Uint8Array(count);
    return bytes.subarray(0, this.#access.readAt(byteOffset, bytes));
  }

  /** As `FieldReader.step`, for any message of the file; a value above `wholeBytes` is not in memory (`reader.holds`). */
  step(at: number, end: number): number {
    const window = this.#window;
    for (;;) {
      const next = window.step(at, end);
      if (next !== notLoaded) return next;
      window.slide();
      for (let room = window.room(); room !== null; room = window.room())
        window.take(this.#access.readAt(window.nextByte, room));
    }
  }
}
