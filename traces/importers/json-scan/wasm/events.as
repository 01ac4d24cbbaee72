/*
 * Reads the events of a trace-event file in batches: bytes of the input buffer → records of fixed shape.
 * AssemblyScript, built by `npm run wasm`. The plain reader (event-reader.ts) is its twin: same rules, same results.
 * What is rare is left to the twin: a record marks it, or the batch ends in front of it.
 *
 * Most events are spans or arrows with ordinary fields. Such an event leaves no record: it becomes a row of the columns
 * of layout.as, its thread and its pair of category and name already numbered (tables.as), so that they are given their
 * meaning in one loop (place-rows.as).
 *
 * Memory: control words, records, columns, then regions that grow: each gets a new place at the end, twice as large.
 * Positions in records are relative to the input buffer. Behind its data stand 64 quotes, so that loops over strings
 * end without a check each; no pointer moves further than that.
 */

import {
  COUNT,
  STATUS,
  AFTER_COMMA,
  EVENT,
  RECORDS,
  RECORD_BYTES,
  MAX_EVENTS,
  START,
  PHASE,
  SCOPE,
  BIND,
  EMPTY,
  LINK,
  LINK_START,
  LINK_END,
  ARGS_START,
  ARGS_END,
  ID2_START,
  ID2_END,
  TIME_STATES,
  IDENTITY_STATES,
  TIMES,
  IDENTITIES,
  ROW_MICROS,
  ROW_VALUE,
  ROW_NANOS,
  ROW_VALUE_NANOS,
  ROW_START,
  ROW_LINK,
  ROW_THREAD,
  ROW_TYPE,
  TYPE_SPAN,
  TYPE_FLOW_START,
  TYPE_FLOW_STEP,
  TYPE_FLOW_END,
  TYPE_FLOW_END_ENCLOSED,
  NUMBER,
  ODD,
} from "./layout";
import { allocate, BEYOND, release } from "./regions";
import { outOfMemory, threadOf } from "./tables";
import {
  beginTexts,
  clearCategory,
  endTexts,
  firstWithout,
  hasName,
  numberTexts,
  setCategory,
  setName,
} from "./texts";

export {
  forget,
  intern,
  internEscaped,
  isFull,
  nameAt,
  nameStart,
  pairAt,
  pairOf,
  pairTotal,
  start,
  textTotal,
  threadAt,
  threadOf,
  threadPid,
  threadTid,
  threadTotal,
} from "./tables";
export { place } from "./place-rows";

const STOP: i32 = 0; // something else than an event, or the data ends before one
const FULL: i32 = 1; // no room for another record
const ODD_EVENT: i32 = 2; // an event for the twin
const NO_MEMORY: i32 = 3; // no room for another name
const CUT: i32 = 4; // the data ends inside an event
const INCOMPLETE: usize = 0; // in place of a position

const QUOTE: u32 = 0x22;
const BACKSLASH: u32 = 0x5c;
const COMMA: u32 = 0x2c;
const COLON: u32 = 0x3a;
const CLOSE_BRACE: u32 = 0x7d;
const COMMA_SPACE_QUOTE: u32 = 0x22202c;

const MAX_SAFE: i64 = 9007199254740991;
const REMAINDER_DIGITS: i32 = 15;
const REMAINDER_SCALE: f64 = 1e15;

let base: usize = 0;
let limit: usize = 0;
/** Where the event at hand is read to. */
const record: usize = EVENT;
let sawEscape: bool = false;

// What stood last between two members, with the quote behind it: most members of a file stand in few ways apart.
let gapLength: usize = 0;
let gapMask: u64 = 0;
let gapBytes: u64 = 1;

/** A new input buffer of `size` bytes, guard included; 0 when there is no memory. */
export function reserve(size: usize): usize {
  const at = allocate(size);
  if (at != 0) base = at;
  return at;
}

let scratchAt: usize = 0;
let scratchSize: usize = 0;

/** Room for `size` bytes of texts that other threads met, until it is asked for again; 0 when there is no memory. */
export function scratch(size: usize): usize {
  if (size <= scratchSize) return scratchAt;
  const at = allocate(2 * size + BEYOND);
  if (at == 0) return 0;
  if (scratchAt != 0) release(scratchAt, scratchSize + BEYOND);
  scratchAt = at;
  scratchSize = 2 * size;
  return at;
}

