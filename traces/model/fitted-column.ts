import type { Allocate } from "./column.ts";

type Widths = Uint8Array | Uint16Array | Uint32Array;

/** A column of one byte a value that becomes one of 2 or 4 when a value needs it. */
export class FittedColumn {
  readonly #allocate: Allocate;
  values: Widths;
  /** Largest value that fits now. */
  largest = 0xff;

  constructor(length: number, allocate: Allocate) {
    this.#allocate = allocate;
    this.values = new Uint8Array(allocate(length));
  }

  /** Makes room for values up to `value`. */
  fit(value: number): void {
    if (value <= this.largest) return;
    const { length } = this.values;
    const wide =
      value <= 0xffff ? new Uint16Array(this.#allocate(length * 2)) : new Uint32Array(this.#allocate(length * 4));
    wide.set(this.values);
    this.values = wide;
    this.largest = value <= 0xffff ? 0xffff : 0xffffffff;
  }
}
