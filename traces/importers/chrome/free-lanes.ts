/** Hands out lanes to intervals that come in order of start: always the lowest lane that is free. */
export class FreeLanes {
  /** [end, lane] of taken lanes, soonest end first. */
  readonly #busy = new MinHeap();
  /** [lane, 0] of lanes that are free again, lowest first. */
  readonly #free = new MinHeap();
  #next = 0;

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
  readonly #keys: number[] = [];
  readonly #values: number[] = [];

  get size(): number {
    return this.#keys.length;
  }

  get firstKey(): number {
    return this.#keys[0];
  }

  push(key: number, value: number): void {
    const keys = this.#keys;
    const values = this.#values;
    let at = keys.length;
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
    const key = keys[keys.length - 1];
    const value = values[values.length - 1];
    keys.length--;
    values.length--;
    const size = keys.length;
    if (size === 0) return first;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= size) break;
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
}
