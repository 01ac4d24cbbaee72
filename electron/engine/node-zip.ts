import { TraceFormatError } from "../../traces/model/errors.ts";
import type { CompressedRange } from "./node-inflate.ts";
import type { NodeFile } from "./node-file.ts";

/** The one member of a zip file: where its bytes lie and whether they are compressed. */
export interface ZipMember {
  readonly range: CompressedRange;
  readonly stored: boolean;
}

/* Signatures and field positions: PKWARE APPNOTE.TXT 6.3.10, sections 4.3.7, 4.3.12 and 4.3.16. */
const endSignature = 0x06054b50;
const centralSignature = 0x02014b50;
const localSignature = 0x04034b50;
const endBytes = 22;
const maxCommentBytes = 0xffff;
const encryptedFlag = 1;

/** Finds the only file of a zip archive; its name is never used. Throws TraceFormatError for anything else. */
export function readZip(file: NodeFile): ZipMember {
  const tailBytes = Math.min(file.size, endBytes + maxCommentBytes);
  const tail = readView(file, file.size - tailBytes, tailBytes);
  let at = tailBytes - endBytes;
  while (at >= 0 && tail.getUint32(at, true) !== endSignature) at--;
  if (at < 0)
    throw new TraceFormatError("expected a zip archive with a directory at its end, found none: the file may be cut", {
      byteOffset: file.size,
    });
  const entryCount = tail.getUint16(at + 10, true);
  const directoryBytes = tail.getUint32(at + 12, true);
  const directoryStart = tail.getUint32(at + 16, true);
  if (directoryStart + directoryBytes > file.size) {
    throw new TraceFormatError("expected a zip archive below 4 GiB, found another kind (zip64 or cut)", {
      byteOffset: directoryStart,
    });
  }
  return findMember(file, readView(file, directoryStart, directoryBytes), entryCount);
}

function findMember(file: NodeFile, directory: DataView, entryCount: number): ZipMember {
  const members: ZipMember[] = [];
  let at = 0;
  for (let entry = 0; entry < entryCount && at + 46 <= directory.byteLength; entry++) {
    if (directory.getUint32(at, true) !== centralSignature) break;
    const nameBytes = directory.getUint16(at + 28, true);
    const isFolder = nameBytes > 0 && directory.getUint8(at + 46 + nameBytes - 1) === 0x2f;
    if (!isFolder) members.push(memberAt(file, directory, at));
    at += 46 + nameBytes + directory.getUint16(at + 30, true) + directory.getUint16(at + 32, true);
  }
  const [member] = members;
  if (members.length !== 1 || member === undefined) {
    throw new TraceFormatError(
      `expected a zip archive with one file, found ${members.length}; unpack it and open one of them`,
    );
  }
  return member;
}

function memberAt(file: NodeFile, directory: DataView, at: number): ZipMember {
  const method = directory.getUint16(at + 10, true);
  const compressedBytes = directory.getUint32(at + 20, true);
  const localStart = directory.getUint32(at + 42, true);
  if ((directory.getUint16(at + 8, true) & encryptedFlag) !== 0)
    throw new TraceFormatError("expected a readable zip archive, found an encrypted one");
  if (method !== 0 && method !== 8)
    throw new TraceFormatError(`expected a zip archive packed with deflate, found method ${method}`);
  const local = readView(file, localStart, 30);
  if (local.byteLength < 30 || local.getUint32(0, true) !== localSignature) {
    throw new TraceFormatError("expected the header of the packed file, found something else", {
      byteOffset: localStart,
    });
  }
  const start = localStart + 30 + local.getUint16(26, true) + local.getUint16(28, true);
  return {
    stored: method === 0,
    range: { wrapping: "none", start, end: Math.min(file.size, start + compressedBytes) },
  };
}

function readView(file: NodeFile, offset: number, length: number): DataView {
  const bytes = new Uint8Array(length);
  const count = file.readAt(offset, bytes);
  return new DataView(bytes.buffer, 0, count);
}
