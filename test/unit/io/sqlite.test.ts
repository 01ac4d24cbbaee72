import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { memorySource } from "../../../traces/io/memory-source.ts";
import { openSqlite, type SqliteDatabase } from "../../../traces/io/sqlite/sqlite.ts";
import { type Cell, type DatabaseDraft, makeDatabase } from "../../fixtures/nsight/make-database.ts";

async function openDraft(draft: DatabaseDraft): Promise<SqliteDatabase> {
  return await openSqlite(await memorySource(await makeDatabase(draft)).openRandomAccess(() => {}));
}

/** Rows as values: bigint for integers, text and null as they are, numbers for what is real. */
function readAll(database: SqliteDatabase, table: string, columns: readonly string[]): Cell[][] {
  const rows = database.rows(table, columns);
  const all: Cell[][] = [];
  while (rows.next()) {
    all.push(
      columns.map((_, i) => {
        if (rows.isNull(i + 1)) return null;
        if (rows.isText(i + 1)) return rows.text(i + 1);
        if (!rows.isInteger(i + 1)) return rows.number(i + 1);
        const exact = rows.bigint(i + 1);
        // Both ways to read an integer agree as far as a double goes.
        expect(rows.number(i + 1)).toBe(Number(exact));
        return exact;
      }),
    );
  }
  rows.close();
  return all;
}

const integer = fc.oneof(
  fc.constantFrom(
    0n,
    1n,
    -1n,
    127n,
    128n,
    -129n,
    32_767n,
    8_388_607n,
    -8_388_609n,
    2n ** 31n,
    -(2n ** 47n),
    2n ** 53n + 1n,
  ),
  fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
);
const cell: fc.Arbitrary<Cell> = fc.oneof(
  integer,
  fc.constant(null),
  fc.string({ maxLength: 12, unit: "binary" }).map((text) => text.replaceAll("\0", "")),
  fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e9, max: 1e9 }).filter((value) => !Number.isInteger(value)),
  // Longer than a page of 512 bytes holds: the rest goes to pages of its own.
  fc.constant("x".repeat(700)),
);

describe("rows of a database", () => {
  it("are those that were written, whatever their types and wherever they lie", async () => {
    const table = fc.array(fc.tuple(cell, cell, cell), { maxLength: 60 });
    await fc.assert(
      fc.asyncProperty(table, async (rows) => {
        const database = await openDraft({
          tables: { t: { columns: ["a", "b", "c"], rows } },
          pageBytes: 512,
        });
        expect(readAll(database, "t", ["c", "missing", "a"])).toEqual(rows.map(([a, , c]) => [c, null, a]));
        database.close();
      }),
      { numRuns: 25 },
    );
  }, 180_000);

  it("go on over many pages", async () => {
    const rows = Array.from({ length: 5000 }, (_, i) => [BigInt(i) * 1_000_003n, `name ${i}`]);
    const database = await openDraft({
      tables: { t: { columns: ["a", "b"], rows } },
      pageBytes: 512,
    });
    expect(readAll(database, "t", ["a", "b"])).toEqual(rows);
    expect(database.bytesRead).toBeGreaterThan(100_000);
  });

  it("have their rowid as key, defaults of columns that came later, and no generated columns", async () => {
    const database = await openDraft({
      tables: {
        keyed: {
          columns: ["id INTEGER PRIMARY KEY", "v"],
          rows: [
            [7, "seven"],
            [9, "nine"],
          ],
        },
        grown: { columns: ["v"], rows: [[1], [2]] },
        bare: { columns: ["k TEXT PRIMARY KEY", "v"], rows: [["x", 5]] },
      },
      after: [
        "ALTER TABLE grown ADD COLUMN w INTEGER DEFAULT 42",
        "CREATE TABLE made (v, doubled AS (v * 2), w)",
        "INSERT INTO made VALUES (3, 4)",
        "CREATE TABLE keyless (k TEXT PRIMARY KEY, v) WITHOUT ROWID",
        "INSERT INTO keyless VALUES ('a', 1)",
      ],
    });
    expect(readAll(database, "keyed", ["v", "id"])).toEqual([
      ["seven", 7n],
      ["nine", 9n],
    ]);
    expect(readAll(database, "grown", ["v", "w"])).toEqual([
      [1n, 42n],
      [2n, 42n],
    ]);
    expect(readAll(database, "bare", ["k", "v"])).toEqual([["x", 5n]]);
    expect(readAll(database, "made", ["v", "doubled", "w"])).toEqual([[3n, null, 4n]]);
    expect(() => readAll(database, "keyless", ["v"])).toThrow("no such column: rowid");
    expect(database.row("keyed", ["v"], 9)?.text(1)).toBe("nine");
    expect(database.row("keyed", ["v"], 8)).toBeNull();
  });

  it("are decoded from UTF-16 too", async () => {
    const database = await openDraft({
      tables: {},
      after: ["PRAGMA encoding = 'UTF-16le'", "CREATE TABLE t (v)", "INSERT INTO t VALUES ('größer')"],
    });
    expect(readAll(database, "t", ["v"])).toEqual([["größer"]]);
  });
});
