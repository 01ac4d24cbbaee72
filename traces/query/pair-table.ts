import { enlarge } from "./enlarge.ts";
import { runSliced, spansPerSlice, type Sliced } from "../model/sliced.ts";

const smallest = 512;
/** Slots looked at between two pauses: each may be the first to touch a page of fresh memory. */
const slotsPerSlice = spansPerSlice / 16;

/** Pairs of one parent that are looked for in its list. */
const mostListed = 8;

// Records hold numbers + 1, so that 0 is none. The first one is that of -1.
const recordLength = 4;
const ofParent = 0;
const ofKey = 1;
/** First in the list of its pairs. */
const ofFirst = 2;
/** Next in the list of its parent. */
const ofNext = 3;

// In place of a number + 1: the list ends before the pair, or goes on where nobody looks for it.
const isNowhere = 0;
const isBehind = -1;

/**
 * Numbers (parent, key) pairs in the order in which they are first met, from 0. `parent` is an earlier number or -1,
 * `key` a uint32.
 *
 * A pair is one record, and the pairs of a parent are a list. What calls what recurs in the same order, so a pair is
 * mostly the one behind the pair that was met last, or the first of its parent, and lies beside it in memory. Of those
 * behind the first few of a list, the first with a key is noted at that key; the rest is found by open addressing, load
 * at most one half.
 */
export class PairTable {
  length = 0;
  /** Pairs for which there is room without growing. */
  room: number = smallest;
  /** For `likelyPair`, until a pair is added. */
  records: Int32Array = new Int32Array(recordLength * (smallest + 1));
  readonly #most: number;
  /** By key: number + 1 of the first pair that is behind those looked for in its list, 0 where none is. */
  readonly #ofKeys: Int32Array;
  /** Number + 1 of such pairs that are not noted; 0 where none is. */
  #slots = new Int32Array(2 * smallest);
  #slotted = 0;
  /** Where in the records the next pair is linked to its list. */
  #link = 0;

  /** `most`: there will be no more pairs. `noted`: keys below have a note; others are rare. */
  constructor(most: number = Infinity, noted = 0) {
    this.#most = most;
    this.#ofKeys = new Int32Array(noted);
  }

