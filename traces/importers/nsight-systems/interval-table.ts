const firstCapacity = 1024;

/** Intervals with two numbers each, in columns that grow together; only rows below `length` count. 24 B a row. */
export interface IntervalTable {
  readonly length: number;
  readonly owner: Uint32Array;
  readonly label: Uint32Array;
  readonly startNs: Float64Array;
  readonly endNs: Float64Array;
  add(owner: number, label: number, startNs: number, endNs: number): void;
}

export function createIntervals(): IntervalTable {
  return new GrowingIntervals();
}

class GrowingIntervals implements IntervalTable {
  length = 0;
  owner: Uint32Array = new Uint32Array(firstCapacity);
  label: Uint32Array = new Uint32Array(firstCapacity);
  startNs: Float64Array = new Float64Array(firstCapacity);
  endNs: Float64Array = new Float64Array(firstCapacity);

  add(owner: number, label: number, startNs: number, endNs: number): void {
    const row = this.length++;
    if (row === this.owner.length) this.#grow();
    this.owner[row] = owner;
    this.label[row] = label;
    this.startNs[row] = startNs;
    this.endNs[row] = endNs;
  }

  #grow(): void {
    const capacity = this.owner.length * 2;
    this.owner = copyInto(new Uint32Array(capacity), this.owner);
    this.label = copyInto(new Uint32Array(capacity), this.label);
    this.startNs = copyInto(new Float64Array(capacity), this.startNs);
    this.endNs = copyInto(new Float64Array(capacity), this.endNs);
  }
}

function copyInto<T extends { set(source: T): void }>(target: T, source: T): T {
  target.set(source);
  return target;
}
