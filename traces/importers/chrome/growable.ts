/** A list of uint32 that grows by blocks, without a copy. */
export class IdList {
  readonly #blocks: Uint32Array[] = [];
  #length = 0;

  push(value: number): void {
    const slot = this.#length++ & (idBlock - 1);
    if (slot === 0) this.#blocks.push(new Uint32Array(idBlock));
    this.#blocks[this.#blocks.length - 1][slot] = value;
  }

  append(values: Uint32Array): void {
    for (let from = 0; from < values.length;) {
      const slot = this.#length & (idBlock - 1);
      if (slot === 0) this.#blocks.push(new Uint32Array(idBlock));
      const part = values.subarray(from, from + idBlock - slot);
      this.#blocks[this.#blocks.length - 1].set(part, slot);
      this.#length += part.length;
      from += part.length;
    }
  }

  /** The values so far, block by block. */
  blocks(): readonly Uint32Array[] {
    const last = this.#length & (idBlock - 1);
    return this.#blocks.map((block, b) =>
      last > 0 && b === this.#blocks.length - 1 ? block.subarray(0, last) : block,
    );
  }
}

const idBlock = 2 ** 14;

/** A list of float64 that grows without an object per value. */
export class NumberList {
  #values = new Float64Array(64);
  length = 0;

  push(value: number): void {
    if (this.length === this.#values.length) {
      const larger = new Float64Array(this.length * 2);
      larger.set(this.#values);
      this.#values = larger;
    }
    this.#values[this.length++] = value;
  }

  at(index: number): number {
    return this.#values[index];
  }

  set(index: number, value: number): void {
    this.#values[index] = value;
  }

  /** The values so far; a view that is valid until the next push. */
  view(): Float64Array {
    return this.#values.subarray(0, this.length);
  }

  clear(): void {
    this.#values = new Float64Array(64);
    this.length = 0;
  }
}

/** Indexes of `values` in ascending order of value, equal ones in their own order; null when they are in order already. */
export function stableOrder(values: Float64Array): Uint32Array | null {
  let ordered = true;
  for (let i = 1; i < values.length && ordered; i++) ordered = values[i - 1] <= values[i];
  if (ordered) return null;
  const order = new Uint32Array(values.length);
  for (let i = 0; i < order.length; i++) order[i] = i;
  return order.sort((a, b) => values[a] - values[b] || a - b);
}
