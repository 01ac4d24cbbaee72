import { BatchNames, type DefineDistinct, type NameExports } from "./batch-names.ts";
import type { DefineBytes } from "./byte-interner.ts";
import { FieldState } from "./event-fields.ts";
import type { EventReader } from "./event-reader.ts";
import { batchEvents, type EventRows, RowType } from "./event-rows.ts";
import {
  type AdoptedNumbers,
  columnsAt,
  MetSoFar,
  type PackedBatch,
  type PackedBytes,
  type PackExports,
  rowBytes,
  rowWidths,
} from "./packed-batch.ts";
import { type PlaceExports, RowPlacer } from "./row-placer.ts";
import { eventsBytes } from "./wasm/events-bytes.ts";

/** Why a batch ended: see events.as. */
export const BatchStop = { other: 0, full: 1, oddEvent: 2, noMemory: 3, cut: 4 } as const;

/** One call of the scanner. */
export interface Batch {
  /** Events read: rows and records. */
  readonly count: number;
  /** Position behind the last event that was read. */
  readonly position: number;
  readonly stop: number;
  readonly afterComma: boolean;
}

/** What events.as exports. Addresses in its memory (from 2^31 on as negative numbers) and positions in the buffer: bytes. */
interface Exports extends PlaceExports, NameExports, PackExports {
  readonly memory: WebAssembly.Memory;
  start(seed: bigint, multiplier: bigint): number;
  reserve(size: number): number;
  forget(): void;
  read(from: number, end: number): number;
  pairAt(pair: number): number;
}

// Places in the memory of events.as, in words of four bytes unless said.
const countWord = 0;
const stopWord = 1;
const afterCommaWord = 2;
const firstRecordByte = 1024;
const recordBytes = 136;
const nameWord = 2;
const categoryWord = 3;
const linkWord = 4;
const rangesWord = 5;
const timeStatesByte = 44;
const identityStatesByte = 46;
/** In words of eight bytes. */
const timesDouble = 7;
const identitiesDouble = 13;
/** The value is the position of what the plain reader has to read. */
const odd = 255;

/** As build-wasm.mjs says: 16 MiB, of which only what is written to takes memory, and all that have an address. */
const firstPages = 256;
const mostPages = 65536;

const columnsByte = firstRecordByte + recordBytes * batchEvents;

/** Reads events in batches by WebAssembly; the buffer they are read from lies in its memory. */
export class EventBatches {
  readonly #exports: Exports;
  readonly #names: BatchNames;
  #base = 0;
  #size = 0;
  #bytes: Uint8Array = new Uint8Array(0);
  #octets: Uint8Array = new Uint8Array(0);
  #words: Int32Array = new Int32Array(0);
  #doubles: Float64Array = new Float64Array(0);
  #rows: Rows | null = null;
  #placer: RowPlacer | null = null;
  #met = new MetSoFar();

  private constructor(exports: Exports, names: BatchNames) {
    this.#exports = exports;
    this.#names = names;
  }

  /**
   * `define` and `defineDistinct` number names and categories, in the order in which the file has them.
   * Null where SIMD or addresses are missing.
   */
  static create(define: DefineBytes, defineDistinct: DefineDistinct): EventBatches | null {
    const module = compile();
    if (module === null) return null;
    // The exports are what events.as says.
    const memory = createMemory();
    if (memory === null) return null;
    const exports = new WebAssembly.Instance(module, {
      env: {
        memory,
        abort: () => {
          throw new Error("the event scanner broke off");
        },
      },
    }).exports as unknown as Exports;
    const [seed, multiplier] = randomSeeds();
    return exports.start(seed, multiplier) === 1
      ? new EventBatches(exports, new BatchNames(exports, define, defineDistinct))
      : null;
  }

  /** The buffer; another object whenever memory was added. */
  get bytes(): Uint8Array {
    this.#refresh();
    return this.#bytes;
  }

  /** A buffer of `size` bytes with the first `keep` of the last one; null when there is no memory. */
  reserve(size: number, keep: number): Uint8Array | null {
    const before = this.#base;
    const base = this.#exports.reserve(size) >>> 0;
    if (base === 0) return null;
    this.#base = base;
    this.#size = size;
    this.#bytes = new Uint8Array(0);
    this.#refresh();
    this.#octets.copyWithin(base, before, before + keep);
    return this.#bytes;
  }