/** Reads events from `from` on; returns where it stopped. Both positions are relative to the buffer. */
export function read(from: usize, end: usize): usize {
  let p = base + from;
  limit = base + end;
  let count: i32 = 0;
  let numbered: i32 = 0;
  let status = STOP;
  let afterComma: i32 = load<i32>(AFTER_COMMA);
  let nextRecord = RECORDS;
  while (true) {
    let c = <u32>load<u8>(p);
    while (c <= 0x20) c = load<u8>(++p);
    if (p >= limit) break;
    if (c == COMMA) {
      afterComma = 1;
      p++;
      continue;
    }
    if (c != 0x7b) break;
    if (count == MAX_EVENTS) {
      status = FULL;
      break;
    }
    const after = readEvent(p);
    if (after == INCOMPLETE) {
      status = CUT;
      break;
    }
    if (after == ODD_AT) {
      status = ODD_EVENT;
      break;
    }
    const type = storeRow(count);
    if (outOfMemory) break;
    store<u8>(ROW_TYPE + <usize>count, type);
    count++;
    const groupIsFull = endTexts(type == 0 ? nextRecord : 0, p - base);
    if (type == 0) {
      memory.copy(nextRecord, record, RECORD_BYTES);
      nextRecord += RECORD_BYTES;
    }
    p = after;
    afterComma = 0;
    if (!groupIsFull) continue;
    numbered += numberTexts(numbered);
    if (outOfMemory) break;
  }
  numbered += numberTexts(numbered);
  if (outOfMemory) status = NO_MEMORY;
  if (numbered < count) {
    count = numbered;
    p = base + firstWithout;
  }
  store<i32>(COUNT, count);
  store<i32>(STATUS, status);
  store<i32>(AFTER_COMMA, afterComma);
  return p - base;
}

/** In place of a position: this event is one for the twin. No event starts there. */
const ODD_AT: usize = 1;

/** Puts the event of the record into row `index` if its fields are ordinary; returns its type, 0 where they are not. */
function storeRow(index: i32): u8 {
  const phase = load<u8>(record, PHASE);
  const timed = load<u8>(record, TIME_STATES) == NUMBER && load<f64>(record, TIMES + 16) == 0;
  if (!timed || !hasName()) return 0;
  let type: u8 = 0;
  if (phase == 0x58) {
    if (load<u8>(record, TIME_STATES + 1) != NUMBER || load<f64>(record, TIMES + 40) != 0) return 0;
    if (load<i32>(record, LINK_START) > 0) return 0;
    type = TYPE_SPAN;
  } else {
    if (phase == 0x73) type = TYPE_FLOW_START;
    else if (phase == 0x74) type = TYPE_FLOW_STEP;
    else if (phase == 0x66) type = load<u8>(record, BIND) == 1 ? TYPE_FLOW_END_ENCLOSED : TYPE_FLOW_END;
    else return 0;
    if (load<u8>(record, IDENTITY_STATES + 2) != NUMBER) return 0;
  }
  // Identities that are odd may hold what the twin has to tell.
  const pidState = load<u8>(record, IDENTITY_STATES);
  const tidState = load<u8>(record, IDENTITY_STATES + 1);
  if (pidState == ODD || tidState == ODD) return 0;
  if (load<u8>(record, IDENTITY_STATES + 2) == ODD || load<u8>(record, IDENTITY_STATES + 3) == ODD) return 0;
  // Without a tid the pid stands for it; without a pid, 0.
  const pid = pidState == NUMBER ? load<f64>(record, IDENTITIES) : 0;
  const thread = threadOf(pid, tidState == NUMBER ? load<f64>(record, IDENTITIES + 8) : pid);
  if (outOfMemory) return 0;
  const four = (<usize>index) << 2;
  const eight = (<usize>index) << 3;
  store<f64>(ROW_MICROS + eight, load<f64>(record, TIMES));
  store<i32>(ROW_NANOS + four, <i32>load<f64>(record, TIMES + 8));
  if (type == TYPE_SPAN) {
    store<f64>(ROW_VALUE + eight, load<f64>(record, TIMES + 24));
    store<i32>(ROW_VALUE_NANOS + four, <i32>load<f64>(record, TIMES + 32));
    store<i32>(ROW_LINK + four, load<i32>(record, LINK));
  } else store<f64>(ROW_VALUE + eight, load<f64>(record, IDENTITIES + 16));
  store<i32>(ROW_START + four, load<i32>(record, START));
  store<i32>(ROW_THREAD + four, thread);
  return type;
}

