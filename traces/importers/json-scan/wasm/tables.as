/*
 * What is numbered while a file is read: texts of names and categories, pairs of both, threads. Open addressing; every
 * table grows, into a new place at the end of memory. The host keeps in pairs and threads what it found
 * out about them, for `place`.
 */
import { isValidUtf8, unescape } from "./decode";
import { allocate, allocateZeros, BEYOND, enlarge, enlargeTo, growthOf, release, roomFor } from "./regions";

export let outOfMemory: bool = false;

/* Other ones in every import, so that no file holds texts, pairs or threads that were made to have one hash. */
let seed: u64 = 0;
let multiplier: u64 = 0;

// Names: entries of 16 bytes (length, start, number, first pair), slots of 8 (entry + 1, hash), bytes. The hash stands in
// the slot, so that a text that is new touches no entry, however many there are. The host numbers the texts that it needs;
// in place of a number not given yet stands the form of the text.
const NAME_BYTES: usize = 16;
const PLAIN: i32 = -1; // a form, as the next: valid UTF-8 without escapes
const ESCAPED: i32 = -2; // as the file has it, and no valid UTF-8 without its escapes either
const INVALID: i32 = -3;
let entries: usize = 0;
let entryRoom: i32 = 0;
let entryCount: i32 = 0;
let slots: usize = 0;
let slotMask: u32 = 0;
/** 256 KiB of them. */
const CLOSE_SLOTS: u32 = 1 << 15;
let bytesAt: usize = 0;
let bytesRoom: usize = 0;
let bytesUsed: usize = 0;

// Spellings: what the file has for texts with escapes (length, entry of the text, bytes), each on a multiple of 8 bytes. Their
// slots are among those of the names, with -1 - place / 8: a spelling that was met is a text at the price of any other.
const SPELLING_HEAD: usize = 8;
let spellings: usize = 0;
let spellingsRoom: usize = 0;
let spellingsUsed: usize = 0;
let spellingCount: i32 = 0;

// Pairs of category and name, met in rows. The first pair of a name is found through the name; only further ones are in
// slots of 4 bytes (entry + 1). An entry: name, category, then what the host knows.
const PAIR_BYTES: usize = 24;
export const PAIR_NAME: usize = 8; // i32, -1: not known yet
export const PAIR_FAMILY: usize = 12; // of arrows; i32, -1: not known yet
export const PAIR_CATEGORY: usize = 16; // u16
export const PAIR_KIND: usize = 18; // u8
export const NOT_KNOWN: u8 = 255; // in place of a kind: category, kind, side and list are not known yet
export const PAIR_SIDE: usize = 19; // u8
export const PAIR_LIST: usize = 20; // u8: where links of its spans go, see place-rows.as
let pairs: usize = 0;
let pairRoom: i32 = 0;
let pairCount: i32 = 0;
let pairSlots: usize = 0;
let pairMask: i32 = 0;
let pairSlotsUsed: i32 = 0;

// Threads, met in rows; slots of 4 bytes (entry + 1). An entry: pid and tid (f64), then what the host knows.
const THREAD_BYTES: usize = 40;
export const THREAD_TRACK: usize = 16; // i32, -1: the host has to look at its rows
export const THREAD_SPANS: usize = 20; // 4 × u32: spans of each side since the host took them
let threads: usize = 0;
let threadRoom: i32 = 0;
let threadCount: i32 = 0;
let threadSlots: usize = 0;
let threadMask: i32 = 0;
let lastThread: i32 = 0;

