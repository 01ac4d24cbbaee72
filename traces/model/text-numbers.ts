const smallest = 1024;

/**
 * Numbers texts in the order in which they are first met, from 0. Open addressing, at most half full: for a million texts
 * of which each is new several times as fast as a `Map`, and without its limit of 2^24.
 */
export class TextNumbers {
  /** By number. */
  readonly texts: string[] = [];
  /** Number + 1, 0 where none is; then the hash, so that a text that is new looks at no other. */
  #slots = new Int32Array(2 * smallest);

  of(text: string): number {
    const hash = hashOf(text);
    const slots = this.#slots;
    const mask = slots.length - 2;
    let slot = (2 * hash) & mask;
    for (let number = slots[slot] - 1; number >= 0; number = slots[slot] - 1) {
      if (slots[slot + 1] === hash && this.texts[number] === text) return number;
      slot = (slot + 2) & mask;
    }
    const number = this.texts.push(text) - 1;
    slots[slot] = number + 1;
    slots[slot + 1] = hash;
    if (4 * this.texts.length > slots.length) this.#grow();
    return number;
  }

  #grow(): void {
    const slots = new Int32Array(2 * this.#slots.length);
    const mask = slots.length - 2;
    for (let at = 0; at < this.#slots.length; at += 2) {
      if (this.#slots[at] === 0) continue;
      let slot = (2 * this.#slots[at + 1]) & mask;
      while (slots[slot] !== 0) slot = (slot + 2) & mask;
      slots[slot] = this.#slots[at];
      slots[slot + 1] = this.#slots[at + 1];
    }
    this.#slots = slots;
  }
}

/** FNV-1a over UTF-16 units, its bits then spread by the 32-bit finalizer of MurmurHash3. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5 | 0;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return hash ^ (hash >>> 16);
}