function clear(start: usize): void {
  const at = record;
  const zero = i64x2.splat(0);
  v128.store(at, zero);
  v128.store(at, zero, 16);
  v128.store(at, zero, 32);
  store<i64>(at, 0, 48);
  store<i32>(at, <i32>(start - base), START);
  store<u8>(at, 1, EMPTY);
  beginTexts();
}

function readEvent(start: usize): usize {
  clear(start);
  let p = start + 1;
  while (true) {
    const eight = load<u64>(p);
    if ((<u32>eight & 0xffffff) == COMMA_SPACE_QUOTE) p += 2;
    else if ((eight & gapMask) == gapBytes) p += gapLength;
    else {
      const from = p;
      let c = <u32>load<u8>(p);
      while (c <= 0x20 || c == COMMA) c = load<u8>(++p);
      if (p >= limit) return INCOMPLETE;
      if (c == CLOSE_BRACE) return p + 1;
      if (c != QUOTE) return ODD_AT;
      // The gap before the first member is another one in files with an indent.
      if (p - from < 8 && from != start + 1) learnGap(eight, p - from);
    }
    if (p >= limit) return INCOMPLETE;
    const key = wantedKey(load<u64>(++p));
    if (key != NONE) p += <usize>(key & 0xff);
    else {
      p = stringEnd(p);
      if (sawEscape) return p > limit ? INCOMPLETE : ODD_AT;
    }
    let c = <u32>load<u8>(++p);
    if (c != COLON) {
      while (c <= 0x20) c = load<u8>(++p);
      if (p >= limit) return INCOMPLETE;
      if (c != COLON) return ODD_AT;
    }
    c = load<u8>(++p);
    if (c == 0x20) c = load<u8>(++p);
    while (c <= 0x20) c = load<u8>(++p);
    if (p >= limit) return INCOMPLETE;
    store<u8>(record, 0, EMPTY);
    p = key != NONE ? readMember(key, p) : skipValue(p);
    if (p == INCOMPLETE) return INCOMPLETE;
  }
}

function learnGap(eight: u64, length: usize): void {
  gapLength = length;
  gapMask = <u64>-1 >> ((7 - length) << 3);
  gapBytes = eight & gapMask;
}

// Members that are read; the low byte is the length of the key.
const NONE: i32 = 0;
const KEY_S: i32 = 0x001;
const KEY_PH: i32 = 0x102;
const KEY_TS: i32 = 0x202;
const KEY_ID: i32 = 0x302;
const KEY_BP: i32 = 0x402;
const KEY_PID: i32 = 0x503;
const KEY_TID: i32 = 0x603;
const KEY_DUR: i32 = 0x703;
const KEY_CAT: i32 = 0x803;
const KEY_ID2: i32 = 0x903;
const KEY_NAME: i32 = 0xa04;
const KEY_ARGS: i32 = 0xb04;
const KEY_SCOPE: i32 = 0xc05;

/** The key that the eight bytes begin with, if it is one of a member that is read; else `NONE`. */
@inline
function wantedKey(bytes: u64): i32 {
  // Keys with the quote behind them, as little-endian words.
  switch (<u32>bytes) {
    case 0x22646970:
      return KEY_PID;
    case 0x22646974:
      return KEY_TID;
    case 0x22727564:
      return KEY_DUR;
    case 0x22746163:
      return KEY_CAT;
    case 0x22326469:
      return KEY_ID2;
    case 0x656d616e:
      return ((bytes >> 32) & 0xff) == 0x22 ? KEY_NAME : NONE;
    case 0x73677261:
      return ((bytes >> 32) & 0xff) == 0x22 ? KEY_ARGS : NONE;
    case 0x706f6373:
      return ((bytes >> 32) & 0xffff) == 0x2265 ? KEY_SCOPE : NONE;
  }
  switch (<u32>bytes & 0xffffff) {
    case 0x226870:
      return KEY_PH;
    case 0x227374:
      return KEY_TS;
    case 0x226469:
      return KEY_ID;
    case 0x227062:
      return KEY_BP;
  }
  return (<u32>bytes & 0xffff) == 0x2273 ? KEY_S : NONE;
}

