import type { ByteSource } from "./byte-source.ts";
import { createForwardReader, type Pieces } from "./forward-reader.ts";

type Utf16 = "utf-16le" | "utf-16be";

/** Bytes looked at where there is no byte order mark. */
const probeBytes = 64;
const pieceBytes = 2 ** 18;

/** The source itself, or its content as UTF-8 when it is UTF-16 text (by byte order mark, or by zero bytes). */
export async function asUtf8(source: ByteSource): Promise<ByteSource> {
  const head = new Uint8Array(probeBytes);
  const encoding = detectUtf16(head.subarray(0, await source.readAt(0, head)));
  return encoding === null ? source : transcode(source, encoding);
}

/** UTF-16 encoding of text that starts with `head`; null for UTF-8, binary content and everything else. */
export function detectUtf16(head: Uint8Array): Utf16 | null {
  if (head[0] === 0xff && head[1] === 0xfe) return "utf-16le";
  if (head[0] === 0xfe && head[1] === 0xff) return "utf-16be";
  if (head.length < 4) return null;
  let evenZeros = 0;
  let oddZeros = 0;
  for (let i = 0; i < head.length; i++) {
    if (head[i] !== 0) continue;
    if (i % 2 === 0) evenZeros++;
    else oddZeros++;
  }
  const half = head.length / 2;
  // ASCII text in UTF-16 has a zero in every second byte; JSON always starts with ASCII.
  if (evenZeros === 0 && oddZeros > half * 0.9) return "utf-16le";
  if (oddZeros === 0 && evenZeros > half * 0.9) return "utf-16be";
  return null;
}

/** UTF-8 view of a UTF-16 source; offsets are those of the UTF-8 text. */
function transcode(source: ByteSource, encoding: Utf16): ByteSource {
  const stream = createTranscoder(encoding, (target) => source.fill(target));
  const again = createForwardReader(() => transcodedPieces(source, encoding));
  return {
    size: null,
    storedSize: source.storedSize,
    get storedRead() {
      return source.storedRead;
    },
    fill: (target) => stream(target),
    seeks: false,
    readAt: (offset, target) => again.readAt(offset, target),
    // Formats that follow pointers are no text.
    openRandomAccess: (betweenPieces) => source.openRandomAccess(betweenPieces),
    warnings: source.warnings,
    close() {
      again.close();
      source.close();
    },
  };
}

function transcodedPieces(source: ByteSource, encoding: Utf16): Pieces {
  let position = 0;
  const fill = createTranscoder(encoding, async (raw) => {
    const count = await source.readAt(position, raw);
    position += count;
    return count;
  });
  return {
    async next() {
      const piece = new Uint8Array(pieceBytes);
      const count = await fill(piece);
      return count === 0 ? null : piece.subarray(0, count);
    },
    release() {},
    close() {},
  };
}

type Fill = (target: Uint8Array) => number | Promise<number>;

function createTranscoder(encoding: Utf16, fill: Fill): (target: Uint8Array) => Promise<number> {
  const decoder = new TextDecoder(encoding);
  const encoder = new TextEncoder();
  const raw = new Uint8Array(256 * 1024);
  let ready: Uint8Array = new Uint8Array(0);
  let ended = false;
  return async (target) => {
    while (ready.length === 0 && !ended) {
      const count = await fill(raw);
      ended = count === 0;
      ready = encoder.encode(decoder.decode(raw.subarray(0, count), { stream: !ended }));
    }
    const count = Math.min(ready.length, target.length);
    target.set(ready.subarray(0, count));
    ready = ready.subarray(count);
    return count;
  };
}