/** Makes room for the tables; returns 0 when there is no memory. To be called once, with random numbers. */
export function start(firstSeed: u64, secondSeed: u64): i32 {
  seed = firstSeed;
  multiplier = secondSeed | 1;
  entryRoom = 512;
  entries = allocate(512 * NAME_BYTES);
  slotMask = 1023;
  slots = allocate(1024 * 8);
  bytesRoom = 1 << 16;
  bytesAt = allocate(bytesRoom + BEYOND);
  spellingsRoom = 1 << 12;
  spellings = allocate(spellingsRoom + BEYOND);
  pairRoom = 512;
  pairs = allocate(512 * PAIR_BYTES);
  pairMask = 1023;
  pairSlots = allocate(1024 * 4);
  threadRoom = 64;
  threads = allocate(64 * THREAD_BYTES);
  threadMask = 127;
  threadSlots = allocate(128 * 4);
  const hasNames = entries != 0 && slots != 0 && bytesAt != 0 && spellings != 0;
  return hasNames && pairs != 0 && pairSlots != 0 && threads != 0 && threadSlots != 0 ? 1 : 0;
}

/** Nothing was met so far. */
export function forget(): void {
  memory.fill(slots, 0, (<usize>slotMask + 1) << 3);
  memory.fill(pairSlots, 0, (<usize>pairMask + 1) << 2);
  memory.fill(threadSlots, 0, (<usize>threadMask + 1) << 2);
  entryCount = 0;
  bytesUsed = 0;
  spellingCount = 0;
  spellingsUsed = 0;
  pairCount = 0;
  pairSlotsUsed = 0;
  threadCount = 0;
  lastThread = 0;
}

/** Texts of names lie one behind another. */
export function nameStart(entry: i32): usize {
  return bytesAt + load<u32>(entryAt(entry), 4);
}

/** Where a text has its entry, until another is met. */
export function nameAt(entry: i32): usize {
  return entryAt(entry);
}

/* How many there are of each; the next ones are behind them. */

export function textTotal(): i32 {
  return entryCount;
}

export function pairTotal(): i32 {
  return pairCount;
}

export function threadTotal(): i32 {
  return threadCount;
}

/** Whether there was no room for another text, pair or thread; then it stays so. */
export function isFull(): i32 {
  return outOfMemory ? 1 : 0;
}

@inline
function pairName(pair: i32): i32 {
  return load<i32>(pairAt(pair));
}

@inline
function pairCategory(pair: i32): i32 {
  return load<i32>(pairAt(pair), 4);
}

export function threadPid(thread: i32): f64 {
  return load<f64>(threadAt(thread));
}

export function threadTid(thread: i32): f64 {
  return load<f64>(threadAt(thread), 8);
}

/** Where a pair has its entry, until another is met. */
export function pairAt(pair: i32): usize {
  return pairs + <usize>pair * PAIR_BYTES;
}

/** Where a thread has its entry, until another is met. */
export function threadAt(thread: i32): usize {
  return threads + <usize>thread * THREAD_BYTES;
}

@inline
function entryAt(entry: i32): usize {
  return entries + <usize>entry * NAME_BYTES;
}

/** Number of the thread; sets `outOfMemory` when there is no room for another. */
export function threadOf(pid: f64, tid: f64): i32 {
  if (threadCount > 0 && isThread(lastThread, pid, tid)) return lastThread;
  let slot = threadHash(pid, tid) & threadMask;
  while (true) {
    const thread = load<i32>(threadSlots + ((<usize>slot) << 2)) - 1;
    if (thread < 0) break;
    if (isThread(thread, pid, tid)) return (lastThread = thread);
    slot = (slot + 1) & threadMask;
  }
  if (threadCount == threadRoom) {
    const growth = growthOf(<usize>threadRoom * THREAD_BYTES);
    const larger = enlarge(threads, <usize>threadRoom * THREAD_BYTES);
    const moreSlots = allocateZeros((<usize>threadMask + 1) << (2 + growth));
    if (larger == 0 || moreSlots == 0) {
      outOfMemory = true;
      return 0;
    }
    threads = larger;
    threadRoom <<= <i32>growth;
    release(threadSlots, (<usize>threadMask + 1) << 2);
    threadSlots = moreSlots;
    threadMask = ((threadMask + 1) << <i32>growth) - 1;
    for (let thread = 0; thread < threadCount; thread++) {
      store<i32>(threadSlots + ((<usize>freeThreadSlot(threadPid(thread), threadTid(thread))) << 2), thread + 1);
    }
    slot = freeThreadSlot(pid, tid);
  }
  const at = threadAt(threadCount);
  store<f64>(at, pid);
  store<f64>(at, tid, 8);
  store<i32>(at, -1, THREAD_TRACK);
  memory.fill(at + THREAD_SPANS, 0, THREAD_BYTES - THREAD_SPANS);
  store<i32>(threadSlots + ((<usize>slot) << 2), ++threadCount);
  return (lastThread = threadCount - 1);
}

