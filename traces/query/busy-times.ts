export type EmitBusy = (startNs: number, endNs: number) => void;

/** Joins times that come in order of their starts, where they touch or overlap; those of no length are left out. */
export class BusyTimes {
  /** Of what was added. */
  endNs: number = -Infinity;
  /** Of all that is joined. */
  totalNs: number = 0;
  #startNs = 0;
  readonly #emit: EmitBusy | null;

  /** `emit` is told times that are disjoint and ascending. */
  constructor(emit: EmitBusy | null) {
    this.#emit = emit;
  }

  add(startNs: number, endNs: number): void {
    if (startNs > this.endNs) {
      this.finish();
      this.#startNs = startNs;
      this.endNs = endNs;
    } else if (endNs > this.endNs) this.endNs = endNs;
  }

  /** After the last one. */
  finish(): void {
    if (this.endNs <= this.#startNs) return;
    this.totalNs += this.endNs - this.#startNs;
    if (this.#emit !== null) this.#emit(this.#startNs, this.endNs);
  }
}
