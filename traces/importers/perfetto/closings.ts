import { type BeginEndEvents, noEnd } from "../chrome/begin-end.ts";

/** When the slices of a thread end, asked in order of time. */
export class Closings {
  readonly #events: BeginEndEvents;
  readonly #order: Uint32Array | null;
  readonly #ends: Int32Array;
  #position = 0;
  /** Ends of the slices around the time reached; each is at or before the one below it. */
  readonly #around: number[] = [];

  /** `order` and `ends`: as of `stableOrder` and `findEnds`. */
  constructor(events: BeginEndEvents, order: Uint32Array | null, ends: Int32Array) {
    this.#events = events;
    this.#order = order;
    this.#ends = ends;
  }

  /** When the first of the slices ends that began before what stands at `offset`; Infinity without any. Times must not fall. */
  closingOf(timeNs: number, offset: number): number {
    const events = this.#events;
    for (; this.#position < events.timeNs.length; this.#position++) {
      const begin = this.#order === null ? this.#position : this.#order[this.#position];
      const beginNs = events.timeNs.at(begin);
      if (beginNs > timeNs || (beginNs === timeNs && events.offset.at(begin) > offset)) break;
      if (this.#ends[begin] === noEnd) continue;
      const endNs = events.timeNs.at(this.#ends[begin]);
      this.#leave(beginNs);
      this.#around.push(Math.min(endNs, this.#around.at(-1) ?? Infinity));
    }
    this.#leave(timeNs);
    return this.#around.at(-1) ?? Infinity;
  }

  #leave(timeNs: number): void {
    while (this.#around.length > 0 && this.#around[this.#around.length - 1] <= timeNs) this.#around.pop();
  }
}
