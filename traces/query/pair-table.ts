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
}

const smallest = 1024;

export function createPairTable(): PairTable {
  let parents = new Int32Array(smallest / 2);
  let keys = new Uint32Array(smallest / 2);
  let slots = new Int32Array(smallest).fill(-1);
  let length = 0;

  function* grow(room: number): Sliced<void> {
    const moreParents = new Int32Array(room);
    const moreKeys = new Uint32Array(room);
    moreParents.set(parents);
    moreKeys.set(keys);
    parents = moreParents;
    keys = moreKeys;
    yield;
    slots = new Int32Array(2 * room).fill(-1);
    const mask = slots.length - 1;
    for (let id = 0; id < length; id++) {
      if (id % spansPerSlice === spansPerSlice - 1) yield;
      let slot = hashPair(parents[id], keys[id]) & mask;
      while (slots[slot] >= 0) slot = (slot + 1) & mask;
      slots[slot] = id;
    }
  }

  return {
    get length() {
      return length;
    },
    get room() {
      return keys.length;
    },
    *makeRoom(pairs) {
      let room = keys.length;
      while (room <= length + pairs) room *= 2;
      if (room > keys.length) yield* grow(room);
    },
    parentOf: (id) => parents[id],
    keyOf: (id) => keys[id],
    idOf(parent, key) {
      const mask = slots.length - 1;
      let slot = hashPair(parent, key) & mask;
      for (let id = slots[slot]; id >= 0; id = slots[slot]) {
        if (parents[id] === parent && keys[id] === key) return id;
        slot = (slot + 1) & mask;
      }
      const id = length++;
      parents[id] = parent;
      keys[id] = key;
      slots[slot] = id;
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
