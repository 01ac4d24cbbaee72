import type { NameExports } from "./batch-names.ts";
import { batchEvents } from "./event-rows.ts";

/** What events.as exports for this. Addresses in its memory: bytes, from 2^31 on as negative numbers. */
export interface PackExports extends NameExports {
  textTotal(): number;
  pairTotal(): number;
  threadTotal(): number;
  pairAt(pair: number): number;
  threadPid(thread: number): number;
  threadTid(thread: number): number;
  scratch(size: number): number;
  intern(start: number, length: number): number;
  internEscaped(start: number, length: number): number;
  pairOf(name: number, category: number): number;
  threadOf(pid: number, tid: number): number;
  isFull(): number;
}

/** The columns of events.as, in its order. */
export interface RowColumns {
  readonly micros: Float64Array;
  readonly value: Float64Array;
  readonly nanos: Int32Array;
  readonly valueNanos: Int32Array;
  readonly start: Uint32Array;
  readonly link: Uint32Array;
  readonly thread: Uint32Array;
  readonly pair: Uint32Array;
  readonly type: Uint8Array;
}

/** Bytes of a value of each column. */
export const rowWidths: readonly number[] = [8, 8, 4, 4, 4, 4, 4, 4, 1];

/** All columns of a row together, bytes. */
export const rowBytes: number = rowWidths.reduce((sum, width) => sum + width);

/** Columns of `count` values each, one behind another from byte `at` of `buffer` on. */
export function columnsAt(buffer: ArrayBufferLike, at: number, count: number): RowColumns {
  let column = 0;
  let end = at;
  const next = (): number => {
    const start = end;
    end += rowWidths[column++] * count;
    return start;
  };
  return {
    micros: new Float64Array(buffer, next(), count),
    value: new Float64Array(buffer, next(), count),
    nanos: new Int32Array(buffer, next(), count),
    valueNanos: new Int32Array(buffer, next(), count),
    start: new Uint32Array(buffer, next(), count),
    link: new Uint32Array(buffer, next(), count),
    thread: new Uint32Array(buffer, next(), count),
    pair: new Uint32Array(buffer, next(), count),
    type: new Uint8Array(buffer, next(), count),
  };
}

/** Texts, pairs and threads that a reader met, in that order: its numbers of them count on from one batch to the next. */
export interface Met {
  /** Texts one behind another. */
  readonly texts: Uint8Array;
  /** Bytes of each. */
  readonly lengths: Uint32Array;
  /** Its form in events.as: whether a text stands as the file has it, with its escapes. */
  readonly forms: Int32Array;
  /** Numbers of the texts of name and category (-1 for none), in turn. */
  readonly pairs: Int32Array;
  /** pid and tid, in turn. */
  readonly threads: Float64Array;
}

/** Events of one batch, as a reader leaves them to another thread. Numbers of texts, pairs and threads are the reader's. */
export interface PackedBatch {
  readonly count: number;
  /** `columnsAt` the start of `count` rows. */
  readonly rows: Uint8Array;
  readonly records: Uint8Array;
  /** Null where all were met before. */
  readonly met: Met | null;
  /** Position behind the last event that was read, and whether a comma stands in front of it. */
  readonly position: number;
  readonly afterComma: boolean;
}

/** Memory that a reader packs batches into, shared with who takes them, and used again for others. */
export class PackedBytes {
  #buffer = new SharedArrayBuffer(2 ** 18);
  #used = 0;

  /** Whatever was taken is not needed any more. */
  clear(): void {
    this.#used = 0;
  }