@inline
function readMember(key: i32, p: usize): usize {
  switch (key >> 8) {
    case KEY_S >> 8:
      return readLetter(p, SCOPE);
    case KEY_PH >> 8:
      return readLetter(p, PHASE);
    case KEY_TS >> 8:
    case KEY_DUR >> 8:
      return readTime(p, key == KEY_DUR ? 1 : 0);
    case KEY_BP >> 8:
      return readBindingPoint(p);
    case KEY_CAT >> 8:
      return readCategory(p);
    case KEY_ID2 >> 8:
      return readId2(p);
    case KEY_NAME >> 8:
      return readName(p);
    case KEY_ARGS >> 8:
      return readArgs(p);
    default:
      return readIdentity(p, key == KEY_PID ? 0 : key == KEY_TID ? 1 : key == KEY_ID ? 2 : 3);
  }
}

@inline
function readLetter(p: usize, field: usize): usize {
  const letter = <u32>load<u8>(p) == QUOTE && <u32>load<u8>(p, 1) != QUOTE ? load<u8>(p, 1) : 0;
  store<u8>(record + field, letter);
  return skipValue(p);
}

@inline
function readBindingPoint(p: usize): usize {
  store<u8>(record, (load<u32>(p) & 0xffffff) == 0x226522 ? 1 : 0, BIND);
  return skipValue(p);
}

@inline
function readName(p: usize): usize {
  if (<u32>load<u8>(p) == QUOTE) {
    const end = stringEnd(p + 1);
    if (end >= limit) return INCOMPLETE;
    setName(p + 1, end, sawEscape);
    return end + 1;
  }
  const after = skipValue(p);
  if (after > p && load<u8>(p) != 0x6e) setName(p, after, false);
  return after;
}

@inline
function readCategory(p: usize): usize {
  if (<u32>load<u8>(p) != QUOTE) return skipValue(p);
  const end = stringEnd(p + 1);
  if (end >= limit) return INCOMPLETE;
  if (end - 1 == p) clearCategory();
  else setCategory(p + 1, end, sawEscape);
  return end + 1;
}

function readId2(p: usize): usize {
  const after = skipValue(p);
  store<i32>(record, <i32>(p - base), ID2_START);
  store<i32>(record, <i32>(after - base), ID2_END);
  return after;
}

/** Position of the quote that ends the string whose first byte is at `p`; at least `limit` when there is none. */
@inline
function stringEnd(p: usize): usize {
  const quotes = i8x16.splat(0x22);
  const slashes = i8x16.splat(0x5c);
  sawEscape = false;
  while (true) {
    const bytes = v128.load(p);
    const hits = i8x16.bitmask(v128.or(i8x16.eq(bytes, quotes), i8x16.eq(bytes, slashes)));
    if (hits == 0) {
      p += 16;
      continue;
    }
    p += ctz(hits);
    if (<u32>load<u8>(p) == QUOTE) return p;
    sawEscape = true;
    p += 2;
    if (p > limit) return p;
  }
}

function skipValue(p: usize): usize {
  const c = <u32>load<u8>(p);
  if (c == QUOTE) {
    const end = stringEnd(p + 1);
    return end >= limit ? INCOMPLETE : end + 1;
  }
  if ((c | 0x20) == 0x7b) return skipNested(p, false);
  let q = p;
  let d = c;
  while (d > 0x20 && d != COMMA && d != CLOSE_BRACE && d != 0x5d && d != QUOTE) d = load<u8>(++q);
  return q >= limit ? INCOMPLETE : q;
}

