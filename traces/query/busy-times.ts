/** Joins times that come in order of their starts, where they touch or overlap; those of no length add nothing. */
export class BusyTimes {
  /** Of what was added. */
  endNs: number = -Infinity;
  /** Of all that is joined. */
  totalNs: number = 0;
  #startNs = -Infinity;

  add(startNs: number, endNs: number): void {
    if (startNs > this.endNs) {
      this.finish();
      this.#startNs = startNs;
      this.endNs = endNs;
    } else if (endNs > this.endNs) this.endNs = endNs;
  }

  /** After the last one. */
  finish(): void {
    if (this.endNs > this.#startNs) this.totalNs += this.endNs - this.#startNs;
  }
}
