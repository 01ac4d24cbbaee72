const prime1 = 0x9e3779b1;
const prime2 = 0x85ebca77;
const prime3 = 0xc2b2ae3d;
const prime4 = 0x27d4eb2f;
const prime5 = 0x165667b1;

/** xxHash32 (Y. Collet, XXH32 specification 0.1.1) of bytes that come in pieces; finds damage, resists no attacker. */
export class XxHash32 {
  readonly #lanes = new Int32Array(4);
  /** Bytes that do not fill a stripe of 16 yet. */
  readonly #rest = new Uint8Array(16);
  #restBytes = 0;
  #totalBytes = 0;

  constructor(seed = 0) {
    this.#lanes[0] = seed + prime1 + prime2;
    this.#lanes[1] = seed + prime2;
    this.#lanes[2] = seed;
    this.#lanes[3] = seed - prime1;
  }

  update(bytes: Uint8Array): void {
    let position = 0;
    this.#totalBytes += bytes.length;
    if (this.#restBytes > 0) {
      position = Math.min(16 - this.#restBytes, bytes.length);
      this.#rest.set(bytes.subarray(0, position), this.#restBytes);
      this.#restBytes += position;
      if (this.#restBytes < 16) return;
      this.#stripes(this.#rest, 0, 1);
      this.#restBytes = 0;
    }
    const stripes = (bytes.length - position) >>> 4;
    this.#stripes(bytes, position, stripes);
    position += stripes * 16;
    this.#rest.set(bytes.subarray(position));
    this.#restBytes = bytes.length - position;
  }

  /** The hash of all bytes so far, 32 bits without sign. */
  digest(): number {
    const [a, b, c, d] = this.#lanes;
    let hash =
      this.#totalBytes >= 16 ? rotate(a, 1) + rotate(b, 7) + rotate(c, 12) + rotate(d, 18) : this.#lanes[2] + prime5;
    hash = (hash + this.#totalBytes) | 0;
    let position = 0;
    for (; position + 4 <= this.#restBytes; position += 4)
      hash = Math.imul(rotate((hash + Math.imul(readWord(this.#rest, position), prime3)) | 0, 17), prime4);
    for (; position < this.#restBytes; position++)
      hash = Math.imul(rotate((hash + Math.imul(this.#rest[position], prime5)) | 0, 11), prime1);
    hash = Math.imul(hash ^ (hash >>> 15), prime2);
    hash = Math.imul(hash ^ (hash >>> 13), prime3);
    return (hash ^ (hash >>> 16)) >>> 0;
  }

  #stripes(bytes: Uint8Array, start: number, count: number): void {
    if (count === 0) return;
    // Words in one read, for which bytes that do not lie where words may are copied; all as signed numbers: the
    // compiler of the app keeps those in registers, and takes four times as long for numbers up to 2^32.
    const isAligned = ((bytes.byteOffset + start) & 3) === 0;
    const end = start + count * 16;
    const part = isAligned ? bytes.subarray(start, end) : bytes.slice(start, end);
    const words = new Int32Array(part.buffer, part.byteOffset, count * 4);
    let [a, b, c, d] = this.#lanes;
    for (let i = 0; i < words.length; i += 4) {
      a = round(a, words[i]);
      b = round(b, words[i + 1]);
      c = round(c, words[i + 2]);
      d = round(d, words[i + 3]);
    }
    this.#lanes.set([a, b, c, d]);
  }
}

export function xxHash32(bytes: Uint8Array): number {
  const hash = new XxHash32();
  hash.update(bytes);
  return hash.digest();
}

function round(lane: number, word: number): number {
  return Math.imul(rotate((lane + Math.imul(word, prime2)) | 0, 13), prime1);
}

const rotate = (value: number, bits: number): number => (value << bits) | (value >>> (32 - bits));

const readWord = (bytes: Uint8Array, at: number): number =>
  bytes[at] | (bytes[at + 1] << 8) | (bytes[at + 2] << 16) | (bytes[at + 3] << 24);
