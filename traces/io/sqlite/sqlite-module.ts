import initSqlite from "@sqlite.org/sqlite-wasm";
// Inside the bundle, so that it loads alike in a worker, in plain Node and in a packed app.
import wasmUrl from "@sqlite.org/sqlite-wasm/sqlite3.wasm?url&inline";

/*
 * SQLite as WebAssembly. Only what is used here is typed: the package's own types describe the browser's half of it.
 */

/** Pointers are numbers: the memory of the module is below 4 GiB. */
export type Pointer = number;

/** C functions of the module, with numbers for pointers and 32-bit integers, bigint for 64-bit ones. */
export interface SqliteExports {
  sqlite3_step(statement: Pointer): number;
  sqlite3_reset(statement: Pointer): number;
  sqlite3_finalize(statement: Pointer): number;
  sqlite3_bind_double(statement: Pointer, index: number, value: number): number;
  sqlite3_column_count(statement: Pointer): number;
  sqlite3_column_type(statement: Pointer, column: number): number;
  sqlite3_column_double(statement: Pointer, column: number): number;
  sqlite3_column_int64(statement: Pointer, column: number): bigint;
  sqlite3_column_text(statement: Pointer, column: number): Pointer;
  sqlite3_column_bytes(statement: Pointer, column: number): number;
  sqlite3_extended_errcode(database: Pointer): number;
  sqlite3_limit(database: Pointer, id: number, value: number): number;
}

interface Struct {
  readonly pointer: Pointer;
  dispose(): void;
}

interface SqliteConstants {
  readonly SQLITE_OPEN_READONLY: number;
  readonly SQLITE_DBCONFIG_DEFENSIVE: number;
  readonly SQLITE_DBCONFIG_TRUSTED_SCHEMA: number;
  readonly SQLITE_DBCONFIG_ENABLE_TRIGGER: number;
  readonly SQLITE_DBCONFIG_ENABLE_VIEW: number;
  readonly SQLITE_LIMIT_LENGTH: number;
  readonly SQLITE_IOERR: number;
  readonly SQLITE_IOERR_SHORT_READ: number;
  readonly SQLITE_NOTFOUND: number;
  readonly SQLITE_CANTOPEN: number;
  readonly SQLITE_IOCAP_IMMUTABLE: number;
}

export interface SqliteModule {
  readonly capi: SqliteConstants & {
    readonly sqlite3_io_methods: new () => Struct & { $iVersion: number };
    readonly sqlite3_vfs: new () => Struct & { $iVersion: number; $szOsFile: number; $mxPathname: number };
    readonly sqlite3_file: (new (pointer: Pointer) => Struct & { $pMethods: Pointer }) & {
      readonly structInfo: { readonly sizeof: number };
    };
    sqlite3_open_v2(name: string, handle: Pointer, flags: number, vfs: string): number;
    sqlite3_close_v2(database: Pointer): number;
    sqlite3_errmsg(database: Pointer): string;
    sqlite3_prepare_v2(database: Pointer, sql: string, length: number, statement: Pointer, tail: null): number;
    sqlite3_db_config(database: Pointer, option: number, value: number, result: number): number;
  };
  readonly wasm: {
    readonly exports: SqliteExports;
    heap8u(): Uint8Array;
    peekPtr(at: Pointer): Pointer;
    poke32(at: Pointer, value: number): void;
    poke(at: Pointer, value: number | bigint, type: "i64" | "double"): void;
    alloc(bytes: number): Pointer;
    dealloc(at: Pointer): void;
    cstrncpy(target: Pointer, source: Pointer, length: number): number;
  };
  readonly vfs: {
    installVfs(parts: {
      readonly io: { readonly struct: Struct; readonly methods: Readonly<Record<string, unknown>> };
      readonly vfs: {
        readonly struct: Struct;
        readonly methods: Readonly<Record<string, unknown>>;
        readonly name: string;
      };
    }): void;
  };
}

/** A module of its own, with its own memory: what a hostile database does to it ends with it. */
export async function loadSqlite(): Promise<SqliteModule> {
  const wasmBinary = decodeBase64(wasmUrl.slice(wasmUrl.indexOf(",") + 1));
  // The declared options lack what Emscripten takes; the declared result is that of the browser build.
  const init = initSqlite as unknown as (options: Readonly<Record<string, unknown>>) => Promise<SqliteModule>;
  return await init({ wasmBinary, print() {}, printErr() {} });
}

function decodeBase64(text: string): Uint8Array {
  const binary = atob(text);
  const bytes = new Uint8Array(binary.length);
  for (let i = 0; i < bytes.length; i++) bytes[i] = binary.charCodeAt(i);
  return bytes;
}
