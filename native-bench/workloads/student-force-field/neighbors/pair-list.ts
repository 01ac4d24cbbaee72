/**
 * Neighbor list of half pairs. Pair p stands for two directed slots: `first` sees `second` at `vectors[p]`, and
 * `second` sees `first` at −`vectors[p]`. A pair of an atom with its own image has first = second. In small boxes the
 * same two atoms may occur several times, with different vectors.
 */
export interface PairList {
  readonly atomCount: number;
  readonly pairCount: number;
  readonly first: Int32Array;
  readonly second: Int32Array;
  /** x_second + shift − x_first in Å, three numbers a pair. */
  readonly vectors: Float64Array;
}

/**
 * Arrays that one list after another is written to, where each is done with before the next begins: fresh memory for the
 * pairs of 10,000 atoms takes a third of the time of finding them.
 */
export class PairMemory {
  /** Of the list made last; null before it. */
  arrays: Pick<PairListBuilder, "first" | "second" | "vectors"> | null = null;
}

/**
 * Grows by doubling; arrays of a finished list are views of what was filled. The fields are open to the loops that fill
 * them: after `reserve(n)`, n pairs may be written from `count` on.
 */
export class PairListBuilder {
  first: Int32Array;
  second: Int32Array;
  vectors: Float64Array;
  count = 0;
  readonly #atomCount: number;
  readonly #memory: PairMemory | null;

  /** `memory`: to be used again; the list made with it before is no longer valid then. */
  constructor(atomCount: number, memory: PairMemory | null = null) {
    this.#atomCount = atomCount;
    this.#memory = memory;
    // Growing copies. A liquid has some 30 pairs an atom within 5 Å.
    const capacity = Math.max(16, Math.min(32 * atomCount, (atomCount * (atomCount - 1)) / 2));
    const kept = memory?.arrays ?? null;
    const { first, second, vectors } = kept !== null && kept.first.length >= capacity ? kept : createArrays(capacity);
    this.first = first;
    this.second = second;
    this.vectors = vectors;
  }

  add(first: number, second: number, x: number, y: number, z: number): void {
    if (this.count === this.first.length) this.reserve(1);
    const at = this.count++;
    this.first[at] = first;
    this.second[at] = second;
    this.vectors[3 * at] = x;
    this.vectors[3 * at + 1] = y;
    this.vectors[3 * at + 2] = z;
  }

  reserve(extra: number): void {
    const needed = this.count + extra;
    if (needed <= this.first.length) return;
    const capacity = Math.max(needed, 2 * this.first.length);
    this.first = widen(this.first, new Int32Array(allocate(4 * capacity)));
    this.second = widen(this.second, new Int32Array(allocate(4 * capacity)));
    this.vectors = widen(this.vectors, new Float64Array(allocate(24 * capacity)));
  }

  finish(): PairList {
    if (this.#memory !== null) this.#memory.arrays = { first: this.first, second: this.second, vectors: this.vectors };
    return {
      atomCount: this.#atomCount,
      pairCount: this.count,
      first: this.first.subarray(0, this.count),
      second: this.second.subarray(0, this.count),
      vectors: this.vectors.subarray(0, 3 * this.count),
    };
  }
}

/** Zeros are written over anyway; of large lists they take a tenth of the time, of small ones nothing. */
const leastUnsafeBytes = 2 ** 16;

function createArrays(capacity: number): NonNullable<PairMemory["arrays"]> {
  return {
    first: new Int32Array(allocate(4 * capacity)),
    second: new Int32Array(allocate(4 * capacity)),
    vectors: new Float64Array(allocate(24 * capacity)),
  };
}

/** Memory with anything in it. */
function allocate(byteLength: number): ArrayBuffer {
  return byteLength < leastUnsafeBytes ? new ArrayBuffer(byteLength) : Buffer.allocUnsafeSlow(byteLength).buffer;
}

function widen<A extends Int32Array | Float64Array>(from: A, to: A): A {
  to.set(from);
  return to;
}

/** Sum of squared lengths, Å²: equal for equal pair sets whatever their order, but for rounding. */
export function sumSquaredDistances({ vectors }: PairList): number {
  let sum = 0;
  for (const value of vectors) sum += value * value;
  return sum;
}

/** How many slots each atom has. */
export function countSlots({ atomCount, pairCount, first, second }: PairList): Int32Array {
  const counts = new Int32Array(atomCount);
  for (let pair = 0; pair < pairCount; pair++) {
    counts[first[pair]]++;
    counts[second[pair]]++;
  }
  return counts;
}
