/** Values of one row, by position. */
export interface SqliteRow {
  isNull(column: number): boolean;
  isInteger(column: number): boolean;
  isText(column: number): boolean;
  /** As a double: exact for integers up to 2^53; 0 for null and text. */
  number(column: number): number;
  /** 64-bit integers digit by digit. */
  bigint(column: number): bigint;
  /** Null for null; invalid UTF-8 becomes U+FFFD. */
  text(column: number): string | null;
}

export interface SqliteRows extends SqliteRow {
  /** Goes to the next row; false at the end. Throws SqliteDamage where the file cannot be read on. */
  next(): boolean;
  close(): void;
}

/** Why a table cannot be read on. */
export class SqliteDamage extends Error {
  override readonly name = "SqliteDamage";
}