@inline
function isThread(thread: i32, pid: f64, tid: f64): bool {
  return threadTid(thread) == tid && threadPid(thread) == pid;
}

function freeThreadSlot(pid: f64, tid: f64): i32 {
  let slot = threadHash(pid, tid) & threadMask;
  while (load<i32>(threadSlots + ((<usize>slot) << 2)) != 0) slot = (slot + 1) & threadMask;
  return slot;
}

@inline
function threadHash(pid: f64, tid: f64): i32 {
  return <i32>fold(mix(reinterpret<u64>(pid) ^ seed) ^ reinterpret<u64>(tid));
}

/** Number of a pair of name and category, -1 for none; sets `outOfMemory` when there is no room for another. */
export function pairOf(name: i32, category: i32): i32 {
  const entry = entryAt(name);
  const first = load<i32>(entry, 12);
  if (first < 0) {
    const pair = addPair(name, category);
    if (!outOfMemory) store<i32>(entry, pair, 12);
    return pair;
  }
  if (pairCategory(first) == category) return first;
  let slot = pairHash(name, category) & pairMask;
  while (true) {
    const pair = load<i32>(pairSlots + ((<usize>slot) << 2)) - 1;
    if (pair < 0) break;
    if (pairName(pair) == name && pairCategory(pair) == category) return pair;
    slot = (slot + 1) & pairMask;
  }
  if (pairSlotsUsed * 2 > pairMask) {
    if (!growPairSlots()) return 0;
    slot = freePairSlot(name, category);
  }
  const pair = addPair(name, category);
  if (outOfMemory) return 0;
  store<i32>(pairSlots + ((<usize>slot) << 2), pair + 1);
  pairSlotsUsed++;
  return pair;
}

function addPair(name: i32, category: i32): i32 {
  if (pairCount == pairRoom) {
    const larger = enlarge(pairs, <usize>pairRoom * PAIR_BYTES);
    if (larger == 0) {
      outOfMemory = true;
      return 0;
    }
    pairs = larger;
    pairRoom <<= <i32>growthOf(<usize>pairRoom * PAIR_BYTES);
  }
  const at = pairAt(pairCount);
  store<i32>(at, name);
  store<i32>(at, category, 4);
  store<i32>(at, -1, PAIR_NAME);
  store<i32>(at, -1, PAIR_FAMILY);
  store<u8>(at, NOT_KNOWN, PAIR_KIND);
  return pairCount++;
}

function growPairSlots(): bool {
  const moreSlots = allocateZeros((<usize>pairMask + 1) << 3);
  if (moreSlots == 0) {
    outOfMemory = true;
    return false;
  }
  const before = pairSlots;
  const size = <usize>pairMask + 1;
  pairSlots = moreSlots;
  pairMask = (pairMask << 1) | 1;
  for (let at: usize = 0; at < size; at++) {
    const pair = load<i32>(before + (at << 2)) - 1;
    if (pair < 0) continue;
    store<i32>(pairSlots + ((<usize>freePairSlot(pairName(pair), pairCategory(pair))) << 2), pair + 1);
  }
  release(before, size << 2);
  return true;
}

function freePairSlot(name: i32, category: i32): i32 {
  let slot = pairHash(name, category) & pairMask;
  while (load<i32>(pairSlots + ((<usize>slot) << 2)) != 0) slot = (slot + 1) & pairMask;
  return slot;
}

