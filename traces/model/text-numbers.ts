/**
 * Numbers texts in the order in which they are first met, from 0. For a million texts of which each is new several times as
 * fast as a `Map`, and without its limit of 2^24.
 */
export class TextNumbers {
  /** By number. */
  readonly texts: string[] = [];
  /** All but those that were added as distinct ones. */
  readonly #common = new TextTable(this.texts);
  /** Those that were, but for `#ranges` of them: made when it is needed, since each look into a large table costs time. */
  readonly #distinct = new TextTable(this.texts);
  readonly #ranges: { readonly first: number; end: number }[] = [];

  of(text: string): number {
    const hash = hashOf(text);
    const known = this.#common.find(text, hash);
    if (known !== none) return known;
    this.#indexDistinct();
    const distinct = this.#distinct.find(text, hash);
    if (distinct !== none) return distinct;
    const number = this.texts.push(text) - 1;
    this.#common.add(number, hash);
    return number;
  }

  /** As `of`, for a text that no other call of this method had: only `of` may have met it. */
  ofDistinct(text: string): number {
    if (this.#common.size > 0) {
      const known = this.#common.find(text, hashOf(text));
      if (known !== none) return known;
    }
    const number = this.texts.push(text) - 1;
    const last = this.#ranges[this.#ranges.length - 1];
    if (last?.end === number) last.end++;
    else this.#ranges.push({ first: number, end: number + 1 });
    return number;
  }

  #indexDistinct(): void {
    for (const { first, end } of this.#ranges)
      for (let number = first; number < end; number++) this.#distinct.add(number, hashOf(this.texts[number]));
    this.#ranges.length = 0;
  }
}

const none = -1;
const smallest = 1024;

/** Finds numbers by their texts: open addressing, at most half full. */
class TextTable {
  size = 0;
  readonly #texts: readonly string[];
  /** Number + 1, 0 where none is; then the hash, so that a text that is new looks at no other. */
  #slots = new Int32Array(2 * smallest);

  constructor(texts: readonly string[]) {
    this.#texts = texts;
  }

  find(text: string, hash: number): number {
    const slots = this.#slots;
    const mask = slots.length - 2;
    let slot = (2 * hash) & mask;
    for (let number = slots[slot] - 1; number >= 0; number = slots[slot] - 1) {
      if (slots[slot + 1] === hash && this.#texts[number] === text) return number;
      slot = (slot + 2) & mask;
    }
    return none;
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

function put(slots: Int32Array, value: number, hash: number): void {
  const mask = slots.length - 2;
  let slot = (2 * hash) & mask;
  while (slots[slot] !== 0) slot = (slot + 2) & mask;
  slots[slot] = value;
  slots[slot + 1] = hash;
}

/** FNV-1a over UTF-16 units, its bits then spread by the 32-bit finalizer of MurmurHash3. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5 | 0;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return hash ^ (hash >>> 16);
}
