import { enlarge } from "./enlarge.ts";
import { runSliced, spansPerSlice, type Sliced } from "./sliced.ts";

/**
 * Numbers (parent, key) pairs in the order in which they are first met, from 0. `parent` is an earlier number or -1,
 * `key` a uint32. Open addressing over typed arrays, load at most one half.
 */
export interface PairTable {
  readonly length: number;
  /** Pairs for which there is room without growing. */
  readonly room: number;
  /** Lets so many further pairs come without a pause for the table to grow. */
  makeRoom(pairs: number): Sliced<void>;
  idOf(parent: number, key: number): number;
  parentOf(id: number): number;
  keyOf(id: number): number;
  /** By id, until the next `idOf`; longer than the table. */
  readonly parents: Int32Array;
  readonly keys: Uint32Array;
}

const smallest = 1024;
/** Pairs that get another slot between two pauses: each may be the first to touch a page of fresh memory. */
const pairsPerSlice = spansPerSlice / 16;

export function createPairTable(): PairTable {
  let parents = new Int32Array(smallest / 2);
  let keys = new Uint32Array(smallest / 2);
  /** Id + 1; 0 where none is. */
  let slots = new Int32Array(smallest);
  let length = 0;

  function* grow(room: number): Sliced<void> {
    parents = enlarge(parents, new Int32Array(room));
    yield;
    keys = enlarge(keys, new Uint32Array(room));
    yield;
    slots = new Int32Array(2 * room);
    const mask = slots.length - 1;
    for (let id = 0; id < length; id++) {
      if (id % pairsPerSlice === 0) yield;
      let slot = hashPair(parents[id], keys[id]) & mask;
      while (slots[slot] !== 0) slot = (slot + 1) & mask;
      slots[slot] = id + 1;
    }
  }

  return {
    get length() {
      return length;
    },
    get parents() {
      return parents;
    },
    get keys() {
      return keys;
    },
    get room() {
      return keys.length;
    },
    *makeRoom(pairs) {
      let room = keys.length;
      // Fourfold at first: the way of all pairs into another table is most of the work.
      while (room <= length + pairs) room *= room < 2 ** 20 ? 4 : 2;
      if (room > keys.length) yield* grow(room);
    },
    parentOf: (id) => parents[id],
    keyOf: (id) => keys[id],
    idOf(parent, key) {
      const mask = slots.length - 1;
      let slot = hashPair(parent, key) & mask;
      for (let id = slots[slot] - 1; id >= 0; id = slots[slot] - 1) {
        if (parents[id] === parent && keys[id] === key) return id;
        slot = (slot + 1) & mask;
      }
      const id = length++;
      parents[id] = parent;
      keys[id] = key;
      slots[slot] = id + 1;
      if (length === keys.length) runSliced(grow(2 * length));
      return id;
    },
  };
}

/** Two rounds of the 32-bit finalizer of MurmurHash3, so that neighboring ids spread over the table. */
function hashPair(parent: number, key: number): number {
  let hash = Math.imul(parent + 1, 0x9e3779b1) ^ key;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
