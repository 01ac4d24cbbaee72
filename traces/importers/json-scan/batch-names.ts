import type { DefineBytes } from "./byte-interner.ts";
import { isValidUtf8 } from "./json-text.ts";

/** What events.as exports of the texts that it met. Addresses in its memory: bytes. */
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
const formWord = 2;
const Form = { plain: 0, escaped: 1, beyondAscii: 2 } as const;

const undefinedName = -1;

/** Numbers of the names and categories that events.as met: each is defined when an event with it is read. */
export class BatchNames {
  readonly #exports: NameExports;
  readonly #define: DefineBytes;
  readonly #defineDistinct: DefineDistinct;
  /** By entry of the table in events.as: the number that `define` gave. */
  #numbers = new Int32Array(512).fill(undefinedName);
  #octets: Uint8Array = new Uint8Array(0);
  #words: Int32Array = new Int32Array(0);
  #ends = new Uint32Array(16);

  constructor(exports: NameExports, define: DefineBytes, defineDistinct: DefineDistinct) {
    this.#exports = exports;
    this.#define = define;
    this.#defineDistinct = defineDistinct;
  }

  /** Number of an entry; -1 for none. */
  of(entry: number): number {
    if (entry < 0) return -1;
    this.#makeRoom(entry);
    if (this.#numbers[entry] === undefinedName) {
      this.#refresh();
      this.#defineRun(entry, entry + 1);
    }
    return this.#numbers[entry];
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
    this.#refresh();
    let first = 0;
    let end = 0;
    for (let i = 0; i < entries.length; i += 2) {
      const lower = Math.min(entries[i], entries[i + 1]);
      const upper = Math.max(entries[i], entries[i + 1]);
      this.#makeRoom(upper);
      for (let entry = lower, step = 0; step < 2; entry = upper, step++) {
        if (entry < 0 || (entry >= first && entry < end) || this.#numbers[entry] !== undefinedName) continue;
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
    const at = this.#exports.nameAt(0) >> 2;
    for (let entry = first; entry < end;) {
      let next = entry;
      while (next < end && words[at + entryWords * next + formWord] === Form.plain) next++;
      if (next > entry) this.#definePlain(entry, next);
      else this.#defineOdd(entry, words[at + entryWords * next++ + formWord] === Form.escaped);
      entry = next;
    }
  }

  #definePlain(first: number, end: number): void {
    const words = this.#words;
    const count = end - first;
    if (count > this.#ends.length) this.#ends = new Uint32Array(2 * count);
    const ends = this.#ends;
    let at = (this.#exports.nameAt(first) >> 2) + lengthWord;
    let length = 0;
    for (let i = 0; i < count; i++, at += entryWords) ends[i] = length += words[at];
    const start = this.#exports.nameStart(first);
    this.#defineDistinct(
      this.#octets.subarray(start, start + length),
      ends.subarray(0, count),
      this.#numbers.subarray(first, end),
    );
  }

  #defineOdd(entry: number, escaped: boolean): void {
    const start = this.#exports.nameStart(entry);
    const bytes = this.#octets.subarray(start, start + this.#words[this.#exports.nameAt(entry) >> 2]);
    if (escaped || !isValidUtf8(bytes)) this.#numbers[entry] = this.#define(bytes, escaped);
    else this.#defineDistinct(bytes, Uint32Array.of(bytes.length), this.#numbers.subarray(entry, entry + 1));
  }

  #makeRoom(entry: number): void {
    if (entry < this.#numbers.length) return;
    const larger = new Int32Array(2 ** Math.ceil(Math.log2(entry + 1)) * 2).fill(undefinedName);
    larger.set(this.#numbers);
    this.#numbers = larger;
  }

  /** Added memory is a new buffer; views of the old one are empty. */
  #refresh(): void {
    const { buffer } = this.#exports.memory;
    if (this.#octets.buffer === buffer) return;
    this.#octets = new Uint8Array(buffer);
    this.#words = new Int32Array(buffer);
  }
}
