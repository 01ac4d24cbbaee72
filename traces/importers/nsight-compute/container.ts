import type { RandomAccess } from "../../io/byte-source.ts";
import { FieldReader, messageEnd, WireError } from "../../io/protobuf.ts";
import { TraceFormatError } from "../../model/errors.ts";

/** First bytes of every report. */
export const reportMagic = "NVR\0";

/** Format version in the header of all reports that were seen. */
const knownVersion = 7;
const largestHeaderBytes = 64 * 2 ** 20;

/** One result of a report: the bytes [start, end) of the file. */
export interface ResultEntry {
  readonly start: number;
  readonly end: number;
}

/** What a block brings: strings that go on the table of all, and results. */
export interface ReportBlock {
  readonly strings: readonly string[];
  readonly results: readonly ResultEntry[];
}

export interface ReportCut {
  readonly byteOffset: number;
  readonly message: string;
}

/**
 * Walks the blocks of a report (`NVR\0`, u32le size, file header, then blocks: u32le size, header, payload of entries
 * `u32le size + bytes`). Session, process and sources are passed over unread: they hold the host and its paths.
 * Returns where and why the walk ended early; null at the end of the file. Throws TraceFormatError for no report.
 */
export function walkReport(bytes: RandomAccess, visit: (block: ReportBlock) => void): ReportCut | null {
  const reader = new FieldReader();
  let at = readFileHeader(bytes, reader);
  while (at < bytes.size) {
    try {
      const { block, next } = readBlock(bytes, reader, at);
      visit(block);
      at = next;
    } catch (error) {
      if (error instanceof WireError) return { byteOffset: error.byteOffset, message: error.message };
      throw error;
    }
  }
  return null;
}

function readFileHeader(bytes: RandomAccess, reader: FieldReader): number {
  const magic = new Uint8Array(reportMagic.length);
  bytes.readAt(0, magic);
  if (String.fromCharCode(...magic) !== reportMagic)
    throw new TraceFormatError('expected a report that starts with "NVR"', { byteOffset: 0 });
  try {
    const size = readSize(bytes, magic.length, "the header of the file");
    const start = magic.length + 4;
    attach(bytes, reader, start, size);
    let version: number | null = null;
    const end = start + size;
    for (let at = reader.step(start, end); at !== messageEnd; at = reader.step(at, end))
      if (reader.field === 1) version = reader.number;
    if (version !== knownVersion) {
      throw new TraceFormatError(
        `expected a report of format version ${knownVersion}, found ${version === null ? "no version" : `version ${version}`}`,
        { byteOffset: start },
      );
    }
    return end;
  } catch (error) {
    if (!(error instanceof WireError)) throw error;
    throw new TraceFormatError(error.message, { byteOffset: error.byteOffset }, { cause: error });
  }
}

/** Fields of a block header. */
const Header = { sourceCount: 1, resultCount: 2, stringTable: 4, payloadBytes: 5 } as const;

function readBlock(bytes: RandomAccess, reader: FieldReader, blockStart: number): { block: ReportBlock; next: number } {
  const size = readSize(bytes, blockStart, "a block header");
  const start = blockStart + 4;
  const end = start + size;
  attach(bytes, reader, start, size);
  let sourceCount = 0;
  let resultCount = 0;
  let payloadBytes = 0;
  const strings: string[] = [];
  for (let at = reader.step(start, end); at !== messageEnd; at = reader.step(at, end)) {
    if (reader.field === Header.sourceCount) sourceCount = reader.number;
    else if (reader.field === Header.resultCount) resultCount = reader.number;
    else if (reader.field === Header.payloadBytes) payloadBytes = reader.number;
    else if (reader.field === Header.stringTable) readStrings(reader, strings);
  }
  const next = end + payloadBytes;
  if (payloadBytes < 0 || next > bytes.size)
    throw new WireError(`expected ${payloadBytes} bytes of results, found the end of the file`, end);
  return { block: { strings, results: listResults(bytes, end, next, sourceCount, resultCount) }, next };
}

function readStrings(reader: FieldReader, strings: string[]): void {
  const { start, end } = reader;
  for (let at = reader.step(start, end); at !== messageEnd; at = reader.step(at, end))
    if (reader.field === 1) strings.push(reader.text());
}

/** Entries of a payload: first the sources, then the results, then ranges. */
function listResults(
  bytes: RandomAccess,
  start: number,
  end: number,
  sourceCount: number,
  resultCount: number,
): ResultEntry[] {
  const results: ResultEntry[] = [];
  let at = start;
  for (let entry = 0; entry < sourceCount + resultCount && at < end; entry++) {
    const size = readSize(bytes, at, "an entry");
    const entryStart = at + 4;
    at = entryStart + size;
    if (at > end)
      throw new WireError(`expected an entry to end with its block at byte ${end}, found ${size} bytes`, entryStart);
    if (entry >= sourceCount) results.push({ start: entryStart, end: at });
  }
  return results;
}

/** A u32le size at `at`, checked against the file before anything is allocated. */
function readSize(bytes: RandomAccess, at: number, what: string): number {
  const raw = new Uint8Array(4);
  if (bytes.readAt(at, raw) < 4) throw new WireError(`expected the size of ${what}, found the end of the file`, at);
  const size = new DataView(raw.buffer).getUint32(0, true);
  if (at + 4 + size > bytes.size)
    throw new WireError(
      `expected ${size} bytes of ${what}, found ${bytes.size - at - 4} to the end of the file`,
      at + 4,
    );
  return size;
}

function attach(bytes: RandomAccess, reader: FieldReader, start: number, size: number): void {
  if (size > largestHeaderBytes)
    throw new WireError(`expected a header of at most ${largestHeaderBytes} bytes, found ${size}`, start);
  const buffer = new Uint8Array(size);
  bytes.readAt(start, buffer);
  reader.attach(buffer, start);
}
