import type { SqliteDatabase, SqliteRow } from "../../io/sqlite/sqlite.ts";
import type { TraceBuilder } from "../../model/trace-builder.ts";
import type { CallTable } from "./call-table.ts";
import type { Devices } from "./devices.ts";
import type { Owners } from "./owners.ts";
import type { IntervalTable } from "./interval-table.ts";
import type { NvtxRanges } from "./project-nvtx.ts";
import type { TableScan } from "./scan.ts";
import type { StringIds } from "./string-ids.ts";

/** What the readers of single tables share. */
export interface Reading {
  readonly database: SqliteDatabase;
  readonly builder: TraceBuilder;
  readonly scan: TableScan;
  readonly strings: StringIds;
  readonly owners: Owners;
  readonly devices: Devices;
  readonly calls: CallTable;
  readonly ranges: NvtxRanges;
  /** Device work whose call is known: `owner` the call, `label` the stream. */
  readonly work: IntervalTable;
}

/** Time in a column, ns; NaN where it is no whole number: then the row is dropped, which is counted here. */
export function timeOf(row: SqliteRow, column: number, builder: TraceBuilder): number {
  const value = row.number(column);
  // 0 may stand for null or for a word; the question costs as much as the number.
  if (value !== 0 ? Number.isInteger(value) : row.isInteger(column)) return value;
  builder.ledger.dropped(
    "badTime",
    `rows whose start or end is no whole number, the first at row ${row.number(0)}`,
    -1,
  );
  return Number.NaN;
}

/** Whether a column holds a time, as `timeOf`. */
export function hasTime(row: SqliteRow, column: number, builder: TraceBuilder): boolean {
  return !Number.isNaN(timeOf(row, column, builder));
}
