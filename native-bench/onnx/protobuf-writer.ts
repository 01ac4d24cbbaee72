/** A protobuf message under construction: chunks, joined once at the end. */
export class MessageWriter {
  readonly #chunks: Uint8Array[] = [];
  #byteLength = 0;

  /** A whole number from 0 to 2^53, or a negative one, which takes ten bytes. */
  number(id: number, value: number): this {
    this.#push(encodeVarint(id * 8));
    return this.#push(value < 0 ? encodeNegative(value) : encodeVarint(value));
  }

  float(id: number, value: number): this {
    this.#push(encodeVarint(id * 8 + 5));
    return this.#push(new Uint8Array(Float32Array.of(value).buffer));
  }

  text(id: number, value: string): this {
    return this.bytes(id, new TextEncoder().encode(value));
  }

  message(id: number, fill: (message: MessageWriter) => void): this {
    const message = new MessageWriter();
    fill(message);
    this.#push(encodeVarint(id * 8 + 2));
    this.#push(encodeVarint(message.#byteLength));
    for (const chunk of message.#chunks) this.#push(chunk);
    return this;
  }

  /** `value` must not change until `finish`. */
  bytes(id: number, value: Uint8Array): this {
    this.#push(encodeVarint(id * 8 + 2));
    this.#push(encodeVarint(value.length));
    return this.#push(value);
  }

  finish(): Uint8Array {
    const joined = new Uint8Array(this.#byteLength);
    let at = 0;
    for (const chunk of this.#chunks) {
      joined.set(chunk, at);
      at += chunk.length;
    }
    return joined;
  }

  #push(chunk: Uint8Array): this {
    this.#chunks.push(chunk);
    this.#byteLength += chunk.length;
    return this;
  }
}

function encodeVarint(value: number): Uint8Array {
  const bytes: number[] = [];
  for (let rest = value; ; rest = Math.floor(rest / 128)) {
    if (rest < 128) return Uint8Array.from([...bytes, rest]);
    bytes.push((rest % 128) | 128);
  }
}

/** Two's complement of 64 bits in groups of seven. */
function encodeNegative(value: number): Uint8Array {
  const bits = BigInt.asUintN(64, BigInt(value));
  return Uint8Array.from({ length: 10 }, (_, i) => Number((bits >> BigInt(7 * i)) & 127n) | (i < 9 ? 128 : 0));
}
