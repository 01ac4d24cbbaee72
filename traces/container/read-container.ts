import type { ByteSource, RandomAccess } from "../io/byte-source.ts";
import { XxHash32, xxHash32 } from "../io/xxhash32.ts";
import type { Allocate } from "../model/column.ts";
import { TraceFormatError } from "../model/errors.ts";
import { buildLevelOfDetail, hasDetailShape } from "../model/level-of-detail.ts";
import type { Trace } from "../model/trace.ts";
import { assembleTrace } from "./assemble-trace.ts";
import { checkContents, checkDisjointRows } from "./check-contents.ts";
import { type ContainerDirectory, parseDirectory } from "./directory.ts";
import {
  alignment,
  closingMark,
  type ColumnArray,
  columnTypes,
  type ColumnPlace,
  containerVersion,
  type ElementType,
  elementTypes,
  footerBytes,
  headerBytes,
  mark,
} from "./layout.ts";

/** What is read at once, bytes: a few ms between two looks at the cancel flag. */
const pieceBytes = 8 * 2 ** 20;
/** A directory beyond this is no honest one. */
const largestDirectory = 2 ** 31 - 1;

export interface ReadContainerOptions {
  readonly allocate: Allocate;
  /** This program wrote it: checksums find damage, and what they pass is as it was written. */
  readonly isOwn: boolean;
  /** After each piece, with the bytes read so far, 0 while a compressed file is inflated; may throw to stop. */
  onPiece(bytesRead: number): void;
}

/** Whether a file that starts with `head` is a container, whole or damaged. */
export function isContainer(head: Uint8Array): boolean {
  // Without the first byte and the line ends, which copies in text mode change.
  return head[1] === mark[1] && head[2] === mark[2] && head[3] === mark[3] && head[4] === mark[4];
}

/** Reads a whole container into a trace. Throws TraceFormatError for one that is damaged, cut or too new. */
export async function readContainer(
  file: ByteSource,
  options: ReadContainerOptions,
): Promise<{ readonly trace: Trace; readonly directory: ContainerDirectory }> {
  const source = await file.openRandomAccess(() => options.onPiece(0));
  const header = readPart(source, 0, headerBytes, "header");
  checkHeader(header);
  const { directory, directoryOffset } = readDirectory(source);
  const columns = await readColumns(source, directory.columns, directoryOffset, options);
  const read = assembleTrace(directory, columns, options.allocate);
  if (!options.isOwn) checkContents(read);
  return { trace: withDetail(read, options.allocate), directory };
}

/** Another version of the program may cut the level of detail in another way: it is made anew then. */
function withDetail(trace: Trace, allocate: Allocate): Trace {
  const { rows, spans, meta } = trace;
  if (hasDetailShape(rows, meta.durationNs)) return trace;
  checkDisjointRows(trace);
  const { detail: _otherwise, ...rowsOnly } = rows;
  const detail = buildLevelOfDetail(spans, rowsOnly, meta.durationNs, allocate);
  return { ...trace, rows: { ...rowsOnly, detail } };
}

const broken = (message: string, byteOffset: number): TraceFormatError =>
  new TraceFormatError(message, { format: "deltaflame", byteOffset });

function readPart(source: RandomAccess, offset: number, length: number, what: string): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(length);
  const read = source.readAt(offset, bytes);
  if (read === length) return bytes;
  throw broken(`expected ${length} bytes of the container's ${what}, found ${read}: the file was cut`, offset + read);
}

function checkHeader(header: Uint8Array<ArrayBuffer>): void {
  const found = mark.findIndex((byte, index) => header[index] !== byte);
  if (found >= 0) {
    throw broken(
      "expected the mark of a Deltaflame container, found one whose line ends or high bits were changed: the file was copied as text",
      found,
    );
  }
  const view = new DataView(header.buffer);
  const version = view.getUint32(8, true);
  const oldest = view.getUint32(12, true);
  if (version === 0) throw broken("expected a version of the container from 1 up, found 0", 8);
  if (oldest > containerVersion) {
    throw broken(
      `expected a container of version ${containerVersion} or one that a reader of version ${containerVersion} understands, found version ${version}, which needs a reader of version ${oldest}: a newer Deltaflame wrote it`,
      8,
    );
  }
}

