/** Binary heap of small integers by a key, smallest key first; equal keys by smaller integer. */
export class SliceHeap {
  size = 0;
  readonly #values: Uint32Array;
  readonly #keys: Float64Array;

  constructor(capacity: number) {
    this.#values = new Uint32Array(capacity);
    this.#keys = new Float64Array(capacity);
  }

  /** To be read while it is not empty. */
  get top(): number {
    return this.#values[0];
  }

  get topKey(): number {
    return this.#keys[0];
  }

  push(value: number, key: number): void {
    const keys = this.#keys;
    const values = this.#values;
    let at = this.size++;
    while (at > 0) {
      const up = (at - 1) >>> 1;
      if (keys[up] < key || (keys[up] === key && values[up] < value)) break;
      keys[at] = keys[up];
      values[at] = values[up];
      at = up;
    }
    keys[at] = key;
    values[at] = value;
  }

  pop(): number {
    const top = this.#values[0];
    this.size--;
    if (this.size > 0) this.replaceTop(this.#values[this.size], this.#keys[this.size]);
    return top;
  }

  /** As `pop` and `push`, in one go. */
  replaceTop(value: number, key: number): void {
    const keys = this.#keys;
    const values = this.#values;
    const { size } = this;
    let at = 0;
    for (let child = 1; child < size; child = 2 * at + 1) {
      const other = child + 1;
      if (other < size && (keys[other] < keys[child] || (keys[other] === keys[child] && values[other] < values[child])))
        child = other;
      if (key < keys[child] || (key === keys[child] && value < values[child])) break;
      keys[at] = keys[child];
      values[at] = values[child];
      at = child;
    }
    keys[at] = key;
    values[at] = value;
  }
}
