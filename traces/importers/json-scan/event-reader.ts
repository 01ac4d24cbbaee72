import type { ByteInterner } from "./byte-interner.ts";
import { parseExactTime } from "./decimal.ts";
import { EventFields, FieldState, IdentitySlot, textIdentityBase, TimeSlot } from "./event-fields.ts";
import { decodeJsonString, decodeUtf8 } from "./json-text.ts";
import { notPlain, readPlainTime } from "./plain-time.ts";
import { TextRange } from "./text-range.ts";

/** Bytes behind the data that the owner of the buffer fills with `guardByte`, so that loops end without a check each. */
export const guardBytes = 64;
export const guardByte = 0x22;

/** What `readEvent` returns instead of a position. */
export const incomplete = -1;
export const malformed = -2;

const quote = 0x22;
const backslash = 0x5c;
const comma = 0x2c;
const colon = 0x3a;
const minus = 0x2d;
const zero = 0x30;
const closeBrace = 0x7d;
const closeBracket = 0x5d;

/**
 * Reads one event of a trace-event file from bytes into `fields`, without an object per event.
 * Positions are indexes of the buffer last attached. Whatever would need more bytes returns `incomplete`.
 */
export class EventReader {
  readonly fields: EventFields = new EventFields();
  readonly #names: ByteInterner;
  readonly #identities: ByteInterner;
  readonly #timeExponent: number;
  #bytes: Uint8Array = new Uint8Array(guardBytes);
  #view: DataView = new DataView(this.#bytes.buffer);
  #end = 0;
  readonly #name = new TextRange();
  readonly #category = new TextRange();
  readonly #identityTexts = Array.from({ length: 4 }, () => new TextRange());

  /** `names` numbers names and categories, `identities` texts that stand for pids, tids and ids. */
  /** `timeExponent`: as of `parseExactTime`. */
  constructor(names: ByteInterner, identities: ByteInterner, timeExponent = 0) {
    this.#names = names;
    this.#identities = identities;
    this.#timeExponent = timeExponent;
  }

  get bytes(): Uint8Array {
    return this.#bytes;
  }

  /** `bytes` holds data in [0, end) and `guardBytes` guard bytes from `end` on. */
  attach(bytes: Uint8Array, end: number): void {
    if (bytes !== this.#bytes) {
      this.#bytes = bytes;
      this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    }
    this.#end = end;
  }

  /** Reads the object whose brace is at `start`; returns the position behind it, `incomplete` or `malformed`. */
  // The loop that every byte between members passes.
  // oxlint-disable-next-line complexity
  readEvent(start: number, offset: number): number {
    const bytes = this.#bytes;
    const end = this.#end;
    this.fields.clear(offset);
    this.#name.clear();
    this.#category.clear();
    let p = start + 1;
    for (;;) {
      let c = bytes[p];
      while (c <= 0x20 || c === comma) c = bytes[++p];
      if (p >= end) return incomplete;
      if (c === closeBrace) {
        this.#internNames();
        this.internIdentities();
        return p + 1;
      }
      if (c !== quote) return malformed;
      const keyStart = ++p;
      c = bytes[p];
      while (c !== quote && c !== backslash) c = bytes[++p];
      let keyEnd = p;
      if (c === backslash) {
        p = this.skipString(keyStart - 1);
        keyEnd = p - 1;
      } else p++;
      const escaped = c === backslash;
      c = bytes[p];
      while (c <= 0x20) c = bytes[++p];
      if (p >= end) return incomplete;
      if (c !== colon) return malformed;
      c = bytes[++p];
      while (c <= 0x20) c = bytes[++p];
      if (p >= end) return incomplete;
      this.fields.empty = false;
      p = escaped ? this.#readEscapedMember(keyStart, keyEnd, p) : this.#readMember(keyStart, keyEnd - keyStart, p);
      if (p < 0) return p;
    }
  }

