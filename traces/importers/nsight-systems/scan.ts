import { type SqliteDatabase, SqliteDamage, type SqliteRows } from "../../io/sqlite/sqlite.ts";
import type { TraceBuilder, TraceDescription } from "../../model/trace-builder.ts";
import type { ImportContext } from "../importer.ts";
import { type EventTable, type FactTable, findTable, toSourceOffset } from "./tables.ts";
import { dropBeyondLimit } from "../../model/limits.ts";

/** Rows between two looks at the flag of cancellation: a few milliseconds. */
const rowsPerLook = 8192;

export interface ScanParts {
  readonly database: SqliteDatabase;
  readonly builder: TraceBuilder;
  readonly context: ImportContext;
  /** Bytes of the source. */
  readonly size: number;
  readonly describe: () => TraceDescription;
}

/** Reads tables row by row: progress, cancellation, damage and the count of rows read. */
export class TableScan {
  readonly #parts: ScanParts;

  constructor(parts: ScanParts) {
    this.#parts = parts;
  }

  has(name: EventTable | FactTable): boolean {
    return findTable(this.#parts.database, name) !== null;
  }

  /** The first of `columns` that the table has; the first of all where it has none (then it reads as null). */
  columnOf(name: EventTable | FactTable, columns: readonly string[]): string {
    const table = findTable(this.#parts.database, name);
    return columns.find((column) => table?.columns.includes(column)) ?? columns[0];
  }

  hasColumn(name: EventTable | FactTable, column: string): boolean {
    return findTable(this.#parts.database, name)?.columns.includes(column) ?? false;
  }

  /**
   * Calls `visit` with every row; column 0 is the rowid, `columns` follow. `visit` accounts for the row in the ledger,
   * once it has read what it needs: a row that breaks off is counted here.
   * A table that cannot be read on ends there, with a note.
   */
  events(name: EventTable, columns: readonly string[], visit: (row: SqliteRows, place: number) => void): void {
    const base = toSourceOffset(name, 0);
    const { builder, context } = this.#parts;
    this.#scan(name, columns, (row, rowid) => {
      if (builder.spanCount >= context.limits.spans) return dropBeyondLimit(builder.ledger, context.limits.spans, -1);
      visit(row, rowid < 2 ** 32 && rowid >= 0 ? base + rowid : 0);
    });
  }

  /** As `events`, for tables about other things: each row that could be read whole counts as `countAs`. */
  facts(
    name: FactTable,
    columns: readonly string[],
    visit: (row: SqliteRows) => void,
    countAs: "metadata" | "foldedIn" = "metadata",
  ): void {
    const { ledger } = this.#parts.builder;
    this.#scan(name, columns, (row) => {
      visit(row);
      ledger[countAs]();
    });
  }

  /** Calls `visit` with every row ahead of the reading that counts them and tells of damage. */
  look(name: EventTable, columns: readonly string[], visit: (row: SqliteRows) => void): void {
    const table = findTable(this.#parts.database, name);
    if (table === null) return;
    try {
      this.#forEachRow(table.name, columns, visit);
    } catch (error) {
      if (!(error instanceof SqliteDamage)) throw error;
    }
  }

  /** Rows of a table of any name that can be read. */
  countRows(table: string): number {
    let count = 0;
    try {
      this.#forEachRow(table, [], () => void count++);
    } catch (error) {
      if (!(error instanceof SqliteDamage)) throw error;
    }
    return count;
  }

  #scan(
    name: EventTable | FactTable,
    columns: readonly string[],
    visit: (row: SqliteRows, rowid: number) => void,
  ): void {
    const { database, builder } = this.#parts;
    const table = findTable(database, name);
    if (table === null) return;
    const { ledger } = builder;
    let rowCount = 0;
    let isInRow = false;
    try {
      this.#forEachRow(table.name, columns, (row, rowid) => {
        ledger.read();
        isInRow = true;
        visit(row, rowid);
        isInRow = false;
        rowCount++;
      });
    } catch (error) {
      if (!(error instanceof SqliteDamage)) throw error;
      // Columns are read when they are asked for: the row may break off in the middle.
      if (isInRow) ledger.dropped("damagedRow", "rows that cannot be read to their end", -1);
      ledger.note(
        `damaged ${name}`,
        `expected a sound table ${table.name}, found damage after ${rowCount} rows (${error.message}); those rows were kept`,
        -1,
      );
    }
  }

  #forEachRow(table: string, columns: readonly string[], visit: (row: SqliteRows, rowid: number) => void): void {
    const rows = this.#parts.database.rows(table, columns);
    try {
      let before = -Infinity;
      let rowCount = 0;
      while (rows.next()) {
        const rowid = rows.number(0);
        // Rowids ascend in every sound table: pages that lead back to themselves would never end.
        if (rowid <= before) throw new SqliteDamage(`row ${rowid} follows row ${before}`);
        before = rowid;
        if (++rowCount % rowsPerLook === 0) this.#look();
        visit(rows, rowid);
      }
    } finally {
      rows.close();
    }
  }

  #look(): void {
    const { context, database, size, describe } = this.#parts;
    context.throwIfCancelled();
    context.reportProgress(Math.min(size, database.bytesRead), describe);
  }
}
