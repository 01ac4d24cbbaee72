/** Turns the bytes of a string, first met, into its number. `escaped`: the bytes hold a backslash. */
export type DefineBytes = (bytes: Uint8Array, escaped: boolean) => number;

/* Other ones in every process, so that no file holds texts made to have one hash. Equality is decided by the bytes. */
const seed = (Math.random() * 2 ** 32) | 0;
const multiplier = (Math.random() * 2 ** 32) | 1;

/**
 * Numbers strings by their bytes, without decoding those met before.
 * Open addressing, at most half full; every table grows. Two spellings of one text are two entries
 * (`define` may give them the same number).
 */
export class ByteInterner {
  readonly #define: DefineBytes;
  #slots = new Int32Array(1024);
  #mask = 1023;
  #count = 0;
  #hashes = new Int32Array(512);
  /** Twice the length, and one more where there are escapes: the same bytes without them are another text. */
  #shapes = new Int32Array(512);
  #starts = new Float64Array(512);
  #numbers = new Int32Array(512);
  #arena = new Uint8Array(1 << 16);
  #arenaView = new DataView(this.#arena.buffer);
  #used = 0;

  constructor(define: DefineBytes) {
    this.#define = define;
  }

  /** Number of the string in bytes [start, end) of `bytes`; `view` looks at the same memory from the same byte. */
  intern(bytes: Uint8Array, view: DataView, start: number, end: number, escaped: boolean): number {
    const shape = 2 * (end - start) + (escaped ? 1 : 0);
    let hash = seed ^ shape;
    let p = start;
    for (const last = end - 4; p <= last; p += 4) {
      // The shift comes first: the highest bit alone would come out of any multiplication as it went in.
      hash ^= view.getInt32(p, true);
      hash = Math.imul(hash ^ (hash >>> 15), multiplier);
    }
    for (; p < end; p++) hash = Math.imul(hash ^ bytes[p], multiplier);
    hash ^= hash >>> 15;
    const mask = this.#mask;
    const slots = this.#slots;
    let slot = hash & mask;
    for (let entry = slots[slot]; entry !== 0; entry = slots[slot]) {
      if (this.#hashes[entry - 1] === hash && this.#shapes[entry - 1] === shape) {
        if (this.#sameBytes(this.#starts[entry - 1], bytes, view, start, end)) return this.#numbers[entry - 1];
      }
      slot = (slot + 1) & mask;
    }
    return this.#add(bytes, start, end, hash, slot, shape);
  }

  #sameBytes(at: number, bytes: Uint8Array, view: DataView, start: number, end: number): boolean {
    const arenaView = this.#arenaView;
    const arena = this.#arena;
    let p = start;
    let q = at;
    for (const last = end - 4; p <= last; p += 4, q += 4) {
      if (view.getInt32(p, true) !== arenaView.getInt32(q, true)) return false;
    }
    for (; p < end; p++, q++) if (bytes[p] !== arena[q]) return false;
    return true;
  }

  #add(bytes: Uint8Array, start: number, end: number, hash: number, slot: number, shape: number): number {
    const entry = this.#count;
    if (entry === this.#hashes.length) this.#growEntries();
    const length = end - start;
    this.#reserveArena(length);
    this.#arena.set(bytes.subarray(start, end), this.#used);
    this.#hashes[entry] = hash;
    this.#shapes[entry] = shape;
    this.#starts[entry] = this.#used;
    this.#used += length;
    const number = this.#define(bytes.subarray(start, end), shape % 2 === 1);
    this.#numbers[entry] = number;
    this.#slots[slot] = entry + 1;
    this.#count = entry + 1;
    if (this.#count * 2 > this.#slots.length) this.#growSlots();
    return number;
  }

  #growEntries(): void {
    const size = this.#hashes.length * 2;
    this.#hashes = copyInto(new Int32Array(size), this.#hashes);
    this.#shapes = copyInto(new Int32Array(size), this.#shapes);
    this.#starts = copyInto(new Float64Array(size), this.#starts);
    this.#numbers = copyInto(new Int32Array(size), this.#numbers);
  }

  #growSlots(): void {
    const size = this.#slots.length * 2;
    const slots = new Int32Array(size);
    const mask = size - 1;
    for (let entry = 0; entry < this.#count; entry++) {
      let slot = this.#hashes[entry] & mask;
      while (slots[slot] !== 0) slot = (slot + 1) & mask;
      slots[slot] = entry + 1;
    }
    this.#slots = slots;
    this.#mask = mask;
  }

  #reserveArena(length: number): void {
    let size = this.#arena.length;
    if (this.#used + length <= size) return;
    while (size < this.#used + length) size *= 2;
    const arena = new Uint8Array(size);
    arena.set(this.#arena.subarray(0, this.#used));
    this.#arena = arena;
    this.#arenaView = new DataView(arena.buffer);
  }
}

function copyInto<T extends Int32Array | Float64Array>(target: T, source: T): T {
  target.set(source);
  return target;
}
