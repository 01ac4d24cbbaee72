/*
 * Bytes of strings of a JSON file → their text as UTF-8. By the rules of json-text.ts, which the plain reader decodes with.
 */

const BACKSLASH: u32 = 0x5c;
const NO_UNIT: u32 = 0xffffffff;

/**
 * Writes the `length` bytes at `start` to `target` without their escapes; returns how many bytes that makes, never more than
 * before. What is no escape stays. A half of a surrogate pair becomes three bytes, which are no valid UTF-8. Up to 16 bytes
 * behind both places are read and written.
 */
export function unescape(start: usize, length: u32, target: usize): u32 {
  const slashes = i8x16.splat(0x5c);
  const end = start + length;
  let p = start;
  let q = target;
  while (p < end) {
    const bytes = v128.load(p);
    v128.store(q, bytes);
    const hits = i8x16.bitmask(i8x16.eq(bytes, slashes));
    const plain = min<usize>(hits == 0 ? 16 : ctz(hits), end - p);
    p += plain;
    q += plain;
    if (hits == 0 || p >= end) continue;
    const c = <u32>load<u8>(p, 1);
    if (c == 0x75) {
      const unit = unitAt(p + 2, end);
      if (unit != NO_UNIT) {
        p += 6;
        if ((unit & 0xfc00) == 0xd800 && (load<u16>(p) == 0x755c) && p < end) {
          const low = unitAt(p + 2, end);
          if (low != NO_UNIT && (low & 0xfc00) == 0xdc00) {
            p += 6;
            q = writeCharacter(0x10000 + ((unit & 0x3ff) << 10) + (low & 0x3ff), q);
            continue;
          }
        }
        q = writeCharacter(unit, q);
        continue;
      }
    }
    const simple = simpleEscape(c);
    if (simple != 0) store<u8>(q++, simple);
    else {
      store<u8>(q++, BACKSLASH);
      if (p + 1 < end) store<u8>(q++, c);
    }
    p += 2;
  }
  return <u32>(q - target);
}

/** The four hexadecimal digits at `p`, which lie before `end`; `NO_UNIT` where they are none. */
@inline
function unitAt(p: usize, end: usize): u32 {
  if (p + 4 > end) return NO_UNIT;
  let unit: u32 = 0;
  for (let i: usize = 0; i < 4; i++) {
    const c = <u32>load<u8>(p + i);
    const letter = (c | 0x20) - 0x61;
    const digit = c - 0x30 <= 9 ? c - 0x30 : letter <= 5 ? letter + 10 : 16;
    if (digit == 16) return NO_UNIT;
    unit = (unit << 4) | digit;
  }
  return unit;
}

/** What a backslash makes of the byte behind it; 0 where it makes nothing of it. */
@inline
function simpleEscape(c: u32): u8 {
  switch (c) {
    case 0x6e: // n
      return 0x0a;
    case 0x74: // t
      return 0x09;
    case 0x72: // r
      return 0x0d;
    case 0x62: // b
      return 0x08;
    case 0x66: // f
      return 0x0c;
    case 0x22:
    case 0x2f:
    case 0x5c:
      return <u8>c;
  }
  return 0;
}

/** Writes a code point as UTF-8; returns the place behind it. */
@inline
function writeCharacter(code: u32, q: usize): usize {
  if (code < 0x80) {
    store<u8>(q, code);
    return q + 1;
  }
  if (code < 0x800) {
    store<u8>(q, 0xc0 | (code >> 6));
    store<u8>(q, 0x80 | (code & 0x3f), 1);
    return q + 2;
  }
  if (code < 0x10000) {
    store<u8>(q, 0xe0 | (code >> 12));
    store<u8>(q, 0x80 | ((code >> 6) & 0x3f), 1);
    store<u8>(q, 0x80 | (code & 0x3f), 2);
    return q + 3;
  }
  store<u8>(q, 0xf0 | (code >> 18));
  store<u8>(q, 0x80 | ((code >> 12) & 0x3f), 1);
  store<u8>(q, 0x80 | ((code >> 6) & 0x3f), 2);
  store<u8>(q, 0x80 | (code & 0x3f), 3);
  return q + 4;
}

/** Whether `length` bytes are UTF-8: as short as can be, without surrogates, up to U+10FFFF. 8 bytes behind them are read. */
export function isValidUtf8(start: usize, length: u32): bool {
  const end = start + length;
  let p = start;
  while (p < end) {
    const eight = load<u64>(p);
    const high = eight & 0x8080808080808080;
    if (high == 0) {
      p += 8;
      continue;
    }
    p += <usize>ctz(high) >> 3;
    if (p >= end) return true;
    const count = charactersBytes(load<u32>(p));
    if (count == 0) return false;
    p += count;
    if (p > end) return false;
  }
  return true;
}

/** Bytes of the character beyond ASCII that four bytes begin with; 0 where they begin with none. */
@inline
function charactersBytes(four: u32): usize {
  const first = four & 0xff;
  const second = (four >> 8) & 0xff;
  if (first < 0xe0) return first >= 0xc2 && isLater(second) ? 2 : 0;
  // The second byte says whether more bytes are used than needed, and what is a surrogate or beyond the last character.
  if (first < 0xf0) {
    const least: u32 = first == 0xe0 ? 0xa0 : 0x80;
    const most: u32 = first == 0xed ? 0x9f : 0xbf;
    return second >= least && second <= most && isLater((four >> 16) & 0xff) ? 3 : 0;
  }
  const least: u32 = first == 0xf0 ? 0x90 : 0x80;
  const most: u32 = first == 0xf4 ? 0x8f : 0xbf;
  const isCharacter = first <= 0xf4 && second >= least && second <= most;
  return isCharacter && isLater((four >> 16) & 0xff) && isLater(four >> 24) ? 4 : 0;
}

@inline
function isLater(byte: u32): bool {
  return (byte & 0xc0) == 0x80;
}
