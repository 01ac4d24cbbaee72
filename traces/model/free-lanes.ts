/** Hands out lanes from `first` on to intervals that come in order of start: always the lowest lane that is free. */
export class FreeLanes {
  /** Lanes that are taken by their ends, soonest first. */
  readonly #busy = new MinHeap();
  /** Lanes that are free again, lowest first. */
  readonly #free = new MinHeap();
  #next: number;

  constructor(first: number) {
    this.#next = first;
  }

  take(startNs: number, endNs: number): number {
    while (this.#busy.size > 0 && this.#busy.firstKey <= startNs) {
      const lane = this.#busy.pop();
      this.#free.push(lane, lane);
    }
    const lane = this.#free.size > 0 ? this.#free.pop() : this.#next++;
    this.#busy.push(endNs, lane);
    return lane;
  }
}

/** Binary heap of (key, value) pairs. */
class MinHeap {
  size = 0;
  #keys = new Float64Array(16);
  #values = new Uint32Array(16);

  get firstKey(): number {
    return this.#keys[0];
  }

  push(key: number, value: number): void {
    if (this.size === this.#keys.length) this.#grow();
    const keys = this.#keys;
    const values = this.#values;
    let at = this.size++;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (keys[parent] <= key) break;
      keys[at] = keys[parent];
      values[at] = values[parent];
      at = parent;
    }
    keys[at] = key;
    values[at] = value;
  }

  /** Removes the pair of the smallest key and returns its value; the heap must not be empty. */
  pop(): number {
    const keys = this.#keys;
    const values = this.#values;
    const first = values[0];
    const size = --this.size;
    const key = keys[size];
    const value = values[size];
    let at = 0;
    for (let child = 1; child < size; child = 2 * at + 1) {
      if (child + 1 < size && keys[child + 1] < keys[child]) child++;
      if (keys[child] >= key) break;
      keys[at] = keys[child];
      values[at] = values[child];
      at = child;
    }
    keys[at] = key;
    values[at] = value;
    return first;
  }

  #grow(): void {
    const keys = new Float64Array(4 * this.size);
    const values = new Uint32Array(4 * this.size);
    keys.set(this.#keys);
    values.set(this.#values);
    this.#keys = keys;
    this.#values = values;
  }
}
