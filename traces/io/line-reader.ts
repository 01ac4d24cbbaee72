import type { ByteSource } from "./byte-source.ts";

/** One line of a text file. */
export interface TextLine {
  readonly text: string;
  /** Of its first character. */
  readonly byteOffset: number;
  /** Whether a line end follows; without one, the file may have been cut. */
  readonly isEnded: boolean;
}

export interface ReadLinesOptions {
  readonly chunkBytes?: number;
  /** Longer lines are passed over. */
  readonly largestLine: number;
  /** After each chunk; may throw to stop. */
  onChunk(): void;
  /** A line that is longer than `largestLine`. */
  onLongLine(byteOffset: number): void;
}

const defaultChunkBytes = 2 * 2 ** 20;
const lineFeed = 0x0a;
const carriageReturn = 0x0d;

/** Yields the lines of a UTF-8 text, without their ends (LF or CRLF); bytes that are no UTF-8 become U+FFFD. */
export async function* readLines(
  source: ByteSource,
  options: ReadLinesOptions,
): AsyncGenerator<readonly TextLine[], void> {
  let buffer = new Uint8Array(options.chunkBytes ?? defaultChunkBytes);
  let length = 0;
  let offset = 0;
  let isSkipping = false;
  const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
  const toLine = (start: number, end: number, isEnded: boolean): TextLine => ({
    text: decoder.decode(buffer.subarray(start, end > start && buffer[end - 1] === carriageReturn ? end - 1 : end)),
    byteOffset: offset + start,
    isEnded,
  });
  for (;;) {
    const added = await source.fill(buffer.subarray(length));
    const end = length + added;
    const lines: TextLine[] = [];
    let start = 0;
    const filled = buffer.subarray(0, end);
    if (!isSkipping) start = pushAsciiLines(filled, offset, lines, decoder);
    for (let at = filled.indexOf(lineFeed, Math.max(start, length)); at >= 0; at = filled.indexOf(lineFeed, start)) {
      if (!isSkipping) lines.push(toLine(start, at, true));
      isSkipping = false;
      start = at + 1;
    }
    if (added === 0 && end > start && !isSkipping) lines.push(toLine(start, end, false));
    yield lines;
    options.onChunk();
    if (added === 0) return;
    offset += start;
    buffer.copyWithin(0, start, end);
    length = end - start;
    if (isSkipping) {
      offset += length;
      length = 0;
    } else if (length === buffer.length) {
      if (length >= options.largestLine) {
        options.onLongLine(offset);
        isSkipping = true;
        offset += length;
        length = 0;
      } else {
        const larger = new Uint8Array(buffer.length * 2);
        larger.set(buffer);
        buffer = larger;
      }
    }
  }
}

/**
 * Adds the whole lines of `bytes` where all of them are ASCII, so that places in the text are places in the file;
 * returns where the unfinished line starts. One text for all of them is several times quicker than one for each.
 */
function pushAsciiLines(bytes: Uint8Array, offset: number, lines: TextLine[], decoder: TextDecoder): number {
  const end = bytes.lastIndexOf(lineFeed) + 1;
  const text = decoder.decode(bytes.subarray(0, end));
  if (end === 0 || text.length !== end) return 0;
  let start = 0;
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", start)) {
    const lineEnd = at > start && text.charCodeAt(at - 1) === carriageReturn ? at - 1 : at;
    lines.push({ text: text.slice(start, lineEnd), byteOffset: offset + start, isEnded: true });
    start = at + 1;
  }
  return end;
}