  /** Begins at a multiple of eight. */
  take(size: number): Uint8Array {
    const at = (this.#used + 7) & ~7;
    this.#used = at + size;
    if (this.#used <= this.#buffer.byteLength) return new Uint8Array(this.#buffer, at, size);
    this.#buffer = new SharedArrayBuffer(2 * this.#used);
    this.#used = size;
    return new Uint8Array(this.#buffer, 0, size);
  }
}

// Words of an entry (tables.as).
const textWords = 4;
const formWord = 2;
const escapedForm = -2;

/** How many a reader has told of. */
export class MetSoFar {
  #texts = 0;
  #pairs = 0;
  #threads = 0;

  /** What `exports` met since the last call; null where that is nothing. */
  take(exports: PackExports): Met | null {
    const [texts, pairs, threads] = [exports.textTotal(), exports.pairTotal(), exports.threadTotal()];
    const isNothing = texts === this.#texts && pairs === this.#pairs && threads === this.#threads;
    if (isNothing) return null;
    const met = {
      ...textsOf(exports, this.#texts, texts),
      pairs: pairsOf(exports, this.#pairs, pairs),
      threads: threadsOf(exports, this.#threads, threads),
    };
    [this.#texts, this.#pairs, this.#threads] = [texts, pairs, threads];
    return met;
  }
}

function textsOf(exports: PackExports, from: number, to: number): Pick<Met, "texts" | "lengths" | "forms"> {
  const { buffer } = exports.memory;
  const words = new Int32Array(buffer);
  const first = exports.nameAt(0) >>> 2;
  const lengths = new Uint32Array(to - from);
  const forms = new Int32Array(to - from);
  let size = 0;
  for (let i = 0; i < lengths.length; i++) {
    const at = first + textWords * (from + i);
    size += lengths[i] = words[at];
    forms[i] = words[at + formWord];
  }
  if (size === 0) return { texts: new Uint8Array(0), lengths, forms };
  const start = exports.nameStart(from) >>> 0;
  return { texts: new Uint8Array(buffer, start, size).slice(), lengths, forms };
}

function pairsOf(exports: PackExports, from: number, to: number): Int32Array {
  const pairs = new Int32Array(2 * (to - from));
  const words = new Int32Array(exports.memory.buffer);
  for (let i = 0; i < to - from; i++) {
    const at = exports.pairAt(from + i) >>> 2;
    pairs[2 * i] = words[at];
    pairs[2 * i + 1] = words[at + 1];
  }
  return pairs;
}

function threadsOf(exports: PackExports, from: number, to: number): Float64Array {
  const threads = new Float64Array(2 * (to - from));
  for (let i = 0; i < to - from; i++) {
    threads[2 * i] = exports.threadPid(from + i);
    threads[2 * i + 1] = exports.threadTid(from + i);
  }
  return threads;
}

/** Numbers of texts, pairs and threads here, by those that another reader gave them. */
export class AdoptedNumbers {
  readonly #texts = new Numbers();
  readonly #pairs = new Numbers();
  readonly #threads = new Numbers();

  /** Of texts, pairs and threads together. */
  get count(): number {
    return this.#texts.count + this.#pairs.count + this.#threads.count;
  }

  /** Numbers here what the reader met; false when there is no memory. */
  meet({ texts, lengths, forms, pairs, threads }: Met, exports: PackExports): boolean {
    const start = exports.scratch(texts.length) >>> 0;
    if (start === 0 && texts.length > 0) return false;
    new Uint8Array(exports.memory.buffer).set(texts, start);
    for (let i = 0, at = start; i < lengths.length; at += lengths[i++])
      this.#texts.add(
        forms[i] === escapedForm ? exports.internEscaped(at, lengths[i]) : exports.intern(at, lengths[i]),
      );
    if (exports.isFull() !== 0) return false;
    for (let i = 0; i < pairs.length; i += 2)
      this.#pairs.add(exports.pairOf(this.textOf(pairs[i]), this.textOf(pairs[i + 1])));
    for (let i = 0; i < threads.length; i += 2) this.#threads.add(exports.threadOf(threads[i], threads[i + 1]));
    return exports.isFull() === 0;
  }

  /** -1 for none. */
  textOf(text: number): number {
    return text < 0 ? -1 : this.#texts.values[text];
  }

  /** Puts the numbers of here in place of the reader's in `rows`; those of events with a record mean nothing. */
  renumber({ pair, thread }: Pick<RowColumns, "pair" | "thread">, count: number): void {
    const pairs = this.#pairs.values;
    const threads = this.#threads.values;
    for (let i = 0; i < count; i++) pair[i] = pairs[pair[i]];
    for (let i = 0; i < count; i++) thread[i] = threads[thread[i]];
  }
}

class Numbers {
  values = new Int32Array(batchEvents);
  count = 0;

  add(value: number): void {
    if (this.count === this.values.length) {
      const larger = new Int32Array(2 * this.count);
      larger.set(this.values);
      this.values = larger;
    }
    this.values[this.count++] = value;
  }
}