  /** Reads events from `position` on into records; `end`: behind the data, where the guard begins. */
  read(position: number, end: number, afterComma: boolean): Batch {
    this.#refresh();
    this.#words[afterCommaWord] = afterComma ? 1 : 0;
    const stopped = this.#exports.read(position, end);
    this.#refresh();
    this.#names.attach(this.#octets, this.#words);
    this.#placer?.attach();
    return {
      count: this.#words[countWord],
      position: stopped,
      stop: this.#words[stopWord],
      afterComma: this.#words[afterCommaWord] === 1,
    };
  }

  /** What `read` read last, put into `bytes`, for another thread, which gives it to its `adopt`; once for each batch. */
  pack({ count, position, afterComma }: Batch, bytes: PackedBytes): PackedBatch {
    const rows = bytes.take(rowBytes * count);
    const { type } = columnsAt(this.#exports.memory.buffer, columnsByte, batchEvents);
    copyRows({ buffer: this.#exports.memory.buffer, at: columnsByte, room: batchEvents }, placeOf(rows, count), count);
    let recordCount = 0;
    for (let i = 0; i < count; i++) if (type[i] === RowType.record) recordCount++;
    const records = bytes.take(recordBytes * recordCount);
    records.set(this.#octets.subarray(firstRecordByte, firstRecordByte + records.length));
    return {
      count,
      rows,
      records,
      met: this.#met.take(this.#exports),
      position,
      afterComma,
    };
  }

  /** Forgets what `pack` told of: the next batches tell of it again. */
  forget(): void {
    this.#exports.forget();
    this.#met = new MetSoFar();
  }

  /**
   * Takes a batch of another reader in place of what `read` would have read; `numbers` are those of this reader's, from
   * its first batch on. False when there is no memory: then none of the batch counts.
   */
  adopt({ count, rows, records, met }: PackedBatch, numbers: AdoptedNumbers): boolean {
    if (met !== null && !numbers.meet(met, this.#exports)) return false;
    this.#refresh();
    this.#names.attach(this.#octets, this.#words);
    this.#placer?.attach();
    const { buffer } = this.#exports.memory;
    copyRows(placeOf(rows, count), { buffer, at: columnsByte, room: batchEvents }, count);
    numbers.renumber(columnsAt(buffer, columnsByte, batchEvents), count);
    this.#octets.set(records, firstRecordByte);
    const words = this.#words;
    const end = (firstRecordByte + records.length) >> 2;
    for (let word = firstRecordByte >> 2; word < end; word += recordBytes >> 2) {
      words[word + nameWord] = numbers.textOf(words[word + nameWord]);
      words[word + categoryWord] = numbers.textOf(words[word + categoryWord]);
    }
    return true;
  }

  /** The rows of the last batch. `offset`: file position of the buffer. */
  rows(offset: number): EventRows {
    const { buffer } = this.#exports.memory;
    if (this.#rows?.type.buffer !== buffer) this.#rows = this.#rowsIn(buffer);
    this.#rows.offset = offset;
    return this.#rows;
  }

  /** One object for all batches that lie in `buffer`. */
  #rowsIn(buffer: ArrayBuffer): Rows {
    const { threadPid, threadTid } = this.#exports;
    const names = this.#names;
    const placerNow = (): RowPlacer => this.#placerNow();
    return {
      ...columnsAt(buffer, columnsByte, batchEvents),
      offset: 0,
      get placer() {
        return placerNow();
      },
      pidOf: threadPid,
      tidOf: threadTid,
      defineNames: (entries) => names.defineAll(entries),
      nameOf: (entry) => names.of(entry),
    };
  }

  #placerNow(): RowPlacer {
    const { buffer } = this.#exports.memory;
    if (this.#placer?.spans.track.buffer === buffer) return this.#placer;
    return (this.#placer = new RowPlacer(this.#exports, columnsByte + rowBytes * batchEvents));
  }

  /** Puts a record into the fields of the plain reader, which reads what is odd in it. `offset`: file position of the buffer. */
  load(index: number, reader: EventReader, offset: number): void {
    const { fields } = reader;
    const words = this.#words;
    const at = firstRecordByte + index * recordBytes;
    const word = at >> 2;
    const flags = words[word + 1];
    fields.offset = offset + words[word];
    fields.phase = flags & 0xff;
    fields.instantScope = (flags >> 8) & 0xff;
    fields.bindEnclosing = ((flags >> 16) & 0xff) === 1;
    fields.empty = flags >> 24 === 1;
    const name = words[word + nameWord];
    const category = words[word + categoryWord];
    this.#names.defineInOrder(name, category);
    fields.name = this.#names.of(name);
    fields.category = this.#names.of(category);
    fields.link = words[word + linkWord];
    fields.linkStart = words[word + rangesWord];
    fields.linkEnd = words[word + rangesWord + 1];
    fields.argsStart = words[word + rangesWord + 2];
    fields.argsEnd = words[word + rangesWord + 3];
    fields.id2Start = words[word + rangesWord + 4];
    fields.id2End = words[word + rangesWord + 5];
    this.#loadTimes(at, reader);
    this.#loadIdentities(at, reader);
  }

  #loadTimes(at: number, reader: EventReader): void {
    const { times, timeStates } = reader.fields;
    const doubles = this.#doubles;
    for (let slot = 0; slot < 2; slot++) {
      const state = this.#octets[at + timeStatesByte + slot];
      timeStates[slot] = state;
      const from = (at >> 3) + timesDouble + 3 * slot;
      if (state === FieldState.number) {
        times[3 * slot] = doubles[from];
        times[3 * slot + 1] = doubles[from + 1];
        times[3 * slot + 2] = doubles[from + 2];
      } else if (state === odd) {
        timeStates[slot] = FieldState.absent;
        reader.readTime(doubles[from], slot);
      }
    }
  }

  #loadIdentities(at: number, reader: EventReader): void {
    const { identities, identityStates } = reader.fields;
    const from = (at >> 3) + identitiesDouble;
    let hasOdd = false;
    for (let slot = 0; slot < 4; slot++) {
      const state = this.#octets[at + identityStatesByte + slot];
      identityStates[slot] = state;
      if (state === FieldState.number) identities[slot] = this.#doubles[from + slot];
      else if (state === odd) {
        identityStates[slot] = FieldState.absent;
        reader.readIdentity(this.#doubles[from + slot], slot);
        hasOdd = true;
      }
    }
    if (hasOdd) reader.internIdentities();
  }

  /** Added memory is a new buffer, which begins with the old one. */
  #refresh(): void {
    const { buffer } = this.#exports.memory;
    if (this.#octets.buffer !== buffer) {
      this.#octets = new Uint8Array(buffer);
      this.#words = new Int32Array(buffer);
      this.#doubles = new Float64Array(buffer);
      this.#bytes = new Uint8Array(0);
    }
    if (this.#bytes.length !== this.#size) this.#bytes = new Uint8Array(buffer, this.#base, this.#size);
  }
}

/** Math.random where the host has no Web Crypto (Node 18): nobody sees its numbers, so no file is made to fit them. */
function randomSeeds(): readonly [bigint, bigint] {
  const { crypto } = globalThis as { readonly crypto?: { getRandomValues(out: BigUint64Array): BigUint64Array } };
  const seeds = new BigUint64Array(2);
  if (crypto !== undefined) crypto.getRandomValues(seeds);
  else new Uint16Array(seeds.buffer).forEach((_, at, words) => (words[at] = Math.floor(Math.random() * 2 ** 16)));
  return [seeds[0], seeds[1]];
}

/** Shared, so that other threads read a file into it; null where there are no addresses for it. */
function createMemory(): WebAssembly.Memory | null {
  try {
    return new WebAssembly.Memory({ initial: firstPages, maximum: mostPages, shared: true });
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}

/** Null where SIMD is missing. */
function compile(): WebAssembly.Module | null {
  try {
    return new WebAssembly.Module(eventsBytes());
  } catch (error) {
    if (error instanceof WebAssembly.CompileError) return null;
    throw error;
  }
}

type Rows = Omit<EventRows, "offset"> & { offset: number };

/** Where columns with room for `room` rows lie. */
interface RowPlace {
  readonly buffer: ArrayBufferLike;
  readonly at: number;
  readonly room: number;
}

const placeOf = ({ buffer, byteOffset }: Uint8Array, room: number): RowPlace => ({ buffer, at: byteOffset, room });

function copyRows(from: RowPlace, to: RowPlace, count: number): void {
  let source = from.at;
  let target = to.at;
  for (const width of rowWidths) {
    new Uint8Array(to.buffer, target, width * count).set(new Uint8Array(from.buffer, source, width * count));
    source += width * from.room;
    target += width * to.room;
  }
}
