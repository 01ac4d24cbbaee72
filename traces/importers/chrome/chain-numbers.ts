const smallest = 1024;

/**
 * Numbers chains of values: (number of the chain before, next value) → number, from 0 in the order of the first call. A
 * chain begins below 0, at a number for what it is about. Open addressing, at most half full.
 */
export class ChainNumbers {
  #length = 0;
  #chains = new Int32Array(smallest / 2);
  #values = new Float64Array(smallest / 2);
  /** Number + 1; 0 where none is. */
  #slots = new Int32Array(smallest);
  /** The number that was given last. */
  #last = 0;

  get length(): number {
    return this.#length;
  }

  /** `value`: an integer below 2^53. */
  of(chain: number, value: number): number {
    // What ends does so as it began, mostly: in the same order, or at once.
    for (let number = this.#last; number < this.#length && number <= this.#last + 1; number++)
      if (this.#chains[number] === chain && this.#values[number] === value) return (this.#last = number);
    return (this.#last = this.#find(chain, value));
  }

  #find(chain: number, value: number): number {
    const slots = this.#slots;
    const mask = slots.length - 1;
    let slot = hashOf(chain, value) & mask;
    for (let number = slots[slot] - 1; number >= 0; number = slots[slot] - 1) {
      if (this.#chains[number] === chain && this.#values[number] === value) return number;
      slot = (slot + 1) & mask;
    }
    const number = this.#length++;
    this.#chains[number] = chain;
    this.#values[number] = value;
    slots[slot] = number + 1;
    if (this.#length === this.#chains.length) this.#grow();
    return number;
  }

  #grow(): void {
    const count = this.#length;
    // Fourfold at first: the way of all into another table is most of the work.
    const room = count < 2 ** 20 ? 4 * count : 2 * count;
    const chains = new Int32Array(room);
    const values = new Float64Array(room);
    chains.set(this.#chains);
    values.set(this.#values);
    this.#chains = chains;
    this.#values = values;
    this.#slots = new Int32Array(2 * room);
    const mask = this.#slots.length - 1;
    for (let number = 0; number < count; number++) {
      let slot = hashOf(chains[number], values[number]) & mask;
      while (this.#slots[slot] !== 0) slot = (slot + 1) & mask;
      this.#slots[slot] = number + 1;
    }
  }
}

/**
 * Two rounds of the 32-bit finalizer of MurmurHash3, so that neighboring values spread over the table; but sixteen of them
 * stay together, in the memory that the processor reads at once: ids mostly count up.
 */
function hashOf(chain: number, value: number): number {
  let hash = Math.imul(chain, 0x9e3779b1) ^ ((value | 0) >>> 4) ^ Math.imul(Math.floor(value / 2 ** 32), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return ((hash ^ (hash >>> 16)) & ~15) | (value & 15);
}
