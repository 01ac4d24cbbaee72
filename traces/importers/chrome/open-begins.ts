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
  readonly #innermost = new Map<number, number>();
  readonly #innermostOfName = new Map<number, number>();

  /** `count`: events are numbers below it. */
  constructor(count: number) {
    this.#outer = new Int32Array(count);
    this.#inner = new Int32Array(count);
    this.#outerOfName = new Int32Array(count);
  }

  /** The begin opened last; `noBegin` for none. */
  innermost(owner: number): number {
    return this.#innermost.get(owner) ?? noBegin;
  }

  innermostOfName(owner: number, name: number): number {
    return this.#innermostOfName.get(keyOf(owner, name)) ?? noBegin;
  }

  add(begin: number, owner: number, name: number): void {
    const outer = this.innermost(owner);
    this.#outer[begin] = outer;
    this.#inner[begin] = noBegin;
    if (outer !== noBegin) this.#inner[outer] = begin;
    this.#innermost.set(owner, begin);
    const key = keyOf(owner, name);
    this.#outerOfName[begin] = this.#innermostOfName.get(key) ?? noBegin;
    this.#innermostOfName.set(key, begin);
  }

  /** Takes out a begin that is the innermost of its name. */
  remove(begin: number, owner: number, name: number): void {
    const outer = this.#outer[begin];
    const inner = this.#inner[begin];
    if (inner === noBegin) this.#innermost.set(owner, outer);
    else this.#outer[inner] = outer;
    if (outer !== noBegin) this.#inner[outer] = inner;
    this.#innermostOfName.set(keyOf(owner, name), this.#outerOfName[begin]);
  }
}

/** StringIds stay below 2^26; -1 (no name) is one of them here. */
function keyOf(owner: number, name: number): number {
  return owner * 2 ** 26 + name + 1;
}
