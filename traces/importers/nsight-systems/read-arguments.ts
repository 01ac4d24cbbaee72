import type { ByteSource } from "../../io/byte-source.ts";
import { openSqlite, type SqliteDatabase, type SqliteRow } from "../../io/sqlite/sqlite.ts";
import { TraceFormatError } from "../../model/errors.ts";
import type { ArgumentReader, EventArguments, EventPlace } from "../importer.ts";
import { splitGlobalId } from "./owners.ts";
import { StringIds } from "./string-ids.ts";
import { findTable, fromSourceOffset } from "./tables.ts";

/** Columns whose numbers stand for strings. */
const stringColumns: ReadonlySet<string> = new Set([
  "demangledName",
  "shortName",
  "mangledName",
  "nameId",
  "textId",
  "jsonTextId",
]);

/** Columns whose numbers are values of an enumeration (documented in the export's ENUM_ tables). */
const enumerations: Readonly<Record<string, readonly string[]>> = {
  copyKind: [
    "unknown",
    "host to device",
    "device to host",
    "host to array",
    "array to host",
    "array to array",
    "array to device",
    "device to array",
    "device to device",
    "host to host",
    "peer to peer",
    "managed host to device",
    "managed device to host",
    "managed device to device",
  ],
  srcKind: ["pageable", "pinned", "device", "array", "managed", "device static", "managed static", "unknown"],
  dstKind: ["pageable", "pinned", "device", "array", "managed", "device static", "managed static", "unknown"],
  memKind: ["pageable", "pinned", "device", "array", "managed", "device static", "managed static", "unknown"],
  syncType: ["unknown", "event synchronize", "stream wait event", "stream synchronize", "context synchronize"],
  eventClass: ["CUDA runtime", "CUDA driver"],
};

/** Opens the database again, to read single rows. */
export async function openNsightArguments(source: ByteSource): Promise<ArgumentReader> {
  const database = await openSqlite(await source.openRandomAccess(() => {}));
  const strings = new StringIds(database);
  return {
    read: (place) => Promise.resolve().then(() => readRow(database, strings, place)),
    close: () => database.close(),
  };
}

function readRow(database: SqliteDatabase, strings: StringIds, { offset }: EventPlace): EventArguments {
  const place = fromSourceOffset(offset);
  if (place === null) return { name: null, startText: null, args: [] };
  const table = findTable(database, place.table);
  const row = table === null ? null : database.row(table.name, table.columns, place.rowid);
  if (table === null || row === null)
    throw new TraceFormatError(`expected row ${place.rowid} of ${place.table}, found none`);
  const args: [string, string][] = [["table", `${table.name}, row ${place.rowid}`]];
  for (const [i, name] of table.columns.entries()) {
    const value = describeValue(row, i + 1, name, strings);
    if (value !== null) args.push([name, value]);
  }
  const start = table.columns.indexOf("start") + 1;
  return { name: null, startText: start > 0 ? row.text(start) : null, args };
}

/** Null where the column holds nothing. */
function describeValue(row: SqliteRow, column: number, name: string, strings: StringIds): string | null {
  if (!row.isInteger(column)) return row.text(column);
  const digits = String(row.bigint(column));
  const value = row.number(column);
  if (stringColumns.has(name)) return strings.text(value) ?? `<string ${digits}>`;
  if (name === "globalTid" || name === "endGlobalTid") {
    const { process, tid } = splitGlobalId(row, column);
    return `pid ${process % 2 ** 24}, tid ${tid}`;
  }
  if (name === "globalPid") return `pid ${splitGlobalId(row, column).process % 2 ** 24}`;
  const word = enumerations[name]?.[value];
  return word === undefined ? digits : `${digits} (${word})`;
}
