/** No begin. */
export const noBegin = -1;

/**
 * Begins without an end so far, by what they belong to and by name. A chain from the innermost outwards each, so that
 * every step takes the same time however many are open.
 */
export class OpenBegins {
  readonly #outer: Int32Array;
  readonly #inner: Int32Array;
  readonly #outerOfName: Int32Array;
  readonly #innermost: Int32Array;
  /** Innermost begin by owner and name: open addressing, since there may be one of each for every begin. */
  readonly #slots: Int32Array;
  readonly #owners: Int32Array;
  readonly #names: Int32Array;
  readonly #innermostOfName: Int32Array;
  /** By begin: its owner and name. */
  readonly #pairOfBegin: Int32Array;
  #pairs = 0;

  /** `count`: events are numbers below it, and no more than these begin. `owners`: so are these. */
  constructor(count: number, owners: number) {
    this.#outer = new Int32Array(count);
    this.#inner = new Int32Array(count);
    this.#outerOfName = new Int32Array(count);
    this.#innermost = new Int32Array(owners).fill(noBegin);
    this.#slots = new Int32Array(2 ** Math.ceil(Math.log2(count + 1) + 1)).fill(-1);
    this.#owners = new Int32Array(count);
    this.#names = new Int32Array(count);
    this.#innermostOfName = new Int32Array(count);
    this.#pairOfBegin = new Int32Array(count);
  }

  /** The begin opened last; `noBegin` for none. */
  innermost(owner: number): number {
    return this.#innermost[owner];
  }

  innermostOfName(owner: number, name: number): number {
    const innermost = this.#innermost[owner];
    // Mostly the one that ends next.
    if (innermost === noBegin || this.#names[this.#pairOfBegin[innermost]] === name) return innermost;
    const pair = this.#slots[this.#slotOf(owner, name)];
    return pair < 0 ? noBegin : this.#innermostOfName[pair];
  }

  add(begin: number, owner: number, name: number): void {
    const outer = this.#innermost[owner];
    this.#outer[begin] = outer;
    this.#inner[begin] = noBegin;
    if (outer !== noBegin) this.#inner[outer] = begin;
    this.#innermost[owner] = begin;
    const pair = this.#pairOf(owner, name);
    this.#pairOfBegin[begin] = pair;
    this.#outerOfName[begin] = this.#innermostOfName[pair];
    this.#innermostOfName[pair] = begin;
  }

  /** Takes out a begin that is the innermost of its name. */
  remove(begin: number, owner: number): void {
    const outer = this.#outer[begin];
    const inner = this.#inner[begin];
    if (inner === noBegin) this.#innermost[owner] = outer;
    else this.#outer[inner] = outer;
    if (outer !== noBegin) this.#inner[outer] = inner;
    this.#innermostOfName[this.#pairOfBegin[begin]] = this.#outerOfName[begin];
  }

  #pairOf(owner: number, name: number): number {
    const slot = this.#slotOf(owner, name);
    if (this.#slots[slot] >= 0) return this.#slots[slot];
    const pair = this.#pairs++;
    this.#slots[slot] = pair;
    this.#owners[pair] = owner;
    this.#names[pair] = name;
    this.#innermostOfName[pair] = noBegin;
    return pair;
  }

  /** Where the pair is, or would be. */
  #slotOf(owner: number, name: number): number {
    const mask = this.#slots.length - 1;
    let slot = hashOf(owner, name) & mask;
    for (let pair = this.#slots[slot]; pair >= 0; pair = this.#slots[slot]) {
      if (this.#owners[pair] === owner && this.#names[pair] === name) break;
      slot = (slot + 1) & mask;
    }
    return slot;
  }
}

/**
 * A round of the 32-bit finalizer of MurmurHash3, so that neighboring owners spread over the table; but sixteen of them
 * stay together, in the memory that the processor reads at once.
 */
function hashOf(owner: number, name: number): number {
  const mixed = Math.imul(owner >>> 4, 0x9e3779b1) ^ Math.imul(name + 1, 0x85ebca6b);
  const hash = Math.imul(mixed ^ (mixed >>> 15), 0xc2b2ae35);
  return (((hash ^ (hash >>> 16)) & ~15) | (owner & 15)) >>> 0;
}
