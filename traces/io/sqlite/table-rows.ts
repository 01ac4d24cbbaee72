import type { RandomAccess } from "../byte-source.ts";
import { SqliteDamage, type SqliteRow, type SqliteRows } from "./rows.ts";

/*
 * Reads the rows of a table from its pages, which takes a third of the time that stepping through SQL does. Only the
 * common case is decoded here; whatever else a row may be (overflowing its page, lacking columns, text where numbers
 * are asked for) is asked of SQLite itself. Layout: https://www.sqlite.org/fileformat2.html, sections 1.6 and 2.1.
 */

export interface TablePlace {
  readonly bytes: Pick<RandomAccess, "readAt">;
  readonly pageBytes: number;
  /** Bytes of a page that hold content. */
  readonly usableBytes: number;
  /** Pages of the database. */
  readonly pageCount: number;
  readonly rootPage: number;
}

export interface TableQuestion {
  /** Places of the columns in the record; -1: the table has no such column. */
  readonly columns: readonly number[];
  /** Which of them, from 1, is the rowid and therefore null in the record; 0: none. */
  readonly rowidSlot: number;
  /** The same row, asked of SQLite. */
  readonly lookUp: (rowid: number) => SqliteRow | null;
}

const interiorTable = 5;
const leafTable = 13;
const largestDepth = 20;
const leafHeaderBytes = 8;
const interiorHeaderBytes = 12;

/** Bytes of the serial types below 12. */
const typeBytes = [0, 1, 2, 3, 4, 6, 8, 8, 0, 0, 0, 0];
const SerialType = {
  null: 0,
  int8: 1,
  int16: 2,
  int24: 3,
  int32: 4,
  int48: 5,
  int64: 6,
  float: 7,
  zero: 8,
  one: 9,
} as const;
/** Stands for a value that the record does not hold: the schema may have a default for it. */
const notInRecord = -1;
/** Stands for the rowid. */
const isRowid = -2;

interface Level {
  readonly page: Uint8Array;
  readonly view: DataView;
  pageNumber: number;
  cell: number;
  cellCount: number;
}

/** Whether a table can be read this way: its root is a page of a table with rowids. */
export function isRowidTable(place: TablePlace): boolean {
  const first = new Uint8Array(1);
  if (place.bytes.readAt((place.rootPage - 1) * place.pageBytes, first) === 0) return false;
  return place.rootPage > 1 && (first[0] === interiorTable || first[0] === leafTable);
}

export class TableRows implements SqliteRows {
  readonly #place: TablePlace;
  readonly #question: TableQuestion;
  /** Slot of the answer by column of the record, -1 for none; slots count from 1, as 0 is the rowid. */
  readonly #slotOfColumn: Int16Array;
  readonly #types: Int32Array;
  readonly #offsets: Int32Array;
  readonly #levels: Level[] = [];
  readonly #decoder = new TextDecoder();
  #depth = -1;
  #rowid = 0;
  #overflows = false;
  #exact: SqliteRow | null = null;
  /** End of the varint read last. */
  #end = 0;

  constructor(place: TablePlace, question: TableQuestion) {
    const { columns } = question;
    this.#place = place;
    this.#question = question;
    this.#slotOfColumn = new Int16Array(Math.max(0, ...columns.map((column) => column + 1))).fill(-1);
    this.#types = new Int32Array(columns.length + 1);
    this.#offsets = new Int32Array(columns.length + 1);
    for (const [i, column] of columns.entries()) if (column >= 0) this.#slotOfColumn[column] = i + 1;
    this.#types[0] = isRowid;
    this.#enter(place.rootPage);
  }

  next(): boolean {
    while (this.#depth >= 0) {
      const level = this.#levels[this.#depth];
      if (level.page[0] === leafTable) {
        if (level.cell < level.cellCount) {
          this.#decodeRow(level);
          return true;
        }
        this.#depth--;
      } else if (level.cell < level.cellCount) {
        const at = this.#cellStart(level, interiorHeaderBytes);
        if (at + 4 > level.page.length) throw this.#damage(level, "a pointer beyond the page");
        this.#enter(level.view.getUint32(at));
      } else if (level.cell++ === level.cellCount) this.#enter(level.view.getUint32(leafHeaderBytes));
      else this.#depth--;
    }
    return false;
  }

  isNull(column: number): boolean {
    const type = this.#typeOf(column);
    return type === notInRecord ? this.#row().isNull(column) : type === SerialType.null;
  }

  isInteger(column: number): boolean {
    const type = this.#typeOf(column);
    if (type === notInRecord) return this.#row().isInteger(column);
    return (
      type === isRowid ||
      (type >= SerialType.int8 && type <= SerialType.int64) ||
      type === SerialType.zero ||
      type === SerialType.one
    );
  }

  isText(column: number): boolean {
    const type = this.#typeOf(column);
    return type === notInRecord ? this.#row().isText(column) : type >= 13 && type % 2 === 1;
  }