@inline
function readArgs(p: usize): usize {
  store<i32>(record, <i32>(p - base), ARGS_START);
  store<i32>(record, 0, LINK);
  store<i32>(record, 0, LINK_START);
  const after = <u32>load<u8>(p) == 0x7b ? skipNested(p, true) : skipValue(p);
  store<i32>(record, <i32>(after - base), ARGS_END);
  return after;
}

/**
 * Position behind the object or array at `p`. 64 bytes at a time: a bit for each quote, strings as the running parity of
 * quotes, brackets outside of them, which are only counted where they cannot be the last. Blocks with a backslash go byte
 * by byte. With `links`, members "correlation" of the first level are read on the way.
 */
function skipNested(p: usize, links: bool): usize {
  const quotes = i8x16.splat(0x22);
  const slashes = i8x16.splat(0x5c);
  const lowered = i8x16.splat(0x20);
  const opens = i8x16.splat(0x7b);
  const closes = i8x16.splat(0x7d);
  const cs = i8x16.splat(0x63);
  let depth: i32 = 1;
  let inString: u64 = 0; // all ones inside
  p++;
  while (p < limit) {
    const a = v128.load(p);
    const b = v128.load(p, 16);
    const c = v128.load(p, 32);
    const d = v128.load(p, 48);
    const escapes = v128.or(
      v128.or(i8x16.eq(a, slashes), i8x16.eq(b, slashes)),
      v128.or(i8x16.eq(c, slashes), i8x16.eq(d, slashes)),
    );
    if (v128.any_true(escapes)) {
      const stop = p + 64;
      if (inString != 0) {
        p = stringEnd(p) + 1;
        if (p > limit) return INCOMPLETE;
        inString = 0;
      }
      while (p < stop) {
        const byte = <u32>load<u8>(p++);
        if (byte == QUOTE) {
          const from = p;
          p = stringEnd(p) + 1;
          if (p > limit) return INCOMPLETE;
          if (links && depth == 1) readLink(from);
        } else if ((byte | 0x20) == 0x7b) depth++;
        else if ((byte | 0x20) == 0x7d && --depth == 0) return p;
      }
      continue;
    }
    const quoteBits = bits(i8x16.eq(a, quotes), i8x16.eq(b, quotes), i8x16.eq(c, quotes), i8x16.eq(d, quotes));
    let inside = quoteBits;
    inside ^= inside << 1;
    inside ^= inside << 2;
    inside ^= inside << 4;
    inside ^= inside << 8;
    inside ^= inside << 16;
    inside ^= inside << 32;
    inside ^= inString;
    inString = <u64>(<i64>inside >> 63);
    const la = v128.or(a, lowered);
    const lb = v128.or(b, lowered);
    const lc = v128.or(c, lowered);
    const ld = v128.or(d, lowered);
    const openBits =
      bits(i8x16.eq(la, opens), i8x16.eq(lb, opens), i8x16.eq(lc, opens), i8x16.eq(ld, opens)) & ~inside;
    const closeBits =
      bits(i8x16.eq(la, closes), i8x16.eq(lb, closes), i8x16.eq(lc, closes), i8x16.eq(ld, closes)) & ~inside;
    // Strings that begin with a "c" are few, and all that may be a link.
    let starts: u64 = 0;
    if (links)
      starts =
        quoteBits &
        inside &
        bits(
          i8x16.eq(v128.load(p, 1), cs),
          i8x16.eq(v128.load(p, 17), cs),
          i8x16.eq(v128.load(p, 33), cs),
          i8x16.eq(v128.load(p, 49), cs),
        );
    let marks = openBits | closeBits;
    const closed = <i32>popcnt(closeBits);
    if (closed < depth && (starts == 0 || marks == 0)) {
      // The usual block: the end is not in it, nor a change of the level around a link.
      if (depth == 1) for (; starts != 0; starts &= starts - 1) readLink(p + 1 + <usize>ctz(starts));
      depth += <i32>popcnt(openBits) - closed;
      p += 64;
      continue;
    }
    marks |= starts;
    for (; marks != 0; marks &= marks - 1) {
      const lowest = marks & (0 - marks);
      const at = p + <usize>ctz(marks);
      if (openBits & lowest) depth++;
      else if (closeBits & lowest) {
        if (--depth == 0) return at >= limit ? INCOMPLETE : at + 1;
      } else if (depth == 1) readLink(at + 1);
    }
    p += 64;
  }
  return INCOMPLETE;
}

