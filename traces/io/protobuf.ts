import { PbfReader } from "pbf";

/** How a value is written: https://protobuf.dev/programming-guides/encoding/#structure. */
export const WireType = { varint: 0, fixed64: 1, bytes: 2, fixed32: 5 } as const;

/** The bytes from `byteOffset` of the file on are no protobuf fields. */
export class WireError extends Error {
  override readonly name = "WireError";
  readonly byteOffset: number;
  /** A length-delimited value goes on behind the end of its message: what is there of it is that of the reader. */
  readonly isCut: boolean;
  constructor(message: string, byteOffset: number, isCut = false) {
    super(message);
    this.byteOffset = byteOffset;
    this.isCut = isCut;
  }
}

/** Longest tag (5 B for a field number below 2^29) or number. */
const longestVarintBytes = 10;
const shortVarintBytes = 7;
/** What a field needs before its value: its tag, and a length or number. */
export const longestHeaderBytes: number = 2 * longestVarintBytes;

/** Returned by `step` where the message ends. */
export const messageEnd = -1;

/**
 * Reads the fields of protobuf messages one after another. Positions are byte offsets of the file, so that they can be
 * shown and kept; the bytes in memory are a part of it. Nothing is ever read beyond the message or the memory: whatever
 * does not fit there throws `WireError`. The reader keeps no place of its own, so loops over messages may nest:
 *
 *     for (let at = reader.step(start, end); at !== messageEnd; at = reader.step(at, end)) switch (reader.field) …
 */
export class FieldReader {
  /** Number of the field met last. */
  field = 0;
  /** One of `WireType`. */
  wire = 0;
  /** The value of the field met last lies at [start, end) of the file. */
  start = 0;
  end = 0;
  /** Value of a varint, as int64; beyond 2^53 the nearest double. */
  #number = 0;
  #pbf = new PbfReader(new Uint8Array(0));
  #bytes: Uint8Array = this.#pbf.buf;
  #base = 0;

  /** From here on the file is known from `byteOffset` to `byteOffset + bytes.length`. */
  attach(bytes: Uint8Array, byteOffset: number): void {
    this.#pbf = new PbfReader(bytes);
    this.#bytes = bytes;
    this.#base = byteOffset;
  }

  /**
   * Reads the field at `at` of a message that ends at `end`; returns where the next one starts, or `messageEnd`.
   * The value of a length-delimited field need not be in memory; ask `holds`.
   */
  step(at: number, end: number): number {
    if (at >= end) return messageEnd;
    const short = this.#shortStep(at, end);
    if (short !== messageEnd) return short;
    const tag = this.#varint(at, end, "a tag");
    const number = Math.floor(tag / 8);
    const wire = tag % 8;
    if (tag < 8 || tag >= 2 ** 32)
      throw new WireError(`expected a field, found the tag ${tag < 0 ? "of a negative number" : tag}`, at);
    this.field = number;
    this.wire = wire;
    const valueStart = this.#pbf.pos + this.#base;
    switch (wire) {
      case WireType.varint:
        this.#number = this.#varint(valueStart, end, `the number of field ${number}`);
        return this.#setRange(valueStart, this.#pbf.pos + this.#base);
      case WireType.bytes: {
        const length = this.#varint(valueStart, end, `the length of field ${number}`);
        const start = this.#pbf.pos + this.#base;
        if (length < 0 || length > end - start) {
          this.#setRange(start, end);
          throw new WireError(
            `expected field ${number} to end with its message at byte ${end}, found a length of ${length < 0 ? "2^63 or more" : length} bytes`,
            at,
            true,
          );
        }
        return this.#setRange(start, start + length);
      }
      case WireType.fixed64:
      case WireType.fixed32: {
        const size = wire === WireType.fixed64 ? 8 : 4;
        if (valueStart + size > end)
          throw new WireError(`expected ${size} bytes of field ${number}, found the end of its message`, at);
        return this.#setRange(valueStart, valueStart + size);
      }
      default:
        throw new WireError(`expected a field of a known wire type, found type ${wire} of field ${number}`, at);
    }
  }

