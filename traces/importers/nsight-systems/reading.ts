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

/** Whether a column holds a time: a whole number. Rows without one are dropped and counted. */
export function hasTime(row: SqliteRow, column: number, builder: TraceBuilder): boolean {
  if (row.isInteger(column)) return true;
  builder.ledger.dropped(
    "badTime",
    `rows whose start or end is no whole number, the first at row ${row.number(0)}`,
    -1,
  );
  return false;
}
