import { remainderScale } from "./decimal.ts";
import { type EventFields, FieldState } from "./event-fields.ts";

/** What `readPlainTime` returns instead of a position. */
export const notPlain = -3;

const comma = 0x2c;
const minus = 0x2d;
const point = 0x2e;
const zero = 0x30;
const closeBrace = 0x7d;

const powersOfTen = Float64Array.from({ length: 23 }, (_, exponent) => Number(`1e${exponent}`));

/**
 * Reads the decimal at `p` into `fields.times` as exact parts; returns the position behind it, or `notPlain` for
 * everything but a decimal of at most 16 whole and 18 fraction digits (quoted, with exponent, no number at all).
 */
// Digit loops by hand: this runs twice per event.
// oxlint-disable-next-line complexity, max-lines-per-function
export function readPlainTime(bytes: Uint8Array, p: number, end: number, fields: EventFields, slot: number): number {
  let c = bytes[p];
  const negative = c === minus;
  if (negative) c = bytes[++p];
  const wholeStart = p;
  let digit = c - zero;
  let high = 0;
  while (digit >= 0 && digit <= 9 && p - wholeStart < 9) {
    high = (Math.imul(high, 10) + digit) | 0;
    digit = bytes[++p] - zero;
  }
  if (p === wholeStart) return notPlain;
  let micros = high;
  if (digit >= 0 && digit <= 9) {
    const lowStart = p;
    let low = 0;
    while (digit >= 0 && digit <= 9 && p - lowStart < 7) {
      low = (Math.imul(low, 10) + digit) | 0;
      digit = bytes[++p] - zero;
    }
    micros = high * powersOfTen[p - lowStart] + low;
    if ((digit >= 0 && digit <= 9) || micros > Number.MAX_SAFE_INTEGER) return notPlain;
  }
  let nanos = 0;
  let remainder = 0;
  c = bytes[p];
  if (c === point) {
    let weight = 100;
    digit = bytes[++p] - zero;
    while (digit >= 0 && digit <= 9 && weight > 0) {
      nanos += digit * weight;
      weight = weight === 100 ? 10 : weight === 10 ? 1 : 0;
      digit = bytes[++p] - zero;
    }
    if (digit >= 0 && digit <= 9) {
      const fineStart = p;
      while (digit >= 0 && digit <= 9 && p - fineStart < 15) {
        remainder = remainder * 10 + digit;
        digit = bytes[++p] - zero;
      }
      if (digit >= 0 && digit <= 9) return notPlain;
      remainder *= powersOfTen[15 - (p - fineStart)];
    }
    c = bytes[p];
  }
  if (c > 0x20 && c !== comma && c !== closeBrace && p < end) return notPlain;
  storeTime(fields, slot, negative, micros, nanos, remainder);
  return p;
}

function storeTime(
  fields: EventFields,
  slot: number,
  negative: boolean,
  micros: number,
  nanos: number,
  remainder: number,
): void {
  const times = fields.times;
  const at = slot * 3;
  if (negative) {
    times[at] = -micros;
    times[at + 1] = remainder > 0 ? -nanos - 1 : -nanos;
    times[at + 2] = remainder > 0 ? remainderScale - remainder : 0;
  } else {
    times[at] = micros;
    times[at + 1] = nanos;
    times[at + 2] = remainder;
  }
  fields.timeStates[slot] = FieldState.number;
}