  /** Most fields: a tag below 128 with a number or length below 128. `messageEnd` where the field is not so. */
  #shortStep(at: number, end: number): number {
    const bytes = this.#bytes;
    const place = at - this.#base;
    if (at + 1 >= end || place < 0 || place + 1 >= bytes.length) return messageEnd;
    const tag = bytes[place];
    const value = bytes[place + 1];
    if (tag < 8 || tag >= 0x80 || value >= 0x80) return messageEnd;
    const wire = tag & 7;
    if (wire === WireType.varint) {
      this.field = tag >>> 3;
      this.wire = wire;
      this.#number = value;
      return this.#setRange(at + 1, at + 2);
    }
    if (wire !== WireType.bytes || at + 2 + value > end) return messageEnd;
    this.field = tag >>> 3;
    this.wire = wire;
    return this.#setRange(at + 2, at + 2 + value);
  }

  /** The value of the field met last is in memory. */
  get holds(): boolean {
    return this.start >= this.#base && this.end <= this.#base + this.#pbf.length;
  }

  /** Value of a varint as int64: exact up to 2^53, beyond it the nearest double. 0 for other wire types. */
  get number(): number {
    return this.wire === WireType.varint ? this.#number : 0;
  }

  /** Value of an int64, exact: a bigint where a number would round. */
  int64(): number | bigint {
    if (this.wire === WireType.fixed64) return narrow(this.#view().getBigInt64(this.#local(), true));
    return Number.isSafeInteger(this.number) ? this.number : narrow(BigInt.asIntN(64, this.#bigVarint()));
  }

  /** Value of a uint64 (or fixed64), exact: a bigint where a number would round. */
  uint64(): number | bigint {
    if (this.wire === WireType.fixed64) return narrow(this.#view().getBigUint64(this.#local(), true));
    return this.number >= 0 && Number.isSafeInteger(this.number) ? this.number : narrow(this.#bigVarint());
  }

  /** Value of a double or float; NaN for other wire types. */
  float(): number {
    if (this.wire === WireType.fixed64) return this.#view().getFloat64(this.#local(), true);
    if (this.wire === WireType.fixed32) return this.#view().getFloat32(this.#local(), true);
    return Number.NaN;
  }

  /** Value of a length-delimited field: a view that is valid until the next `attach`. Empty for other wire types. */
  bytes(): Uint8Array {
    if (this.wire !== WireType.bytes) return this.#pbf.buf.subarray(0, 0);
    if (!this.holds) throw new RangeError(`the value of field ${this.field} is not in memory`);
    return this.#pbf.buf.subarray(this.start - this.#base, this.end - this.#base);
  }

  /** A copy of the bytes [start, end) of the file, which are in memory. */
  slice(start: number, end: number): Uint8Array {
    return this.#pbf.buf.slice(start - this.#base, end - this.#base);
  }

  /** Value of a string; bytes that are not UTF-8 become U+FFFD. */
  text(): string {
    return utf8.decode(this.bytes());
  }

  /** Calls `visit` for each value of a packed repeated field, which is in memory; the value is that of the reader. */
  packed(wire: typeof WireType.varint | typeof WireType.fixed64, visit: () => void): void {
    const { start, end } = this;
    this.wire = wire;
    for (let at = start; at < end;) {
      if (wire === WireType.varint) {
        this.#number = this.#varint(at, end, `a packed number of field ${this.field}`);
        this.#setRange(at, this.#pbf.pos + this.#base);
      } else if (end - at >= 8) this.#setRange(at, at + 8);
      else throw new WireError(`expected 8 bytes of field ${this.field}, found the end of its message`, at);
      visit();
      at = this.end;
    }
    this.wire = WireType.bytes;
    this.#setRange(start, end);
  }

  #setRange(start: number, end: number): number {
    this.start = start;
    this.end = end;
    return end;
  }

  #view(): DataView {
    if (!this.holds) throw new RangeError(`the value of field ${this.field} is not in memory`);
    return this.#pbf.dataView;
  }

  #local(): number {
    return this.start - this.#base;
  }

  /** The varint at `at`, as int64; leaves the position of the library behind it. */
  #varint(at: number, end: number, what: string): number {
    const pbf = this.#pbf;
    pbf.pos = at - this.#base;
    const limit = Math.min(end - this.#base, pbf.length);
    if (pbf.pos < limit) {
      // The common case without a call: numbers below 128.
      const first = pbf.buf[pbf.pos];
      if (first < 0x80) {
        pbf.pos++;
        return first;
      }
      const short = this.#shortVarint(first, limit);
      if (short >= 0) return short;
      if (isWholeVarint(pbf.buf, pbf.pos, limit)) return pbf.readVarint(true);
      if (limit - pbf.pos >= longestVarintBytes)
        throw new WireError(`expected ${what}, found a varint of more than ${longestVarintBytes} bytes`, at);
    }
    throw new WireError(
      `expected ${what}, found the end of ${end - this.#base > pbf.length ? "the file" : "its message"}`,
      at,
    );
  }

  /** A varint of up to seven bytes (49 bits), most of all there are; -1, and nothing read, where it is longer or cut. */
  #shortVarint(first: number, limit: number): number {
    const pbf = this.#pbf;
    const { buf, pos } = pbf;
    const last = Math.min(limit, pos + shortVarintBytes);
    let value = first & 0x7f;
    let scale = 0x80;
    for (let i = pos + 1; i < last; i++, scale *= 0x80) {
      const byte = buf[i];
      value += (byte & 0x7f) * scale;
      if (byte >= 0x80) continue;
      pbf.pos = i + 1;
      return value;
    }
    return -1;
  }

  #bigVarint(): bigint {
    const { buf } = this.#pbf;
    let value = 0n;
    for (let i = this.start - this.#base, shift = 0n; i < this.end - this.#base; i++, shift += 7n)
      value |= BigInt(buf[i] & 0x7f) << shift;
    return BigInt.asUintN(64, value);
  }
}

/** A byte below 128 ends the varint within ten bytes and before `limit`. */
function isWholeVarint(bytes: Uint8Array, at: number, limit: number): boolean {
  const last = Math.min(limit, at + longestVarintBytes);
  for (let i = at; i < last; i++) if (bytes[i] < 0x80) return true;
  return false;
}

const narrow = (value: bigint): number | bigint => (value >= -maxSafe && value <= maxSafe ? Number(value) : value);
const maxSafe = BigInt(Number.MAX_SAFE_INTEGER);
const utf8 = new TextDecoder("utf-8", { ignoreBOM: true });
