import { TraceFormatError } from "../../model/errors.ts";
import type { RandomAccess } from "../byte-source.ts";

/** First bytes of every SQLite 3 database. */
export const sqliteMagic = "SQLite format 3\0";

const headerBytes = 100;

/** What the first 100 bytes say of the file (https://www.sqlite.org/fileformat2.html, section 1.3). */
export interface SqliteHeader {
  /** Page count times page size; 0 where the count is not to be trusted. */
  readonly promisedBytes: number;
  readonly pageBytes: number;
  /** Bytes of a page less those reserved at its end. */
  readonly usableBytes: number;
  readonly isUtf8: boolean;
  readonly isWriteAhead: boolean;
}

/** Throws TraceFormatError where the header is cut or no header of an SQLite database. */
export function readSqliteHeader(bytes: RandomAccess): SqliteHeader {
  const header = new Uint8Array(headerBytes);
  const length = bytes.readAt(0, header);
  if (length < headerBytes) {
    throw new TraceFormatError(`expected the ${headerBytes} bytes of a database header, found ${length}`, {
      byteOffset: length,
    });
  }
  if (new TextDecoder("latin1").decode(header.subarray(0, sqliteMagic.length)) !== sqliteMagic) {
    throw new TraceFormatError('expected a database that starts with "SQLite format 3"', {
      byteOffset: 0,
    });
  }
  const view = new DataView(header.buffer);
  const raw = view.getUint16(16);
  const pageBytes = raw === 1 ? 65_536 : raw;
  if (pageBytes < 512 || (pageBytes & (pageBytes - 1)) !== 0) {
    throw new TraceFormatError(`expected a page size that is a power of two from 512 to 65,536, found ${pageBytes}`, {
      byteOffset: 16,
    });
  }
  // The count in the header holds only when the last writer knew of it: both change counters agree.
  const counts = view.getUint32(24) === view.getUint32(92);
  return {
    pageBytes,
    usableBytes: pageBytes - header[20],
    isUtf8: view.getUint32(56) <= 1,
    promisedBytes: counts ? view.getUint32(28) * pageBytes : 0,
    isWriteAhead: header[18] === 2 || header[19] === 2,
  };
}
