import { nameVariant, plainVariant } from "./color-slot.ts";
import { type Allocate, allocatePlain } from "./column.ts";
import { mostTextBytes, RecentTexts, type TextTable, writeText } from "./text-table.ts";

/**
 * Numbers texts in the order in which they are first met, from 0, and keeps them as bytes. For a million texts of which
 * each is new several times as fast as a `Map`, and without its limit of 2^24.
 */
export class TextNumbers {
  readonly #allocate: Allocate;
  #bytes: Uint8Array;
  #ends: Uint32Array;
  #used = 0;
  #length = 0;
  /** All but those that were added as distinct ones. */
  readonly #common = new NumberTable();
  /** Those that were, but for `#ranges` of them: made when it is needed, since each look into a large table costs time. */
  readonly #distinct = new NumberTable();
  readonly #ranges: { readonly first: number; end: number }[] = [];
  #recent: RecentTexts | null = null;
  #variants = new Uint8Array(0);
  #variantsKnown = 0;

  constructor(allocate: Allocate = allocatePlain) {
    this.#allocate = allocate;
    this.#bytes = new Uint8Array(allocate(smallestBytes));
    this.#ends = new Uint32Array(allocate(smallest * 4));
  }

  of(text: string): number {
    this.#makeRoom(3 * text.length);
    const start = this.#used;
    const end = writeText(text, this.#bytes, start);
    const hash = hashOf(this.#bytes, start, end);
    const known = findBytes(this.#common, this.#bytes, this.#ends, this.#bytes, start, end, hash);
    if (known !== none) return known;
    this.#indexDistinct();
    const distinct = findBytes(this.#distinct, this.#bytes, this.#ends, this.#bytes, start, end, hash);
    if (distinct !== none) return distinct;
    this.#common.add(this.#length, hash);
    return this.#push(end);
  }

  /**
   * As `of`, for texts that no other call of this method had, one behind another in UTF-8: only `of` may have met them.
   * `ends`: place behind each in `bytes`; `numbers` gets the number of each.
   */
  ofDistinct(bytes: Uint8Array, ends: Uint32Array, numbers: Int32Array): void {
    this.#makeRoom(bytes.length);
    const first = this.#length;
    if (this.#common.size > 0) this.#addOneByOne(bytes, ends, numbers);
    else {
      const start = this.#used;
      this.#bytes.set(bytes, start);
      for (let i = 0; i < ends.length; i++) numbers[i] = this.#push(start + ends[i]);
    }
    if (this.#length === first) return;
    const last = this.#ranges[this.#ranges.length - 1];
    if (last?.end === first) last.end = this.#length;
    else this.#ranges.push({ first, end: this.#length });
    // Who brings many asks next what each of them means.
    if (ends.length > 1) this.#recentTexts().readAll(this.#bytes, this.#ends, first, this.#length);
  }

  #addOneByOne(bytes: Uint8Array, ends: Uint32Array, numbers: Int32Array): void {
    let start = 0;
    for (let i = 0; i < ends.length; i++) {
      const end = ends[i];
      const known = findBytes(this.#common, this.#bytes, this.#ends, bytes, start, end, hashOf(bytes, start, end));
      if (known === none) {
        const to = this.#used - start;
        for (let p = start; p < end; p++) this.#bytes[to + p] = bytes[p];
        numbers[i] = this.#push(to + end);
      } else numbers[i] = known;
      start = end;
    }
  }

  /** The text of a number that was given. */
  text(number: number): string {
    return this.#recentTexts().read(number, this.#bytes, this.#startOf(number), this.#ends[number]);
  }

  /** All texts so far. It stays as it is when further ones come, and shares its memory with later ones. */
  table(): TextTable {
    return {
      length: this.#length,
      bytes: this.#bytes.subarray(0, this.#used),
      ends: this.#ends.subarray(0, this.#length),
    };
  }

  /** Color variants of all texts so far, each found once. */
  variants(): Uint8Array {
    if (this.#variants.length < this.#length) {
      const variants = new Uint8Array(Math.max(this.#length, 2 * this.#variants.length));
      variants.set(this.#variants);
      this.#variants = variants;
    }
    for (; this.#variantsKnown < this.#length; this.#variantsKnown++) {
      const number = this.#variantsKnown;
      const variant = plainVariant(this.#bytes, this.#startOf(number), this.#ends[number]);
      this.#variants[number] = variant ?? nameVariant(this.text(number));
    }
    return this.#variants.subarray(0, this.#length);
  }

  #recentTexts(): RecentTexts {
    return (this.#recent ??= new RecentTexts());
  }

  #startOf(number: number): number {
    return number === 0 ? 0 : this.#ends[number - 1];
  }

  /** The bytes written behind the last text up to `end` are another one. */
  #push(end: number): number {
    const number = this.#length++;
    if (number === this.#ends.length) {
      const ends = new Uint32Array(this.#allocate(8 * number));
      ends.set(this.#ends);
      this.#ends = ends;
    }
    this.#ends[number] = end;
    this.#used = end;
    return number;
  }

  /** What was given away stays where it is: texts go on in another place. */
  #makeRoom(count: number): void {
    const needed = this.#used + count;
    if (needed <= this.#bytes.length) return;
    if (needed > mostTextBytes) throw new RangeError("Text memory allocation failed");
    const bytes = new Uint8Array(this.#allocate(Math.min(mostTextBytes, Math.max(needed, 2 * this.#bytes.length))));
    bytes.set(this.#bytes.subarray(0, this.#used));
    this.#bytes = bytes;
  }

  #indexDistinct(): void {
    for (const { first, end } of this.#ranges)
      for (let number = first; number < end; number++)
        this.#distinct.add(number, hashOf(this.#bytes, this.#startOf(number), this.#ends[number]));
    this.#ranges.length = 0;
  }
}

/** Whether no two texts of a table have equal bytes. */
export function areDifferent({ bytes, ends, length }: TextTable): boolean {
  const numbers = new NumberTable();
  for (let id = 0, start = 0; id < length; start = ends[id++]) {
    const hash = hashOf(bytes, start, ends[id]);
    if (findBytes(numbers, bytes, ends, bytes, start, ends[id], hash) !== none) return false;
    numbers.add(id, hash);
  }
  return true;
}

const none = -1;
const smallest = 1024;
const smallestBytes = 1 << 14;

/** Numbers by hash: open addressing, at most half full. */
class NumberTable {
  size = 0;
  /** Number + 1, 0 where none is; then the hash, so that a text that is new looks at no other. */
  #slots = new Int32Array(2 * smallest);

  first(hash: number): number {
    return (2 * hash) & (this.#slots.length - 2);
  }

  next(slot: number): number {
    return (slot + 2) & (this.#slots.length - 2);
  }

  /** -1 where none is. */
  numberAt(slot: number): number {
    return this.#slots[slot] - 1;
  }

  hashAt(slot: number): number {
    return this.#slots[slot + 1];
  }

  /** To be called for a text that is not there. */
  add(number: number, hash: number): void {
    put(this.#slots, number + 1, hash);
    if (4 * ++this.size > this.#slots.length) this.#grow();
  }

  #grow(): void {
    const before = this.#slots;
    this.#slots = new Int32Array(2 * before.length);
    for (let at = 0; at < before.length; at += 2) if (before[at] !== 0) put(this.#slots, before[at], before[at + 1]);
  }
}

/** Number of the text of `bytes` and `ends` that equals [start, end) of `sought`, whose hash is given; -1 where there is none. */
function findBytes(
  table: NumberTable,
  bytes: Uint8Array,
  ends: Uint32Array,
  sought: Uint8Array,
  start: number,
  end: number,
  hash: number,
): number {
  for (let slot = table.first(hash); ; slot = table.next(slot)) {
    const number = table.numberAt(slot);
    if (number === none) return none;
    if (table.hashAt(slot) !== hash) continue;
    let q = number === 0 ? 0 : ends[number - 1];
    if (ends[number] - q !== end - start) continue;
    let p = start;
    while (p < end && sought[p] === bytes[q]) {
      p++;
      q++;
    }
    if (p === end) return number;
  }
}

function put(slots: Int32Array, value: number, hash: number): void {
  const mask = slots.length - 2;
  let slot = (2 * hash) & mask;
  while (slots[slot] !== 0) slot = (slot + 2) & mask;
  slots[slot] = value;
  slots[slot + 1] = hash;
}

/** Another one in every process, so that no file holds texts made to have one hash; no hash is kept in a file. */
const seed = (Math.random() * 2 ** 32) | 0;

/** FNV-1a over bytes, its bits then spread by the 32-bit finalizer of MurmurHash3. */
function hashOf(bytes: Uint8Array, start: number, end: number): number {
  let hash = seed;
  for (let p = start; p < end; p++) hash = Math.imul(hash ^ bytes[p], 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return hash ^ (hash >>> 16);
}
