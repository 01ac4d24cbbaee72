import { TraceFormatError } from "../../model/errors.ts";
import type { RandomAccess } from "../byte-source.ts";
import { readSqliteHeader } from "./header.ts";
import { createWindows, fileName, installReadOnlyVfs, vfsName } from "./read-only-vfs.ts";
import { SqliteDamage, type SqliteRow, type SqliteRows } from "./rows.ts";
import { isRowidTable, TableRows } from "./table-rows.ts";
import { loadSqlite, type Pointer, type SqliteModule } from "./sqlite-module.ts";

export { SqliteDamage };
export type { SqliteRow, SqliteRows };

/** An SQLite database that is only read: no view, trigger or virtual table of the file is ever run. */
export interface SqliteDatabase {
  /** Ordinary tables with their columns, in the order of the schema. */
  readonly tables: ReadonlyMap<string, SqliteTable>;
  /** Bytes read from the source so far. */
  readonly bytesRead: number;
  /** Bytes that the header promises and the file lacks. */
  readonly missingBytes: number;
  /** In write-ahead mode: rows that are still in the -wal file beside it are not read. */
  readonly isWriteAhead: boolean;
  /** The rows of a table in rowid order; column 0 is the rowid, then `columns`: null where the table lacks one. */
  rows(table: string, columns: readonly string[]): SqliteRows;
  /** One row by rowid, columns as in `rows`; null when there is none. The result holds until the next call. */
  row(table: string, columns: readonly string[], rowid: number): SqliteRow | null;
  close(): void;
}

export interface SqliteTable {
  readonly name: string;
  readonly columns: readonly string[];
  /** Page where its rows begin. */
  readonly rootPage: number;
  /** Generated columns make places in a record differ from those in `columns`. */
  readonly isPlain: boolean;
  /** The column that is the rowid itself; null where there is none. */
  readonly rowidColumn: string | null;
}

/** Longest text or blob that is read; a damaged length must not take the memory. */
const largestValueBytes = 64 * 2 ** 20;

/** Pages of a damaged list of tables may lead back to themselves. */
const largestList = 20_000;

const rowCode = 100;
const doneCode = 101;
const integerType = 1;
const textType = 3;
const nullType = 5;

/** Opens a database. Throws TraceFormatError when its header or its schema cannot be read. */
export async function openSqlite(bytes: RandomAccess): Promise<SqliteDatabase> {
  const header = readSqliteHeader(bytes);
  const sqlite = await loadSqlite();
  let bytesRead = 0;
  const countBytes = (count: number): void => void (bytesRead += count);
  installReadOnlyVfs(sqlite, bytes, {
    size: Math.max(bytes.size, header.promisedBytes),
    onBytes: countBytes,
  });
  const connection = connect(sqlite);
  const tables = readTables(connection, header.promisedBytes > bytes.size ? [header.promisedBytes, bytes.size] : null);
  const lookups = new Map<string, Statement>();
  const row = (table: string, columns: readonly string[], rowid: number): SqliteRow | null => {
    const sql = `${selectOf(tables, table, columns)} WHERE rowid = ?`;
    let lookup = lookups.get(sql);
    if (lookup === undefined) {
      lookup = new Statement(connection, sql);
      lookups.set(sql, lookup);
    }
    lookup.restart(rowid);
    return lookup.next() ? lookup : null;
  };
  const pages = {
    bytes: createWindows(bytes, countBytes),
    pageBytes: header.pageBytes,
    usableBytes: header.usableBytes,
    pageCount: Math.ceil(Math.max(bytes.size, header.promisedBytes) / header.pageBytes),
  };
  return {
    tables,
    get bytesRead() {
      return bytesRead;
    },
    missingBytes: Math.max(0, header.promisedBytes - bytes.size),
    isWriteAhead: header.isWriteAhead,
    rows(table, columns) {
      const sql = selectOf(tables, table, columns);
      const known = tables.get(table);
      if (known === undefined || !known.isPlain || !header.isUtf8) return new Statement(connection, sql);
      const place = { ...pages, rootPage: known.rootPage };
      if (!isRowidTable(place)) return new Statement(connection, sql);
      return new TableRows(place, {
        columns: columns.map((column) => known.columns.indexOf(column)),
        rowidSlot: columns.findIndex((column) => column === known.rowidColumn) + 1,
        lookUp: (rowid) => row(table, columns, rowid),
      });
    },
    row,

    close() {
      for (const lookup of lookups.values()) lookup.close();
      sqlite.capi.sqlite3_close_v2(connection.handle);
    },
  };
}

interface Connection {
  readonly sqlite: SqliteModule;
  readonly handle: Pointer;
}

function connect(sqlite: SqliteModule): Connection {
  const { capi, wasm } = sqlite;
  const result = wasm.alloc(8);
  try {
    const code = capi.sqlite3_open_v2(fileName, result, capi.SQLITE_OPEN_READONLY, vfsName);
    const handle = wasm.peekPtr(result);
    if (code !== 0) throw new TraceFormatError(`expected a database, found one that cannot be opened (code ${code})`);
    // The schema of the file is data: nothing in it may call functions or be rewritten.
    capi.sqlite3_db_config(handle, capi.SQLITE_DBCONFIG_DEFENSIVE, 1, 0);
    capi.sqlite3_db_config(handle, capi.SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, 0);
    capi.sqlite3_db_config(handle, capi.SQLITE_DBCONFIG_ENABLE_TRIGGER, 0, 0);
    capi.sqlite3_db_config(handle, capi.SQLITE_DBCONFIG_ENABLE_VIEW, 0, 0);
    wasm.exports.sqlite3_limit(handle, capi.SQLITE_LIMIT_LENGTH, largestValueBytes);
    return { sqlite, handle };
  } finally {
    wasm.dealloc(result);
  }
}