  /** Lets so many further pairs come without a pause for the table to grow. */
  *makeRoom(pairs: number): Sliced<void> {
    const needed = Math.min(this.length + pairs, this.#most);
    if (needed > this.room) yield* this.#growRecords(needed);
    let size = this.#slots.length;
    while (size < 2 * (this.#slotted + pairs)) size *= size < 2 ** 21 ? 4 : 2;
    if (size > this.#slots.length) yield* this.#growSlots(size);
  }

  idOf(parent: number, key: number): number {
    const above = parent + 1;
    let id = this.#findListed(above, key | 0);
    if (id === isNowhere) id = this.#addRecord(above, key | 0);
    else if (id === isBehind) id = this.#findUnlisted(above, key | 0);
    return id - 1;
  }

  /** Numbers a pair that is not there and that nobody will look for. */
  add(parent: number, key: number): number {
    this.#findListed(parent + 1, key | 0);
    return this.#addRecord(parent + 1, key | 0) - 1;
  }

  parentOf(id: number): number {
    return this.records[recordLength * (id + 1) + ofParent] - 1;
  }

  keyOf(id: number): number {
    return this.records[recordLength * (id + 1) + ofKey] >>> 0;
  }

  /** Any pair of a parent, -1 for none. */
  firstOf(parent: number): number {
    return this.records[recordLength * (parent + 1) + ofFirst] - 1;
  }

  /** The next pair of the same parent, -1 behind the last one. */
  nextOf(id: number): number {
    return this.records[recordLength * (id + 1) + ofNext] - 1;
  }

  /** Number + 1 of one of the first in the list of a parent; if it is none of them, `#link` is behind those. */
  #findListed(above: number, key: number): number {
    const { records } = this;
    this.#link = recordLength * above + ofFirst;
    for (let count = 0; count < mostListed; count++) {
      const id = records[this.#link];
      if (id === 0) return isNowhere;
      if (records[recordLength * id + ofKey] === key) return id;
      this.#link = recordLength * id + ofNext;
    }
    return isBehind;
  }

  #findUnlisted(above: number, key: number): number {
    const { records } = this;
    const noteAt = key >>> 0;
    if (noteAt < this.#ofKeys.length) {
      const id = this.#ofKeys[noteAt];
      if (id === 0) return (this.#ofKeys[noteAt] = this.#addRecord(above, key));
      if (records[recordLength * id + ofParent] === above) return id;
    }
    const slot = slotOf(this.#slots, records, above, key);
    if (this.#slots[slot] > 0) return this.#slots[slot];
    const id = this.#addRecord(above, key);
    this.#slots[slot] = id;
    if (2 * ++this.#slotted > this.#slots.length) runSliced(this.#growSlots(2 * this.#slots.length));
    return id;
  }

  #addRecord(above: number, key: number): number {
    if (this.length === this.room) runSliced(this.#growRecords(this.length + 1));
    const { records } = this;
    const id = ++this.length;
    const at = recordLength * id;
    records[at + ofParent] = above;
    records[at + ofKey] = key;
    records[at + ofNext] = records[this.#link];
    records[this.#link] = id;
    return id;
  }

  *#growRecords(pairs: number): Sliced<void> {
    const room = roomFor(pairs, this.room, this.#most);
    this.records = yield* enlarge(this.records, new Int32Array(recordLength * (room + 1)));
    this.room = room;
    yield;
  }

  *#growSlots(size: number): Sliced<void> {
    this.#slots = yield* moveSlots(this.#slots, new Int32Array(size), this.records);
  }
}

/**
 * The pair (parent, key) if it is the one behind `before` or the first of its parent; otherwise -1, and the table knows.
 * For loops that have the records in a variable: half the time of a question to the table.
 */
export function likelyPair(records: Int32Array, before: number, parent: number, key: number): number {
  const at = recordLength * (before + 1);
  let id = records[at + ofParent] === parent + 1 ? records[at + ofNext] : 0;
  if (id === 0) id = records[recordLength * (parent + 1) + ofFirst];
  return records[recordLength * id + ofKey] === (key | 0) ? id - 1 : -1;
}

/** Moves what has a slot to more of them. No pair may be added before they are there. */
function* moveSlots(
  before: Int32Array,
  slots: Int32Array<ArrayBuffer>,
  records: Int32Array,
): Sliced<Int32Array<ArrayBuffer>> {
  for (let slot = 0; slot < before.length; slot++) {
    if (slot % slotsPerSlice === slotsPerSlice - 1) yield;
    const id = before[slot];
    if (id === 0) continue;
    const at = recordLength * id;
    slots[freeSlot(slots, records[at + ofParent], records[at + ofKey])] = id;
  }
  return slots;
}

/** Slot of a pair, or where it belongs. */
function slotOf(slots: Int32Array, records: Int32Array, above: number, key: number): number {
  const mask = slots.length - 1;
  let slot = hashPair(above, key) & mask;
  for (let id = slots[slot]; id > 0; id = slots[slot]) {
    const at = recordLength * id;
    if (records[at + ofParent] === above && records[at + ofKey] === key) break;
    slot = (slot + 1) & mask;
  }
  return slot;
}

/** Where a pair belongs that has no slot. */
function freeSlot(slots: Int32Array, above: number, key: number): number {
  const mask = slots.length - 1;
  let slot = hashPair(above, key) & mask;
  while (slots[slot] !== 0) slot = (slot + 1) & mask;
  return slot;
}

/** Room for `pairs`, of `most` at most. */
function roomFor(pairs: number, before: number, most: number): number {
  let room = before;
  // In wide steps at first: memory that nobody writes to takes none, but what is moved takes twice its pages.
  while (room < pairs) room *= room < 2 ** 20 ? 16 : 2;
  // Near the end in one step.
  return 2 * room >= most ? Math.max(pairs, most) : room;
}

/** Two rounds of the 32-bit finalizer of MurmurHash3, so that neighboring ids spread over the table. */
function hashPair(above: number, key: number): number {
  let hash = Math.imul(above, 0x9e3779b1) ^ key;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
