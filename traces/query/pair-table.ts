/**
 * Numbers (parent, key) pairs in the order in which they are first met, from 0. `parent` is an earlier number or -1,
 * `key` a uint32. Open addressing over typed arrays, load at most one half.
 */
export interface PairTable {
  readonly length: number;
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

  const grow = (): void => {
    const moreParents = new Int32Array(length * 2);
    const moreKeys = new Uint32Array(length * 2);
    moreParents.set(parents);
    moreKeys.set(keys);
    parents = moreParents;
    keys = moreKeys;
    slots = new Int32Array(length * 4).fill(-1);
    const mask = slots.length - 1;
    for (let id = 0; id < length; id++) {
      let slot = hashPair(parents[id], keys[id]) & mask;
      while (slots[slot] >= 0) slot = (slot + 1) & mask;
      slots[slot] = id;
    }
  };

  return {
    get length() {
      return length;
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
      if (length === keys.length) grow();
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