  /** Position behind the string whose opening quote is at `p`; behind the data when it does not end there. */
  skipString(p: number): number {
    const bytes = this.#bytes;
    let c = bytes[++p];
    for (;;) {
      while (c !== quote && c !== backslash) c = bytes[++p];
      if (c === quote) return p + 1;
      p += 2;
      if (p > this.#end) return p;
      c = bytes[p];
    }
  }

  /** Position behind any JSON value at `p`, or `incomplete`. */
  skipValue(p: number): number {
    const c = this.#bytes[p];
    if (c === quote) return this.#within(this.skipString(p));
    if ((c | 0x20) === 0x7b) return this.skipNested(p);
    return this.#skipScalar(p);
  }

  /** Position behind the object or array that opens at `p`, or `incomplete`. Depth costs nothing. */
  skipNested(p: number): number {
    const bytes = this.#bytes;
    const end = this.#end;
    let depth = 0;
    for (;;) {
      const c = bytes[p++];
      if (c < 0x5b && c !== quote) continue;
      if (c === quote) {
        p = this.skipString(p - 1);
        if (p > end) return incomplete;
      } else if ((c | 0x20) === 0x7b) depth++;
      else if ((c | 0x20) === 0x7d && --depth === 0) return p;
    }
  }

  #within(p: number): number {
    return p > this.#end ? incomplete : p;
  }

