import { UserFacingError } from "../../model/errors.ts";
import { formatCount } from "../../model/format-units.ts";

/**
 * Events that are paired at once. With more, places in the table of chains would no longer be numbers of 31 bits, which
 * the operators on bits keep. A span limit cannot say so earlier: what will be a span is known when it is paired.
 */
const mostEvents = 2 ** 30 - 1;

/** No begin. */
export const noBegin = -1;

/**
 * Begins without an end so far, by what they belong to and by name. A chain from the innermost outwards each, so that
 * every step takes the same time however many are open. A begin that is the only one of its owner, as most asynchronous
 * ones are, is in no chain of a name: there may be millions of owners, and each look into the table of chains waits for
 * memory. In all lists 0 is none, and what is never written takes no memory.
 */
export class OpenBegins {
  /** By begin. */
  readonly #name: Int32Array;
  readonly #outer: Int32Array;
  readonly #inner: Int32Array;
  readonly #outerOfName: Int32Array;
  readonly #pair: Int32Array;
  /** By owner. */
  readonly #innermost: Int32Array;
  /** Owner and name, each pair once: open addressing. */
  readonly #slots: Int32Array;
  /** By pair. */
  readonly #owners: Int32Array;
  readonly #names: Int32Array;
  readonly #innermostOfName: Int32Array;
  #pairs = 0;

  /** `count`: events are numbers below it, and no more than these begin. `owners`: so are these. Throws UserFacingError beyond 2^30 − 1 events. */
  constructor(count: number, owners: number) {
    if (count > mostEvents)
      throw new UserFacingError(
        `It has ${formatCount(count)} begins and ends that belong together; at most ${formatCount(mostEvents)} can be paired.`,
      );
    this.#name = new Int32Array(count);
    this.#outer = new Int32Array(count);
    this.#inner = new Int32Array(count);
    this.#outerOfName = new Int32Array(count);
    this.#pair = new Int32Array(count);
    this.#innermost = new Int32Array(owners);
    this.#slots = new Int32Array(2 ** Math.ceil(Math.log2(count + 1) + 1));
    this.#owners = new Int32Array(count);
    this.#names = new Int32Array(count);
    this.#innermostOfName = new Int32Array(count);
  }

  /** The begin opened last; `noBegin` for none. */
  innermost(owner: number): number {
    return this.#innermost[owner] - 1;
  }

  innermostOfName(owner: number, name: number): number {
    const innermost = this.#innermost[owner] - 1;
    // Mostly the one that ends next.
    if (innermost === noBegin || this.#name[innermost] === name) return innermost;
    if (this.#pair[innermost] === 0) return noBegin;
    const pair = this.#slots[this.#slotOf(owner, name)];
    return pair === 0 ? noBegin : this.#innermostOfName[pair - 1] - 1;
  }

  add(begin: number, owner: number, name: number): void {
    const outer = this.#innermost[owner] - 1;
    this.#name[begin] = name;
    this.#innermost[owner] = begin + 1;
    if (outer === noBegin) return;
    this.#outer[begin] = outer + 1;
    this.#inner[outer] = begin + 1;
    if (this.#pair[outer] === 0) this.#chain(outer, owner);
    this.#chain(begin, owner);
  }

  /** Takes out a begin that is the innermost of its name. */
  remove(begin: number, owner: number): void {
    const outer = this.#outer[begin];
    const inner = this.#inner[begin];
    if (inner === 0) this.#innermost[owner] = outer;
    else this.#outer[inner - 1] = outer;
    if (outer !== 0) this.#inner[outer - 1] = inner;
    const pair = this.#pair[begin];
    if (pair !== 0) this.#innermostOfName[pair - 1] = this.#outerOfName[begin];
  }

  #chain(begin: number, owner: number): void {
    const pair = this.#pairOf(owner, this.#name[begin]);
    this.#pair[begin] = pair;
    this.#outerOfName[begin] = this.#innermostOfName[pair - 1];
    this.#innermostOfName[pair - 1] = begin + 1;
  }

  #pairOf(owner: number, name: number): number {
    const slot = this.#slotOf(owner, name);
    if (this.#slots[slot] !== 0) return this.#slots[slot];
    this.#owners[this.#pairs] = owner;
    this.#names[this.#pairs] = name;
    return (this.#slots[slot] = ++this.#pairs);
  }

  /** Where the pair is, or would be. */
  #slotOf(owner: number, name: number): number {
    const mask = this.#slots.length - 1;
    let slot = hashOf(owner, name) & mask;
    for (let pair = this.#slots[slot]; pair !== 0; pair = this.#slots[slot]) {
      if (this.#owners[pair - 1] === owner && this.#names[pair - 1] === name) break;
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
