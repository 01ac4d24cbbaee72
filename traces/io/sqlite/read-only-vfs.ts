import type { RandomAccess } from "../byte-source.ts";
import type { Pointer, SqliteModule } from "./sqlite-module.ts";

/** Name of the file system, and of the one file that it holds. */
export const vfsName = "read-only";
export const fileName = "database";

const windowBytes = 256 * 1024;
/** Inner pages of a table lie apart from its rows: reading goes back and forth between few places. */
const windowCount = 4;

const fileFormatOffset = 18;
const rollbackFormat = 1;

export interface VfsOptions {
  /** Size the database should have; bytes beyond those that are there read as zeros. */
  readonly size: number;
  readonly onBytes: (count: number) => void;
}

/** Installs a file system with one file, made of `bytes`, that nobody can write. Reads come in large windows. */
export function installReadOnlyVfs(sqlite: SqliteModule, bytes: RandomAccess, options: VfsOptions): void {
  const { capi, wasm } = sqlite;
  const { SQLITE_IOERR, SQLITE_IOERR_SHORT_READ, SQLITE_NOTFOUND, SQLITE_CANTOPEN, SQLITE_IOCAP_IMMUTABLE } = capi;
  const windows = createWindows(bytes, options.onBytes);
  const io = new capi.sqlite3_io_methods();
  io.$iVersion = 1;
  const vfs = new capi.sqlite3_vfs();
  vfs.$iVersion = 1;
  vfs.$szOsFile = capi.sqlite3_file.structInfo.sizeof;
  vfs.$mxPathname = 64;
  const nothing = (): number => 0;
  const refuse = (): number => SQLITE_IOERR;
  const setZero = (_file: Pointer, result: Pointer): number => {
    wasm.poke32(result, 0);
    return 0;
  };
  const ioMethods = {
    xClose: nothing,
    xLock: nothing,
    xUnlock: nothing,
    xSync: nothing,
    xWrite: refuse,
    xTruncate: refuse,
    xCheckReservedLock: setZero,
    xFileControl: () => SQLITE_NOTFOUND,
    xDeviceCharacteristics: () => SQLITE_IOCAP_IMMUTABLE,
    xSectorSize: () => 4096,
    xFileSize(_file: Pointer, result: Pointer) {
      wasm.poke(result, BigInt(options.size), "i64");
      return 0;
    },
    xRead(_file: Pointer, target: Pointer, length: number, offset: bigint) {
      const start = Number(offset);
      const part = wasm.heap8u().subarray(target, target + length);
      const count = windows.readAt(start, part);
      part.fill(0, count);
      maskWriteAheadFormat(part, start);
      return start + length <= options.size ? 0 : SQLITE_IOERR_SHORT_READ;
    },
  };
  const vfsMethods = {
    xOpen(_vfs: Pointer, _name: Pointer, file: Pointer, flags: number, outFlags: Pointer) {
      const struct = new capi.sqlite3_file(file);
      struct.$pMethods = io.pointer;
      struct.dispose();
      if (outFlags !== 0) wasm.poke32(outFlags, flags);
      return 0;
    },
    // No journal and no -wal file beside it.
    xAccess: (_vfs: Pointer, _name: Pointer, _flags: number, result: Pointer) => setZero(0, result),
    xDelete: refuse,
    xFullPathname: (_vfs: Pointer, name: Pointer, length: number, result: Pointer) =>
      wasm.cstrncpy(result, name, length) < length ? 0 : SQLITE_CANTOPEN,
    xGetLastError: nothing,
    xRandomness: (_vfs: Pointer, length: number) => length,
    xSleep: nothing,
    xCurrentTime(_vfs: Pointer, result: Pointer) {
      wasm.poke(result, 0, "double");
      return 0;
    },
  };
  sqlite.vfs.installVfs({
    io: { struct: io, methods: ioMethods },
    vfs: { struct: vfs, methods: vfsMethods, name: vfsName },
  });
}

/** A database in write-ahead mode asks for its -wal file, which is not part of the source: it is read as it lies. */
function maskWriteAheadFormat(part: Uint8Array, start: number): void {
  for (const offset of [fileFormatOffset, fileFormatOffset + 1]) {
    const at = offset - start;
    if (at >= 0 && at < part.length && part[at] === 2) part[at] = rollbackFormat;
  }
}

/** Reads through few large windows; of what is asked beyond the end, nothing is written. */
export function createWindows(bytes: RandomAccess, onBytes: (count: number) => void): Pick<RandomAccess, "readAt"> {
  const windows = Array.from({ length: windowCount }, () => ({
    start: -1,
    length: 0,
    bytes: new Uint8Array(0),
  }));
  let latest = windows[0];
  let oldest = 0;
  const windowAt = (offset: number): (typeof windows)[number] => {
    if (offset >= latest.start && offset < latest.start + latest.length) return latest;
    const held = windows.find((window) => offset >= window.start && offset < window.start + window.length);
    if (held !== undefined) return (latest = held);
    const window = windows[oldest];
    oldest = (oldest + 1) % windowCount;
    if (window.bytes.length === 0) window.bytes = new Uint8Array(windowBytes);
    window.start = offset - (offset % windowBytes);
    window.length = bytes.readAt(window.start, window.bytes);
    onBytes(window.length);
    return (latest = window);
  };
  return {
    readAt(offset, target) {
      let done = 0;
      while (done < target.length) {
        const window = windowAt(offset + done);
        const from = offset + done - window.start;
        const part = window.bytes.subarray(from, Math.min(window.length, from + target.length - done));
        if (part.length === 0) break;
        target.set(part, done);
        done += part.length;
      }
      return done;
    },
  };
}
