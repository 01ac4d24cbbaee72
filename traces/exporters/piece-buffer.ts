/** How much text is put together before it is yielded, bytes. */
const pieceBytes = 2 ** 20;

/** Collects lines of text into pieces of UTF-8. */
export class PieceBuffer {
  readonly #encoder = new TextEncoder();
  #bytes: Uint8Array<ArrayBuffer> = new Uint8Array(pieceBytes);
  #length = 0;

  get isFull(): boolean {
    return this.#length >= pieceBytes;
  }

  /** Returns the bytes that the text takes. */
  add(text: string): number {
    const before = this.#length;
    let rest = text;
    for (;;) {
      const { read, written } = this.#encoder.encodeInto(rest, this.#bytes.subarray(this.#length));
      this.#length += written;
      if (read === rest.length) return this.#length - before;
      rest = rest.slice(read);
      const larger = new Uint8Array(this.#bytes.length * 2 + rest.length);
      larger.set(this.#bytes.subarray(0, this.#length));
      this.#bytes = larger;
    }
  }

  /** What was collected; belongs to the caller from now on. */
  take(): Uint8Array {
    const piece = this.#bytes.subarray(0, this.#length);
    this.#bytes = new Uint8Array(pieceBytes);
    this.#length = 0;
    return piece;
  }
}