/**
 * Names a virtual or generated table hides behind are left out: reading those would run code of the file.
 * `cut`: bytes that the header promises, and those that are there.
 */
function readTables(connection: Connection, cut: readonly [number, number] | null): Map<string, SqliteTable> {
  const tables = new Map<string, SqliteTable>();
  try {
    const names = readTexts(
      connection,
      "SELECT name, rootpage FROM sqlite_master WHERE type = 'table' AND rootpage > 0 AND name NOT LIKE 'sqlite!_%' ESCAPE '!' ORDER BY rowid",
    );
    for (const [name, rootPage] of names) {
      if (name === null) continue;
      const all = readTexts(
        connection,
        `SELECT name, type, pk, hidden FROM pragma_table_xinfo(${quoteText(name)}) ORDER BY cid`,
      );
      // hidden: 0 = an ordinary column; generated ones are expressions.
      const columns = all.filter(([, , , hidden]) => hidden === "0");
      const keys = columns.filter(([, , key]) => key !== "0");
      const onlyKey = keys.length === 1 && keys[0][1]?.toUpperCase() === "INTEGER" ? keys[0][0] : null;
      tables.set(name, {
        name,
        columns: columns.map(([column]) => column ?? ""),
        rootPage: Number(rootPage),
        isPlain: columns.length === all.length,
        rowidColumn: onlyKey,
      });
    }
  } catch (error) {
    if (!(error instanceof SqliteDamage)) throw error;
    throw new TraceFormatError(
      `expected a database with a readable list of tables, found damage: ${error.message}${cut === null ? "" : `; of ${cut[0]} bytes by its header ${cut[1]} are there: the file was cut`}`,
      { byteOffset: 0 },
      { cause: error },
    );
  }
  return tables;
}

function readTexts(connection: Connection, sql: string): (string | null)[][] {
  const statement = new Statement(connection, sql);
  try {
    const rows: (string | null)[][] = [];
    while (statement.next()) {
      if (rows.length === largestList) throw new SqliteDamage(`more than ${largestList} tables or columns`);
      rows.push(Array.from({ length: statement.columnCount }, (_, i) => statement.text(i)));
    }
    return rows;
  } finally {
    statement.close();
  }
}

function selectOf(tables: ReadonlyMap<string, SqliteTable>, table: string, columns: readonly string[]): string {
  const known = tables.get(table);
  if (known === undefined) throw new Error(`no table ${table}`);
  const list = columns.map((column) => (known.columns.includes(column) ? quoteName(column) : "NULL"));
  return `SELECT ${["rowid", ...list].join(", ")} FROM ${quoteName(table)}`;
}

const quoteName = (name: string): string => `"${name.replaceAll('"', '""')}"`;
const quoteText = (text: string): string => `'${text.replaceAll("'", "''")}'`;

class Statement implements SqliteRows {
  readonly columnCount: number;
  readonly #connection: Connection;
  readonly #pointer: Pointer;
  readonly #exports: SqliteModule["wasm"]["exports"];
  #decoder: TextDecoder | null = null;

  constructor(connection: Connection, sql: string) {
    const { sqlite, handle } = connection;
    const { capi, wasm } = sqlite;
    const result = wasm.alloc(8);
    const code = capi.sqlite3_prepare_v2(handle, sql, -1, result, null);
    this.#pointer = wasm.peekPtr(result);
    wasm.dealloc(result);
    this.#connection = connection;
    this.#exports = wasm.exports;
    if (code !== 0) throw new SqliteDamage(capi.sqlite3_errmsg(handle));
    this.columnCount = wasm.exports.sqlite3_column_count(this.#pointer);
  }

  next(): boolean {
    const code = this.#exports.sqlite3_step(this.#pointer);
    if (code === rowCode) return true;
    if (code === doneCode) return false;
    throw new SqliteDamage(this.#connection.sqlite.capi.sqlite3_errmsg(this.#connection.handle));
  }

  /** Begins again with another value for the one parameter. */
  restart(value: number): void {
    this.#exports.sqlite3_reset(this.#pointer);
    this.#exports.sqlite3_bind_double(this.#pointer, 1, value);
  }

  isNull(column: number): boolean {
    return this.#exports.sqlite3_column_type(this.#pointer, column) === nullType;
  }

  isInteger(column: number): boolean {
    return this.#exports.sqlite3_column_type(this.#pointer, column) === integerType;
  }

  isText(column: number): boolean {
    return this.#exports.sqlite3_column_type(this.#pointer, column) === textType;
  }

  number(column: number): number {
    return this.#exports.sqlite3_column_double(this.#pointer, column);
  }

  bigint(column: number): bigint {
    return this.#exports.sqlite3_column_int64(this.#pointer, column);
  }

  text(column: number): string | null {
    if (this.isNull(column)) return null;
    const start = this.#exports.sqlite3_column_text(this.#pointer, column);
    const length = this.#exports.sqlite3_column_bytes(this.#pointer, column);
    this.#decoder ??= new TextDecoder();
    return this.#decoder.decode(this.#connection.sqlite.wasm.heap8u().subarray(start, start + length));
  }

  close(): void {
    this.#exports.sqlite3_finalize(this.#pointer);
  }
}
