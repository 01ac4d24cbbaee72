import { enlarge } from "./enlarge.ts";
import { runSliced, spansPerSlice, type Sliced } from "../model/sliced.ts";

/**
 * Numbers (parent, key) pairs in the order in which they are first met, from 0. `parent` is an earlier number or -1,
 * `key` a uint32. The first pair of each parent is noted at the parent, so that a chain of a million numbers lies in
 * memory as it was met, and so is the first of the others with a key at that key; the rest is found by open addressing
 * over typed arrays, load at most one half.
 */
export interface PairTable {
  readonly length: number;
  /** Pairs for which there is room without growing. */
  readonly room: number;
  /** Lets so many further pairs come without a pause for the table to grow. */
  makeRoom(pairs: number): Sliced<void>;
  idOf(parent: number, key: number): number;
  /** Numbers a pair that is not there and that nobody will look for. */
  add(parent: number, key: number): number;
  parentOf(id: number): number;
  keyOf(id: number): number;
  /** By id, until the next `idOf`; longer than the table. */
  readonly parents: Int32Array;
  readonly keys: Uint32Array;
}

const smallest = 512;
/** Pairs that get another slot between two pauses: each may be the first to touch a page of fresh memory. */
const pairsPerSlice = spansPerSlice / 16;

/**
 * `most`: there will be no more pairs. `noted`: keys below have a note; others are rare. `added`: keys from there on come
 * through `add` alone.
 */
export function createPairTable(most: number = Infinity, noted = 0, added: number = Infinity): PairTable {
  let parents = new Int32Array(smallest);
  let keys = new Uint32Array(smallest);
  /** By parent + 1: id + 1 of its first pair, 0 where none is. */
  let firsts = new Int32Array(smallest + 1);
  /** By key: id + 1 of the first pair that is not the first of its parent, 0 where none is. */
  const ofKeys = new Int32Array(noted);
  /** Id + 1 of pairs that are noted nowhere; 0 where none is. */
  let slots = new Int32Array(2 * smallest);
  let length = 0;
  let slotted = 0;

  function* growPairs(pairs: number): Sliced<void> {
    const room = roomFor(pairs, keys.length, most);
    parents = yield* enlarge(parents, new Int32Array(room));
    yield;
    keys = yield* enlarge(keys, new Uint32Array(room));
    yield;
    firsts = yield* enlarge(firsts, new Int32Array(room + 1));
    yield;
  }

  const growSlots = function* (size: number): Sliced<void> {
    slots = yield* slotPairs(size, { length, parents, keys }, (id, key) => {
      if (key >= added || firsts[parents[id] + 1] === id + 1) return false;
      return key >= noted || ofKeys[key] !== id + 1;
    });
  };

  const add = (parent: number, key: number): number => {
    if (length === keys.length) runSliced(growPairs(length + 1));
    const id = length++;
    parents[id] = parent;
    keys[id] = key;
    return id;
  };
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
      const needed = Math.min(length + pairs, most);
      if (needed > keys.length) yield* growPairs(needed);
      let size = slots.length;
      while (size < 2 * (slotted + pairs)) size *= size < 2 ** 21 ? 4 : 2;
      if (size > slots.length) yield* growSlots(size);
    },
    add,
    parentOf: (id) => parents[id],
    keyOf: (id) => keys[id],
    idOf(parent, key) {
      const first = firsts[parent + 1] - 1;
      if (first < 0) {
        const id = add(parent, key);
        firsts[parent + 1] = id + 1;
        return id;
      }
      if (keys[first] === key) return first;
      if (key < noted) {
        const ofKey = ofKeys[key] - 1;
        if (ofKey < 0) {
          const id = add(parent, key);
          ofKeys[key] = id + 1;
          return id;
        }
        if (parents[ofKey] === parent) return ofKey;
      }
      const slot = slotOf(slots, parents, keys, parent, key);
      if (slots[slot] > 0) return slots[slot] - 1;
      const id = add(parent, key);
      slots[slot] = id + 1;
      if (2 * ++slotted > slots.length) runSliced(growSlots(2 * slots.length));
      return id;
    },
  };
}

/** Slots of the pairs that are to have one. No pair may be added before they are there. */
function* slotPairs(
  size: number,
  { length, parents, keys }: { readonly length: number; readonly parents: Int32Array; readonly keys: Uint32Array },
  isSlotted: (id: number, key: number) => boolean,
): Sliced<Int32Array<ArrayBuffer>> {
  const slots = new Int32Array(size);
  for (let id = 0; id < length; id++) {
    if (id % pairsPerSlice === pairsPerSlice - 1) yield;
    if (isSlotted(id, keys[id])) slots[freeSlot(slots, parents[id], keys[id])] = id + 1;
  }
  return slots;
}

/** Slot of a pair, or where it belongs. */
function slotOf(slots: Int32Array, parents: Int32Array, keys: Uint32Array, parent: number, key: number): number {
  const mask = slots.length - 1;
  let slot = hashPair(parent, key) & mask;
  for (let id = slots[slot] - 1; id >= 0 && !(parents[id] === parent && keys[id] === key); id = slots[slot] - 1)
    slot = (slot + 1) & mask;
  return slot;
}

/** Where a pair belongs that has no slot. */
function freeSlot(slots: Int32Array, parent: number, key: number): number {
  const mask = slots.length - 1;
  let slot = hashPair(parent, key) & mask;
  while (slots[slot] !== 0) slot = (slot + 1) & mask;
  return slot;
}

/** Room for `pairs`, of `most` at most. */
function roomFor(pairs: number, before: number, most: number): number {
  let room = before;
  // Fourfold at first: the way of all pairs to another place is most of the work.
  while (room < pairs) room *= room < 2 ** 20 ? 4 : 2;
  // Near the end in one step.
  return 2 * room >= most ? Math.max(pairs, most) : room;
}

/** Two rounds of the 32-bit finalizer of MurmurHash3, so that neighboring ids spread over the table. */
function hashPair(parent: number, key: number): number {
  let hash = Math.imul(parent + 1, 0x9e3779b1) ^ key;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