@inline
function pairHash(name: i32, category: i32): i32 {
  return <i32>fold(mix(<u64>(<u32>name) ^ seed) ^ <u64>(<u32>category));
}

/** Of `length` bytes; memory goes on behind them. Equality is decided by the bytes. */
@inline
export function hashOf(start: usize, length: usize): u32 {
  let a: u64 = seed ^ length;
  let b: u64 = seed;
  let p = start;
  let left = length;
  for (; left >= 16; left -= 16, p += 16) {
    a = mix(a ^ load<u64>(p));
    b = mix(b ^ load<u64>(p, 8));
  }
  // Bytes that are left, as a mask of eight or of the eight behind them; shifts are modulo 64.
  const mask = ((<u64>1) << (left << 3)) - 1;
  a = mix(a ^ (load<u64>(p) & select<u64>(mask, -1, left < 8)));
  b = mix(b ^ (load<u64>(p, 8) & select<u64>(0, mask, left < 8)));
  return fold(a ^ rotl(b, 32));
}

@inline
function mix(bits: u64): u64 {
  return rotl(multiply(bits), 29);
}

@inline
function fold(bits: u64): u32 {
  return <u32>(multiply(bits) >> 32);
}

/** The shift comes first: the highest bit alone would come out of any multiplication as it went in. */
@inline
function multiply(bits: u64): u64 {
  return (bits ^ (bits >> 32)) * multiplier;
}

/** Whether the slots are more than the processor keeps close by. */
export function hasManySlots(): bool {
  return slotMask >= CLOSE_SLOTS;
}

/** Where a text with this hash is looked for first. */
@inline
export function slotOf(hash: u32): usize {
  return slots + ((<usize>(hash & slotMask)) << 3);
}

/**
 * Number of a text without escapes: texts are told apart by their bytes. -1 and `outOfMemory` when there is no room for
 * another.
 */
export function intern(start: usize, length: u32): i32 {
  const hash = hashOf(start, length);
  let place = slotOf(hash);
  while (true) {
    const value = load<i32>(place);
    if (value == 0) break;
    if (value > 0 && load<u32>(place, 4) == hash) {
      const at = entryAt(value - 1);
      if (load<u32>(at) == length && same(bytesAt + load<u32>(at, 4), start, start + length)) return value - 1;
    }
    place = slotBehind(place);
  }
  const before = slots;
  const entry = add(start, length, isValidUtf8(start, length) ? PLAIN : INVALID);
  if (entry >= 0) fillSlot(slots == before ? place : freeSlot(hash), entry + 1, hash);
  return entry;
}

/** As `intern`, of a text with escapes: that of the text without them, which is found once for each spelling. */
export function internEscaped(start: usize, length: u32): i32 {
  const hash = hashOf(start, length);
  let place = slotOf(hash);
  while (true) {
    const value = load<i32>(place);
    if (value == 0) break;
    if (value < 0 && load<u32>(place, 4) == hash) {
      const at = spellings + ((<usize>(-1 - value)) << 3);
      if (load<u32>(at) == length && same(at + SPELLING_HEAD, start, start + length)) return load<i32>(at, 4);
    }
    place = slotBehind(place);
  }
  const entry = internUnescaped(start, length);
  if (entry >= 0) addSpelling(start, length, hash, entry);
  return outOfMemory ? -1 : entry;
}

function internUnescaped(start: usize, length: u32): i32 {
  if (bytesUsed + length > bytesRoom && !growBytes(length)) {
    outOfMemory = true;
    return -1;
  }
  // Behind the last text, where it stays if it is new. Never longer than with its escapes.
  const text = bytesAt + bytesUsed;
  const textLength = unescape(start, length, text);
  // Halves of surrogate pairs and invalid bytes are read by the host, and told apart by what the file has.
  return isValidUtf8(text, textLength) ? intern(text, textLength) : add(start, length, ESCAPED);
}

