import type { DefineBytes } from "./byte-interner.ts";

/** What events.as exports of the texts that it met. Addresses in its memory: bytes, from 2^31 on as negative numbers. */
export interface NameExports {
  readonly memory: WebAssembly.Memory;
  nameAt(entry: number): number;
  nameStart(entry: number): number;
}

/**
 * Numbers texts that are all different, without any escape and valid UTF-8: `ends` has the place behind each in `bytes`,
 * `numbers` gets the number of each.
 */
export type DefineDistinct = (bytes: Uint8Array, ends: Uint32Array, numbers: Int32Array) => void;

// Words of an entry (tables.as).
const entryWords = 4;
const lengthWord = 0;
/** The number, once it was given; before, the form of the text. */
const numberWord = 2;
const Form = { plain: -1, escaped: -2, invalid: -3 } as const;

/** Numbers of the names and categories that events.as met: each is defined when an event with it is read. */
export class BatchNames {
  readonly #exports: NameExports;
  readonly #define: DefineBytes;
  readonly #defineDistinct: DefineDistinct;
  #octets: Uint8Array = new Uint8Array(0);
  #words: Int32Array = new Int32Array(0);
  /** Word where the first entry begins. */
  #first = 0;
  #ends = new Uint32Array(16);
  #numbers = new Int32Array(16);

  constructor(exports: NameExports, define: DefineBytes, defineDistinct: DefineDistinct) {
    this.#exports = exports;
    this.#define = define;
    this.#defineDistinct = defineDistinct;
  }

  /** To be called when events were read: entries may lie elsewhere. Views of the memory of events.as, from its start. */
  attach(octets: Uint8Array, words: Int32Array): void {
    this.#octets = octets;
    this.#words = words;
    this.#first = this.#exports.nameAt(0) >>> 2;
  }

  /** Number of an entry; -1 for none. */
  of(entry: number): number {
    if (entry < 0) return -1;
    const number = this.#words[this.#first + entryWords * entry + numberWord];
    if (number >= 0) return number;
    this.#defineRun(entry, entry + 1);
    return this.#words[this.#first + entryWords * entry + numberWord];
  }

  /** Defines the texts of an event: of two new ones the lower entry was met first. */
  defineInOrder(name: number, category: number): void {
    this.of(Math.min(name, category));
    this.of(Math.max(name, category));
  }

  /**
   * As `defineInOrder`, for pairs one after another: new texts that follow one another are defined together.
   * `entries` holds the names and categories of the pairs in turn.
   */
  defineAll(entries: Int32Array): void {
    const words = this.#words;
    const numbers = this.#first + numberWord;
    let first = 0;
    let end = 0;
    for (let i = 0; i < entries.length; i += 2) {
      const lower = Math.min(entries[i], entries[i + 1]);
      const upper = Math.max(entries[i], entries[i + 1]);
      for (let entry = lower, step = 0; step < 2; entry = upper, step++) {
        if (entry < 0 || (entry >= first && entry < end) || words[numbers + entryWords * entry] >= 0) continue;
        if (entry !== end) {
          this.#defineRun(first, end);
          first = entry;
        }
        end = entry + 1;
      }
    }
    this.#defineRun(first, end);
  }

  /** Entries [first, end), none of which is defined. */
  #defineRun(first: number, end: number): void {
    const words = this.#words;
    const forms = this.#first + numberWord;
    for (let entry = first; entry < end;) {
      let next = entry;
      while (next < end && words[forms + entryWords * next] === Form.plain) next++;
      if (next > entry) this.#definePlain(entry, next);
      else this.#defineOdd(next++);
      entry = next;
    }
  }

  #definePlain(first: number, end: number): void {
    const words = this.#words;
    const count = end - first;
    if (count > this.#ends.length) {
      this.#ends = new Uint32Array(2 * count);
      this.#numbers = new Int32Array(2 * count);
    }
    const ends = this.#ends;
    const from = this.#first + entryWords * first;
    let length = 0;
    for (let i = 0, at = from + lengthWord; i < count; i++, at += entryWords) ends[i] = length += words[at];
    const start = this.#exports.nameStart(first) >>> 0;
    const numbers = this.#numbers;
    this.#defineDistinct(this.#octets.subarray(start, start + length), ends.subarray(0, count), numbers);
    for (let i = 0, at = from + numberWord; i < count; i++, at += entryWords) words[at] = numbers[i];
  }

  /** What is no valid UTF-8, with or without its escapes. */
  #defineOdd(entry: number): void {
    const start = this.#exports.nameStart(entry) >>> 0;
    const at = this.#first + entryWords * entry;
    const bytes = this.#octets.subarray(start, start + this.#words[at + lengthWord]);
    this.#words[at + numberWord] = this.#define(bytes, this.#words[at + numberWord] === Form.escaped);
  }
}