  #skipScalar(p: number): number {
    const bytes = this.#bytes;
    let c = bytes[p];
    while (c > 0x20 && c !== comma && c !== closeBrace && c !== closeBracket && c !== quote) c = bytes[++p];
    // Nothing but more data tells whether a number at the very end is whole.
    return p >= this.#end ? incomplete : p;
  }

  // One branch per wanted key, by length first: the hottest decision of an import.
  // oxlint-disable-next-line complexity
  #readMember(key: number, length: number, p: number): number {
    const bytes = this.#bytes;
    const first = bytes[key];
    const second = bytes[key + 1];
    switch (length) {
      case 1:
        if (first === 0x73) return this.#readScope(p);
        break;
      case 2:
        if (first === 0x70 && second === 0x68) return this.#readPhase(p);
        if (first === 0x74 && second === 0x73) return this.readTime(p, TimeSlot.ts);
        if (first === 0x69 && second === 0x64) return this.readIdentity(p, IdentitySlot.id);
        if (first === 0x62 && second === 0x70) return this.#readBindingPoint(p);
        break;
      case 3: {
        const third = bytes[key + 2];
        if (second === 0x69 && third === 0x64) {
          if (first === 0x70) return this.readIdentity(p, IdentitySlot.pid);
          if (first === 0x74) return this.readIdentity(p, IdentitySlot.tid);
        } else if (first === 0x64 && second === 0x75 && third === 0x72) return this.readTime(p, TimeSlot.dur);
        else if (first === 0x63 && second === 0x61 && third === 0x74) return this.#readCategory(p);
        else if (first === 0x69 && second === 0x64 && third === 0x32) return this.#readId2(p);
        break;
      }
      case 4: {
        const rest = (bytes[key + 2] << 8) | bytes[key + 3];
        if (first === 0x6e && second === 0x61 && rest === 0x6d65) return this.#readName(p);
        if (first === 0x61 && second === 0x72 && rest === 0x6773) return this.#readArgs(p);
        break;
      }
      case 5:
        if (first === 0x73 && second === 0x63 && decodeUtf8(bytes.subarray(key, key + 5)) === "scope") {
          return this.readIdentity(p, IdentitySlot.scope);
        }
        break;
    }
    return this.skipValue(p);
  }

  #readEscapedMember(keyStart: number, keyEnd: number, p: number): number {
    const key = decodeJsonString(this.#bytes.subarray(keyStart, keyEnd), true);
    switch (key) {
      case "s":
        return this.#readScope(p);
      case "ph":
        return this.#readPhase(p);
      case "ts":
        return this.readTime(p, TimeSlot.ts);
      case "dur":
        return this.readTime(p, TimeSlot.dur);
      case "id":
        return this.readIdentity(p, IdentitySlot.id);
      case "pid":
        return this.readIdentity(p, IdentitySlot.pid);
      case "tid":
        return this.readIdentity(p, IdentitySlot.tid);
      case "scope":
        return this.readIdentity(p, IdentitySlot.scope);
      case "bp":
        return this.#readBindingPoint(p);
      case "cat":
        return this.#readCategory(p);
      case "id2":
        return this.#readId2(p);
      case "name":
        return this.#readName(p);
      case "args":
        return this.#readArgs(p);
    }
    return this.skipValue(p);
  }

  #readPhase(p: number): number {
    const bytes = this.#bytes;
    this.fields.phase = bytes[p] === quote && bytes[p + 1] !== quote ? bytes[p + 1] : 0;
    return this.skipValue(p);
  }

  #readScope(p: number): number {
    const bytes = this.#bytes;
    this.fields.instantScope = bytes[p] === quote && bytes[p + 1] !== quote ? bytes[p + 1] : 0;
    return this.skipValue(p);
  }

  #readBindingPoint(p: number): number {
    const bytes = this.#bytes;
    this.fields.bindEnclosing = bytes[p] === quote && bytes[p + 1] === 0x65 && bytes[p + 2] === quote;
    return this.skipValue(p);
  }

  #readName(p: number): number {
    if (this.#bytes[p] === quote) {
      const after = this.#scanString(p);
      if (after >= 0) this.#name.set(p + 1, after - 1, this.#sawEscape);
      return after;
    }
    const after = this.skipValue(p);
    // A name that is a number or a literal is shown as it is written; null says that there is none.
    if (after > p && this.#bytes[p] !== 0x6e) this.#name.set(p, after, false);
    return after;
  }

  #readCategory(p: number): number {
    if (this.#bytes[p] !== quote) return this.skipValue(p);
    const after = this.#scanString(p);
    if (after - 2 === p) this.#category.clear();
    else if (after >= 0) this.#category.set(p + 1, after - 1, this.#sawEscape);
    return after;
  }

  /** Numbers name and category in the order of the file, once the event is whole: the others are not in the trace. */
  #internNames(): void {
    const { fields } = this;
    if (this.#category.start < this.#name.start) fields.category = this.#intern(this.#category);
    fields.name = this.#intern(this.#name);
    if (this.#category.start > this.#name.start) fields.category = this.#intern(this.#category);
  }

  /** Numbers the identities that are texts. To be called after `readIdentity`, once the event is known to be whole. */
  internIdentities(): void {
    const { identities, identityStates } = this.fields;
    for (let slot = 0; slot < identities.length; slot++) {
      if (identityStates[slot] !== FieldState.text) continue;
      const { start, end } = this.#identityTexts[slot];
      identities[slot] = textIdentityBase - this.#identities.intern(this.#bytes, this.#view, start, end, true);
    }
  }

  #intern({ start, end, escaped }: TextRange): number {
    return start < 0 ? -1 : this.#names.intern(this.#bytes, this.#view, start, end, escaped);
  }

  #sawEscape = false;

  /** As `skipString`, but remembers whether there was a backslash, and says `incomplete`. */
  #scanString(p: number): number {
    const bytes = this.#bytes;
    let c = bytes[++p];
    while (c !== quote && c !== backslash) c = bytes[++p];
    this.#sawEscape = c === backslash;
    while (c !== quote) {
      p += 2;
      if (p > this.#end) return incomplete;
      c = bytes[p];
      while (c !== quote && c !== backslash) c = bytes[++p];
    }
    return p >= this.#end ? incomplete : p + 1;
  }

  #readId2(p: number): number {
    const after = this.skipValue(p);
    this.fields.id2Start = p;
    this.fields.id2End = after;
    return after;
  }

  /** Skips `args`, picking up a member "correlation" of its first level. */
  // The loop that most bytes of a file pass.
  // oxlint-disable-next-line complexity
  #readArgs(p: number): number {
    const fields = this.fields;
    const bytes = this.#bytes;
    const end = this.#end;
    fields.argsStart = p;
    fields.link = 0;
    fields.linkStart = 0;
    if (bytes[p] !== 0x7b) return (fields.argsEnd = this.skipValue(p));
    let depth = 1;
    p++;
    for (;;) {
      let c = bytes[p++];
      if (c < 0x5b && c !== quote) continue;
      if (c === quote) {
        const start = p;
        c = bytes[p];
        while (c !== quote && c !== backslash) c = bytes[++p];
        p = c === quote ? p + 1 : this.skipString(start - 1);
        if (p > end) return incomplete;
        if (p - start === 12 && depth === 1 && bytes[start] === 0x63 && this.#isCorrelation(start)) {
          p = this.#readLink(p);
          if (p < 0) return p;
        }
      } else if ((c | 0x20) === 0x7b) depth++;
      else if ((c | 0x20) === 0x7d && --depth === 0) return (fields.argsEnd = p);
    }
  }

  #isCorrelation(p: number): boolean {
    // "corr", "elat", "tion" as little-endian words; they overlap by one letter.
    const view = this.#view;
    return (
      view.getInt32(p, true) === 0x72726f63 &&
      view.getInt32(p + 4, true) === 0x74616c65 &&
      view.getInt32(p + 7, true) === 0x6e6f6974
    );
  }

  /** `p` is behind a string "correlation": a key when a colon follows. */
  #readLink(p: number): number {
    const bytes = this.#bytes;
    let c = bytes[p];
    while (c <= 0x20) c = bytes[++p];
    if (p >= this.#end) return incomplete;
    if (c !== colon) return p;
    c = bytes[++p];
    while (c <= 0x20) c = bytes[++p];
    if (p >= this.#end) return incomplete;
    const start = p;
    let value = 0;
    for (let digit = c - zero; digit >= 0 && digit <= 9 && p - start < 10; digit = bytes[++p] - zero)
      value = value * 10 + digit;
    c = bytes[p];
    const fields = this.fields;
    fields.linkStart = 0;
    if (p > start && value < 2 ** 31 && (c === comma || c === closeBrace || c <= 0x20)) {
      fields.link = value;
      return p;
    }
    const after = this.skipValue(start);
    if (after < 0) return after;
    fields.link = 0;
    fields.linkStart = start;
    fields.linkEnd = after;
    return after;
  }

  /**
   * Reads the value at `p` as an identity: an integer, or a text for `internIdentities`; texts that are canonical
   * integers equal the number. Returns the position behind it.
   */
  // oxlint-disable-next-line complexity -- twice per event
  readIdentity(p: number, slot: number): number {
    const bytes = this.#bytes;
    const quoted = bytes[p] === quote;
    const start = quoted ? p + 1 : p;
    let q = start;
    let c = bytes[q];
    const negative = c === minus;
    if (negative) c = bytes[++q];
    const digits = q;
    let value = 0;
    for (let digit = c - zero; digit >= 0 && digit <= 9 && q - digits < 15; digit = bytes[++q] - zero)
      value = value * 10 + digit;
    c = bytes[q];
    const count = q - digits;
    const canonical = count > 0 && (bytes[digits] !== zero || (count === 1 && !negative));
    if (canonical && (quoted ? c === quote : c === comma || c === closeBrace || c <= 0x20)) {
      this.fields.identities[slot] = negative ? -value : value;
      this.fields.identityStates[slot] = FieldState.number;
      return quoted ? this.#within(q + 1) : q;
    }
    return this.#readOddIdentity(p, quoted, slot);
  }

  #readOddIdentity(p: number, quoted: boolean, slot: number): number {
    const after = this.skipValue(p);
    if (after < 0) return after;
    const fields = this.fields;
    if (!quoted) {
      const text = decodeUtf8(this.#bytes.subarray(p, after));
      const value = Number(text);
      if (Number.isSafeInteger(value) && value > textIdentityBase) {
        fields.identities[slot] = value === 0 ? 0 : value;
        fields.identityStates[slot] = FieldState.number;
        return after;
      }
      if (text === "null") {
        fields.identityStates[slot] = FieldState.absent;
        return after;
      }
    }
    this.#identityTexts[slot].set(quoted ? p + 1 : p, quoted ? after - 1 : after, true);
    fields.identityStates[slot] = FieldState.text;
    return after;
  }

  /** Reads the value at `p` as a time; returns the position behind it. */
  readTime(p: number, slot: number): number {
    if (this.#timeExponent !== 0) return this.#readOddTime(p, slot);
    const after = readPlainTime(this.#bytes, p, this.#end, this.fields, slot);
    return after === notPlain ? this.#readOddTime(p, slot) : after;
  }

  #readOddTime(p: number, slot: number): number {
    const after = this.skipValue(p);
    if (after < 0) return after;
    const bytes = this.#bytes;
    const quoted = bytes[p] === quote;
    const text = quoted
      ? decodeJsonString(bytes.subarray(p + 1, after - 1), true)
      : decodeUtf8(bytes.subarray(p, after));
    const time = parseExactTime(text, this.#timeExponent);
    const fields = this.fields;
    if (typeof time === "string") {
      fields.timeStates[slot] = time === "bad" ? FieldState.bad : FieldState.outOfRange;
      return after;
    }
    fields.times[slot * 3] = time.micros;
    fields.times[slot * 3 + 1] = time.nanos;
    fields.times[slot * 3 + 2] = time.remainder;
    fields.timeStates[slot] = FieldState.number;
    return after;
  }
}
