const firstCapacity = 2 ** 12;

/**
 * API calls by link. Links mostly count up, so they are their own hash: neighbors lie side by side.
 * About 30 B a call.
 */
export class CallTable {
  length = 0;
  startNs: Float64Array = new Float64Array(firstCapacity);
  thread: Uint32Array = new Uint32Array(firstCapacity);
  #link = new Uint32Array(firstCapacity);
  /** Call + 1 by slot; 0 is free. */
  #slots = new Uint32Array(firstCapacity * 2);

  /** The first call of a link counts; 0 is no link. */
  add(link: number, thread: number, startNs: number): void {
    if (link === 0) return;
    if (this.length === this.startNs.length) this.#grow();
    const slot = this.#slotOf(link);
    if (this.#slots[slot] !== 0) return;
    const call = this.length++;
    this.#slots[slot] = call + 1;
    this.#link[call] = link;
    this.startNs[call] = startNs;
    this.thread[call] = thread;
  }

  /** The call of a link, -1 for none. */
  find(link: number): number {
    return link === 0 ? -1 : this.#slots[this.#slotOf(link)] - 1;
  }

  #slotOf(link: number): number {
    const slots = this.#slots;
    const mask = slots.length - 1;
    let slot = link & mask;
    while (slots[slot] !== 0 && this.#link[slots[slot] - 1] !== link) slot = (slot + 1) & mask;
    return slot;
  }

  #grow(): void {
    const capacity = this.startNs.length * 2;
    const startNs = new Float64Array(capacity);
    const thread = new Uint32Array(capacity);
    const link = new Uint32Array(capacity);
    startNs.set(this.startNs);
    thread.set(this.thread);
    link.set(this.#link);
    this.startNs = startNs;
    this.thread = thread;
    this.#link = link;
    this.#slots = new Uint32Array(capacity * 2);
    for (let call = 0; call < this.length; call++) this.#slots[this.#slotOf(link[call])] = call + 1;
  }
}