function addSpelling(start: usize, length: u32, hash: u32, entry: i32): void {
  const size = (SPELLING_HEAD + length + 7) & ~7;
  if (!makeSlotRoom() || (spellingsUsed + size > spellingsRoom && !growSpellings(size))) {
    outOfMemory = true;
    return;
  }
  const at = spellings + spellingsUsed;
  store<u32>(at, length);
  store<i32>(at, entry, 4);
  memory.copy(at + SPELLING_HEAD, start, length);
  fillSlot(freeSlot(hash), -1 - <i32>(spellingsUsed >> 3), hash);
  spellingsUsed += size;
  spellingCount++;
}

@inline
function slotBehind(place: usize): usize {
  return slots + ((place + 8 - slots) & ((<usize>slotMask << 3) | 7));
}

@inline
function same(at: usize, start: usize, end: usize): bool {
  let p = start;
  let q = at;
  for (; p + 16 <= end; p += 16, q += 16)
    if (i8x16.bitmask(i8x16.eq(v128.load(p), v128.load(q))) != 0xffff) return false;
  const differ = ~i8x16.bitmask(i8x16.eq(v128.load(p), v128.load(q)));
  return (differ & ((1 << <i32>(end - p)) - 1)) == 0;
}

/** Another entry; -1 and `outOfMemory` when there is no room for it and its slot. */
function add(start: usize, length: u32, form: i32): i32 {
  if (
    (entryCount == entryRoom && !growEntries()) ||
    (bytesUsed + length > bytesRoom && !growBytes(length)) ||
    !makeSlotRoom()
  ) {
    outOfMemory = true;
    return -1;
  }
  const entry = entryCount++;
  const at = entryAt(entry);
  memory.copy(bytesAt + bytesUsed, start, length);
  store<u32>(at, length);
  store<u32>(at, <u32>bytesUsed, 4);
  store<i32>(at, form, 8);
  store<i32>(at, -1, 12);
  bytesUsed += length;
  return entry;
}

/** Grows the slots at five eighths: what is looked for still lies in the line of memory that is looked at first, mostly. */
@inline
function makeSlotRoom(): bool {
  const used = <u64>(<u32>entryCount) + <u64>(<u32>spellingCount);
  return used << 3 < (<u64>slotMask) * 5 || growSlots();
}

function freeSlot(hash: u32): usize {
  let place = slotOf(hash);
  while (load<i32>(place) != 0) place = slotBehind(place);
  return place;
}

@inline
function fillSlot(place: usize, value: i32, hash: u32): void {
  store<i32>(place, value);
  store<u32>(place, hash, 4);
}

function growEntries(): bool {
  const larger = enlarge(entries, <usize>entryRoom * NAME_BYTES);
  if (larger == 0) return false;
  entries = larger;
  entryRoom <<= <i32>growthOf(<usize>entryRoom * NAME_BYTES);
  return true;
}

function growBytes(length: usize): bool {
  const room = roomFor(bytesRoom, bytesUsed + length);
  const larger = enlargeTo(room, bytesAt, bytesRoom, bytesUsed);
  if (larger == 0) return false;
  bytesAt = larger;
  bytesRoom = room;
  return true;
}

function growSpellings(size: usize): bool {
  const room = roomFor(spellingsRoom, spellingsUsed + size);
  const larger = enlargeTo(room, spellings, spellingsRoom, spellingsUsed);
  if (larger == 0) return false;
  spellings = larger;
  spellingsRoom = room;
  return true;
}

/** Fourfold at first: with many names the way of all of them into another table is most of the work. */
function growSlots(): bool {
  const before = slots;
  const count = <usize>slotMask + 1;
  const more = count < 1 << 20 ? count << 2 : count << 1;
  const larger = allocateZeros(more << 3);
  if (larger == 0) return false;
  slotMask = <u32>more - 1;
  slots = larger;
  for (let at: usize = 0; at < count; at++) {
    const place = before + (at << 3);
    const value = load<i32>(place);
    if (value == 0) continue;
    const hash = load<u32>(place, 4);
    fillSlot(freeSlot(hash), value, hash);
  }
  release(before, count << 3);
  return true;
}