@inline
function bits(a: v128, b: v128, c: v128, d: v128): u64 {
  return (
    <u64>(<u32>i8x16.bitmask(a)) |
    ((<u64>(<u32>i8x16.bitmask(b))) << 16) |
    ((<u64>(<u32>i8x16.bitmask(c))) << 32) |
    ((<u64>(<u32>i8x16.bitmask(d))) << 48)
  );
}

/** `p` is the first byte of a string: if that is "correlation" and a key, its value is the link. */
@inline
function readLink(p: usize): void {
  // "correlat", then "tion" and the quote: the words overlap by one letter.
  if (load<u64>(p) == 0x74616c6572726f63 && load<u32>(p, 7) == 0x6e6f6974 && <u32>load<u8>(p, 11) == QUOTE) {
    readLinkValue(p + 12);
  }
}

function readLinkValue(p: usize): void {
  let c = <u32>load<u8>(p);
  while (c <= 0x20) c = load<u8>(++p);
  if (c != COLON || p >= limit) return;
  c = load<u8>(++p);
  while (c <= 0x20) c = load<u8>(++p);
  if (p >= limit) return;
  const start = p;
  let value: u64 = 0;
  for (let digit = c - 0x30; digit <= 9 && p - start < 10; digit = <u32>load<u8>(++p) - 0x30) value = value * 10 + digit;
  c = load<u8>(p);
  store<i32>(record, 0, LINK_START);
  if (p > start && value < 0x80000000 && (c == COMMA || c == CLOSE_BRACE || c <= 0x20)) {
    store<i32>(record, <i32>value, LINK);
    return;
  }
  const after = skipValue(start);
  if (after == INCOMPLETE) return;
  store<i32>(record, 0, LINK);
  store<i32>(record, <i32>(start - base), LINK_START);
  store<i32>(record, <i32>(after - base), LINK_END);
}

@inline
function readIdentity(p: usize, slot: usize): usize {
  const quoted = <u32>load<u8>(p) == QUOTE;
  let q = quoted ? p + 1 : p;
  const negative = load<u8>(q) == 0x2d;
  if (negative) q++;
  const digits = q;
  const eight = load<u64>(q);
  const first = digitsIn(eight);
  let value = <i64>valueOfDigits(eight << (64 - (first << 3)));
  q += first;
  if (first == 8)
    for (let digit = <u32>load<u8>(q) - 0x30; digit <= 9 && q - digits < 15; digit = <u32>load<u8>(++q) - 0x30) {
      value = value * 10 + digit;
    }
  const c = <u32>load<u8>(q);
  const count = q - digits;
  const canonical = count > 0 && (load<u8>(digits) != 0x30 || (count == 1 && !negative));
  if (canonical && (quoted ? c == QUOTE : c == COMMA || c == CLOSE_BRACE || c <= 0x20)) {
    store<u8>(record + slot, NUMBER, IDENTITY_STATES);
    store<f64>(record + (slot << 3), <f64>(negative ? -value : value), IDENTITIES);
    if (!quoted) return q;
    return q >= limit ? INCOMPLETE : q + 1;
  }
  const after = skipValue(p);
  store<u8>(record + slot, ODD, IDENTITY_STATES);
  store<f64>(record + (slot << 3), <f64>(p - base), IDENTITIES);
  return after;
}