  number(column: number): number {
    const type = this.#overflows ? notInRecord : this.#types[column];
    const { view } = this.#levels[this.#depth];
    const at = this.#offsets[column];
    switch (type) {
      case SerialType.int32:
        return view.getInt32(at);
      case SerialType.int48:
        return view.getInt16(at) * 2 ** 32 + view.getUint32(at + 2);
      case SerialType.int8:
        return view.getInt8(at);
      case SerialType.int16:
        return view.getInt16(at);
      case SerialType.int24:
        return view.getInt8(at) * 65_536 + view.getUint16(at + 1);
      case SerialType.int64:
        return view.getInt32(at) * 2 ** 32 + view.getUint32(at + 4);
      case SerialType.float:
        return view.getFloat64(at);
      case SerialType.null:
      case SerialType.zero:
        return 0;
      case SerialType.one:
        return 1;
      case isRowid:
        return this.#rowid;
      default:
        return this.#row().number(column);
    }
  }

  bigint(column: number): bigint {
    const type = this.#typeOf(column);
    if (type === SerialType.int64) return this.#levels[this.#depth].view.getBigInt64(this.#offsets[column]);
    return type !== notInRecord && this.isInteger(column) ? BigInt(this.number(column)) : this.#row().bigint(column);
  }

  text(column: number): string | null {
    const type = this.#typeOf(column);
    if (type === SerialType.null) return null;
    if (type < 13 || type % 2 === 0) return this.#row().text(column);
    const start = this.#offsets[column];
    return this.#decoder.decode(this.#levels[this.#depth].page.subarray(start, start + ((type - 13) >> 1)));
  }

  close(): void {
    this.#depth = -1;
  }

  #typeOf(column: number): number {
    return this.#overflows && this.#types[column] !== isRowid ? notInRecord : this.#types[column];
  }

  /** The present row from SQLite. */
  #row(): SqliteRow {
    this.#exact ??= this.#question.lookUp(this.#rowid);
    if (this.#exact === null) throw new SqliteDamage(`row ${this.#rowid} cannot be found again`);
    return this.#exact;
  }

  #enter(pageNumber: number): void {
    const { bytes, pageBytes, pageCount } = this.#place;
    if (pageNumber < 1 || pageNumber > pageCount) throw new SqliteDamage(`page ${pageNumber} of ${pageCount} pages`);
    if (++this.#depth >= largestDepth) throw new SqliteDamage(`pages nested ${largestDepth} deep`);
    if (this.#levels.length === this.#depth) {
      const page = new Uint8Array(pageBytes);
      this.#levels.push({
        page,
        view: new DataView(page.buffer),
        pageNumber,
        cell: 0,
        cellCount: 0,
      });
    }
    const level = this.#levels[this.#depth];
    level.pageNumber = pageNumber;
    level.cell = 0;
    const count = bytes.readAt((pageNumber - 1) * pageBytes, level.page);
    if (count < pageBytes) throw this.#damage(level, "the end of the file");
    const [type] = level.page;
    if (type !== leafTable && type !== interiorTable) throw this.#damage(level, `a page of type ${type}`);
    level.cellCount = level.view.getUint16(3);
  }

  #cellStart(level: Level, headerBytes: number): number {
    const at = headerBytes + 2 * level.cell++;
    if (at + 2 > level.page.length) throw this.#damage(level, "more rows than a page holds");
    return level.view.getUint16(at);
  }

  #decodeRow(level: Level): void {
    const { usableBytes } = this.#place;
    const { page } = level;
    this.#exact = null;
    const payloadBytes = this.#varint(page, this.#cellStart(level, leafHeaderBytes));
    this.#rowid = this.#varint(page, this.#end);
    const start = this.#end;
    // More than this goes to pages of its own (section 1.6).
    this.#overflows = payloadBytes > usableBytes - 35 || start + payloadBytes > page.length;
    if (this.#overflows) return;
    const headerEnd = start + this.#varint(page, start);
    const slots = this.#slotOfColumn;
    const types = this.#types;
    let at = this.#end;
    let value = headerEnd;
    for (let column = 0; column < slots.length; column++) {
      const slot = slots[column];
      if (at >= headerEnd) {
        if (slot > 0) types[slot] = notInRecord;
        continue;
      }
      let type = page[at];
      if (type < 0x80) at++;
      else {
        type = this.#varint(page, at);
        at = this.#end;
      }
      if (slot > 0) {
        types[slot] = type;
        this.#offsets[slot] = value;
      }
      value += type < 12 ? typeBytes[type] : Math.floor((type - 12) / 2);
    }
    const { rowidSlot } = this.#question;
    if (rowidSlot > 0 && types[rowidSlot] === SerialType.null) types[rowidSlot] = isRowid;
    // Not "greater than": a type that is no type makes it no number.
    if (!(value <= start + payloadBytes && headerEnd <= page.length))
      throw this.#damage(level, `row ${this.#rowid} longer than it says`);
  }

  /** A big-endian varint of up to nine bytes as int64; leaves its end in `#end`. */
  #varint(page: Uint8Array, start: number): number {
    let value = 0;
    for (let at = start; at < start + 8; at++) {
      const byte = page[at];
      if (byte === undefined) throw new SqliteDamage("a number cut off by the end of a page");
      value = value * 128 + (byte & 0x7f);
      if (byte < 0x80) {
        this.#end = at + 1;
        return value;
      }
    }
    // The ninth byte holds eight bits; such numbers are negative or beyond 2^53.
    this.#end = start + 9;
    return Number(BigInt.asIntN(64, BigInt(value) * 256n + BigInt(page[start + 8] ?? 0)));
  }

  #damage({ pageNumber }: Level, found: string): SqliteDamage {
    return new SqliteDamage(`page ${pageNumber}: ${found}`);
  }
}
