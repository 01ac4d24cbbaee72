import { Decompress } from "fzstd";

const frameMagic = 0xfd2fb528;
/** 16 kinds of frames that hold nothing for the reader. */
const skippableMagic = 0x184d2a50;
/** In blocks of this type one byte stands for many. */
const runBlock = 1;

/** Unpacks Zstandard frames (RFC 8878). Throws an Error for damaged ones and for content beyond `limitBytes`. */
export function unpackZstd(bytes: Uint8Array, limitBytes: number): Uint8Array {
  checkFrames(bytes, limitBytes);
  const pieces: Uint8Array[] = [];
  let size = 0;
  const stream = new Decompress((piece) => {
    size += piece.length;
    if (size > limitBytes) throw new Error("larger than the limit");
    pieces.push(piece.slice());
  });
  stream.push(bytes, true);
  const whole = new Uint8Array(size);
  let filled = 0;
  for (const piece of pieces) {
    whole.set(piece, filled);
    filled += piece.length;
  }
  return whole;
}

/** Walks all frames from block to block: none may ask for more memory than the limit, and the last must be whole. */
function checkFrames(bytes: Uint8Array, limitBytes: number): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = 0; at < bytes.length;) {
    const magic = view.getUint32(at, true);
    if ((magic & 0xfffffff0) >>> 0 === skippableMagic) at += 8 + view.getUint32(at + 4, true);
    else if (magic !== frameMagic) throw new Error("no frame");
    else at = checkFrame(view, at + 4, limitBytes);
  }
}

/** Returns the end of a frame whose descriptor stands at `at`. */
function checkFrame(view: DataView, at: number, limitBytes: number): number {
  const descriptor = view.getUint8(at);
  const isSingleSegment = (descriptor & 32) !== 0;
  const sizeBytes = [isSingleSegment ? 1 : 0, 2, 4, 8][descriptor >> 6];
  const dictionaryBytes = [0, 1, 2, 4][descriptor & 3];
  let next = at + 1;
  if (!isSingleSegment) {
    const window = view.getUint8(next++);
    const base = 2 ** (10 + (window >> 3));
    if (base + (base / 8) * (window & 7) > limitBytes) throw new Error("a window larger than the limit");
  }
  next += dictionaryBytes;
  if (readSize(view, next, sizeBytes) > limitBytes) throw new Error("content larger than the limit");
  next += sizeBytes;
  for (let isLast = false; !isLast;) {
    const header = view.getUint16(next, true) + view.getUint8(next + 2) * 2 ** 16;
    isLast = (header & 1) !== 0;
    next += 3 + (((header >> 1) & 3) === runBlock ? 1 : header >> 3);
    if (next > view.byteLength) throw new Error("cut");
  }
  return next + ((descriptor & 4) !== 0 ? 4 : 0);
}

function readSize(view: DataView, at: number, byteCount: number): number {
  switch (byteCount) {
    case 1:
      return view.getUint8(at);
    case 2:
      return view.getUint16(at, true) + 256;
    case 4:
      return view.getUint32(at, true);
    case 8:
      return Number(view.getBigUint64(at, true));
    default:
      return 0;
  }
}