/** A decimal of at most 16 whole and 18 fraction digits; all else is odd. */
@inline
function readTime(p: usize, slot: usize): usize {
  let q = p;
  const negative = load<u8>(q) == 0x2d;
  if (negative) q++;
  const whole = q;
  const eight = load<u64>(q);
  const first = digitsIn(eight);
  let micros = <i64>valueOfDigits(eight << (64 - (first << 3)));
  q += first;
  let digit: u32 = 10;
  if (first == 8) {
    const next = load<u64>(q);
    if (areDigits(next)) {
      micros = micros * 100000000 + <i64>valueOfDigits(next);
      q += 8;
    }
    digit = <u32>load<u8>(q) - 0x30;
    while (digit <= 9 && q - whole < 16) {
      micros = micros * 10 + digit;
      digit = <u32>load<u8>(++q) - 0x30;
    }
  }
  if (q == whole || digit <= 9 || micros > MAX_SAFE) return oddTime(p, slot);
  let nanos: i32 = 0;
  let remainder: i64 = 0;
  const three = load<u32>(q, 1);
  if (load<u8>(q) == 0x2e && areThreeDigits(three)) {
    nanos = <i32>valueOfThreeDigits(three);
    q += 4;
  } else if (load<u8>(q) == 0x2e) {
    let weight: i32 = 100;
    digit = <u32>load<u8>(++q) - 0x30;
    while (digit <= 9 && weight > 0) {
      nanos += <i32>digit * weight;
      weight = weight == 100 ? 10 : weight == 10 ? 1 : 0;
      digit = <u32>load<u8>(++q) - 0x30;
    }
    if (digit <= 9) {
      let fine: i32 = 0;
      while (digit <= 9 && fine < REMAINDER_DIGITS) {
        remainder = remainder * 10 + digit;
        fine++;
        digit = <u32>load<u8>(++q) - 0x30;
      }
      if (digit <= 9) return oddTime(p, slot);
      for (; fine < REMAINDER_DIGITS; fine++) remainder *= 10;
    }
  }
  const c = <u32>load<u8>(q);
  if (c > 0x20 && c != COMMA && c != CLOSE_BRACE && q < limit) return oddTime(p, slot);
  const at = record + slot * 24;
  const rest = <f64>remainder;
  store<f64>(at, negative ? -(<f64>micros) : <f64>micros, TIMES);
  store<f64>(at, negative ? (remainder > 0 ? -(<f64>nanos) - 1 : -(<f64>nanos)) : <f64>nanos, TIMES + 8);
  store<f64>(at, negative && remainder > 0 ? REMAINDER_SCALE - rest : rest, TIMES + 16);
  store<u8>(record + slot, NUMBER, TIME_STATES);
  return q;
}

/** Whether four bytes are three decimal digits, and something else behind them. */
@inline
function areThreeDigits(four: u32): bool {
  const high = four & 0xf0f0f0;
  const above9 = (four + 0x060606) & 0xf0f0f0;
  return high == 0x303030 && above9 == 0x303030 && (four >> 24) - 0x30 > 9;
}

/** The first digit in the lowest byte. */
@inline
function valueOfThreeDigits(four: u32): u32 {
  return (four & 15) * 100 + ((four >> 8) & 15) * 10 + ((four >> 16) & 15);
}

/** How many of eight bytes are decimal digits before the first that is none. */
@inline
function digitsIn(eight: u64): usize {
  // A carry goes to later bytes only.
  const others = (eight ^ 0x3030303030303030) | ((eight + 0x0606060606060606) ^ 0x3030303030303030);
  return <usize>ctz(others & 0xf0f0f0f0f0f0f0f0) >> 3;
}

/** Whether eight bytes are eight decimal digits. */
@inline
function areDigits(eight: u64): bool {
  const high = eight & 0xf0f0f0f0f0f0f0f0;
  const above9 = (eight + 0x0606060606060606) & 0xf0f0f0f0f0f0f0f0;
  return high == 0x3030303030303030 && above9 == 0x3030303030303030;
}

/** Eight digits, the first in the lowest byte, joined in pairs, fours and all. */
@inline
function valueOfDigits(eight: u64): u64 {
  let value = eight & 0x0f0f0f0f0f0f0f0f;
  value = (value * 10 + (value >> 8)) & 0x00ff00ff00ff00ff;
  value = (value * 100 + (value >> 16)) & 0x0000ffff0000ffff;
  return (value * 10000 + (value >> 32)) & 0xffffffff;
}

function oddTime(p: usize, slot: usize): usize {
  store<u8>(record + slot, ODD, TIME_STATES);
  store<f64>(record + slot * 24, <f64>(p - base), TIMES);
  return skipValue(p);
}