function readDirectory(source: RandomAccess): {
  readonly directory: ContainerDirectory;
  readonly directoryOffset: number;
} {
  const footerOffset = source.size - footerBytes;
  if (footerOffset < headerBytes)
    throw broken(
      `expected a container of at least ${headerBytes + footerBytes} bytes, found ${source.size}: the file was cut`,
      source.size,
    );
  const footer = readPart(source, footerOffset, footerBytes, "end");
  if (closingMark.some((byte, index) => footer[index] !== byte)) {
    throw broken(
      `expected the closing mark of the container at byte ${footerOffset}, found something else: the file was cut or went on`,
      footerOffset,
    );
  }
  const view = new DataView(footer.buffer);
  const offset = view.getFloat64(8, true);
  const length = view.getUint32(16, true);
  const fileBytes = view.getFloat64(24, true);
  if (fileBytes !== source.size)
    throw broken(`expected a container of ${fileBytes} bytes, found ${source.size}`, source.size);
  if (!(offset >= headerBytes && length <= largestDirectory && offset + length === footerOffset))
    throw broken(
      `expected the container's directory before byte ${footerOffset}, found a place of ${length} bytes at ${offset}`,
      footerOffset + 8,
    );
  const bytes = readPart(source, offset, length, "directory");
  const hash = xxHash32(bytes);
  const expected = view.getUint32(20, true);
  if (hash !== expected) throw hashDiffers("directory", expected, hash, offset);
  return { directory: parseDirectory(bytes, offset), directoryOffset: offset };
}

function hashDiffers(what: string, expected: number, found: number, byteOffset: number): TraceFormatError {
  const hex = (value: number): string => value.toString(16).padStart(8, "0");
  return broken(
    `expected checksum ${hex(expected)} for the container's ${what}, found ${hex(found)}: the container is damaged`,
    byteOffset,
  );
}

/** A piece of a column: where it lies in the file, and the memory it goes to. */
interface Piece {
  readonly column: OpenColumn;
  readonly offset: number;
  readonly target: Uint8Array;
}

interface OpenColumn {
  readonly place: ColumnPlace;
  readonly byteLength: number;
  readonly hash: XxHash32;
}

/** Reads piece after piece, each while the one before is being checked. */
async function readColumns(
  source: RandomAccess,
  places: readonly ColumnPlace[],
  endOfColumns: number,
  { allocate, onPiece }: ReadContainerOptions,
): Promise<ReadonlyMap<string, ColumnArray>> {
  const columns = new Map<string, ColumnArray>();
  const pieces: Piece[] = [];
  const opened: OpenColumn[] = [];
  let columnBytes = 0;
  for (const place of places) {
    if (!Object.hasOwn(columnTypes, place.name)) continue;
    const Elements = elementTypes[place.type];
    const byteLength = checkPlace(source, place);
    columnBytes += byteLength;
    if (columnBytes > endOfColumns)
      throw broken(`expected columns of at most ${endOfColumns} bytes in all, found ${columnBytes}`, place.offset);
    const memory = allocate(byteLength);
    const column = { place, byteLength, hash: new XxHash32() };
    opened.push(column);
    const bytes = new Uint8Array(memory);
    for (let at = 0; at < byteLength; at += pieceBytes)
      pieces.push({ column, offset: place.offset + at, target: bytes.subarray(at, at + pieceBytes) });
    columns.set(place.name, new Elements(memory as ArrayBuffer, 0, place.length));
  }
  let bytesRead = headerBytes + footerBytes;
  let reading = readPiece(source, pieces[0]);
  for (const [index, piece] of pieces.entries()) {
    await reading;
    reading = readPiece(source, pieces[index + 1]);
    piece.column.hash.update(piece.target);
    try {
      onPiece((bytesRead += piece.target.length));
    } catch (error) {
      // The memory of the piece that is under way must not be given up before.
      await reading.catch(() => undefined);
      throw error;
    }
  }
  for (const { place, hash } of opened) {
    const found = hash.digest();
    if (found !== place.hash) throw hashDiffers(`column "${place.name}"`, place.hash, found, place.offset);
  }
  return columns;
}

/** Returns the bytes of a column; throws TraceFormatError for one that cannot be where the directory says. */
function checkPlace(source: RandomAccess, { name, type, offset, length }: ColumnPlace): number {
  const allowed: readonly ElementType[] = columnTypes[name];
  const byteLength = length * elementTypes[type].BYTES_PER_ELEMENT;
  if (!allowed.includes(type))
    throw broken(`expected column "${name}" of type ${allowed.join(" or ")}, found ${type}`, offset);
  if (offset % alignment !== 0 || offset + byteLength > source.size - footerBytes)
    throw broken(`expected column "${name}" inside the container, found ${byteLength} bytes at ${offset}`, offset);
  return byteLength;
}

async function readPiece(source: RandomAccess, piece: Piece | undefined): Promise<void> {
  if (piece === undefined) return;
  const { column, offset, target } = piece;
  let read = (await source.readLater?.(offset, target)) ?? 0;
  // The system may give less than there is.
  if (read < target.length) read += source.readAt(offset + read, target.subarray(read));
  if (read === target.length) return;
  const { place, byteLength } = column;
  throw broken(
    `expected ${byteLength} bytes of column "${place.name}", found ${offset - place.offset + read}: the file was cut`,
    offset + read,
  );
}
