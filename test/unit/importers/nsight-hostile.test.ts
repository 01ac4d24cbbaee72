import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { memorySource } from "../../../traces/io/memory-source.ts";
import { importFile } from "../../../traces/importers/import-file.ts";
import type { ImportLimits } from "../../../traces/importers/importer.ts";
import { linkOf } from "../../../traces/model/link-table.ts";
import { createTraceBuilder } from "../../../traces/model/create-trace-builder.ts";
import { TraceFormatError } from "../../../traces/model/errors.ts";
import { assertSealed } from "../../../traces/model/invariants.ts";
import type { Trace } from "../../../traces/model/trace.ts";
import { type DatabaseDraft, globalId, makeDatabase } from "../../fixtures/nsight/make-database.ts";
import { contextFor } from "./import-text.ts";
import { textsOf } from "../../../traces/model/text-table.ts";

async function importDatabase(bytes: Uint8Array, limits: Partial<ImportLimits> = {}): Promise<Trace> {
  const trace = await importFile(memorySource(bytes), {
    builder: createTraceBuilder(),
    context: contextFor("run.sqlite", limits),
  });
  assertSealed(trace);
  return trace;
}

const importDraft = async (draft: DatabaseDraft): Promise<Trace> => await importDatabase(await makeDatabase(draft));

const notesOf = ({ meta }: Trace): string[] =>
  [...meta.ledger.dropped, ...meta.ledger.notes].map(({ code, count, message }) => `${code} ${count}: ${message}`);

const kernelColumns = ["start", "end", "deviceId", "streamId", "shortName"];
const kernels = (rows: DatabaseDraft["tables"][string]["rows"]): DatabaseDraft["tables"][string] => ({
  columns: kernelColumns.map((column) => `"${column}"`),
  rows,
});
const names = { columns: ["id INTEGER PRIMARY KEY", "value TEXT"], rows: [[1, "gemm"]] };

let whole = new Uint8Array();
beforeAll(() => {
  whole = new Uint8Array(readFileSync(join(import.meta.dirname, "../../fixtures/nsight/training.sqlite")));
});

/** `whole` with `bytes` at `offset`. */
function withBytes(offset: number, bytes: readonly number[]): Uint8Array {
  const copy = whole.slice();
  copy.set(bytes, offset);
  return copy;
}

describe("databases that are none, or damaged", () => {
  it("counts a row of facts once whose name cannot be read", async () => {
    const bytes = await makeDatabase({
      tables: {
        StringIds: { ...names, rows: [...names.rows, [2, "1".repeat(20_000)]] },
        CUPTI_ACTIVITY_KIND_RUNTIME: {
          columns: ["start", "end", "globalTid", "nameId", "correlationId"],
          rows: [[10, 20, globalId(77, 78), 1, 1]],
        },
        ThreadNames: { columns: ["nameId", "globalTid"], rows: [[2, globalId(77, 78)]] },
      },
    });
    // The name goes on in pages of its own, each of which begins with the number of the next.
    const pageSize = new DataView(bytes.buffer, bytes.byteOffset).getUint16(16);
    const isFull = (page: number): boolean => bytes.subarray(page + 4, page + pageSize).every((byte) => byte === 0x31);
    const pages = Array.from({ length: bytes.length / pageSize }, (_, index) => index * pageSize).filter(isFull);
    expect(pages.length).toBeGreaterThan(2);
    const damaged = bytes.slice();
    damaged.fill(0xff, pages[1], pages[1] + 4);
    const trace = await importDatabase(damaged);
    expect(trace.spans.length).toBe(1);
    expect(notesOf(trace).join("\n")).toContain("damagedRow 1: rows that cannot be read to their end");
  });

  it("takes no more spans than the limit, and counts the rows beyond it", async () => {
    const rows = [10, 20, 30, 40].map((startNs) => [startNs, startNs + 5, 0, 7, 1]);
    const bytes = await makeDatabase({ tables: { StringIds: names, CUPTI_ACTIVITY_KIND_KERNEL: kernels(rows) } });
    const trace = await importDatabase(bytes, { spans: 3 });
    expect(trace.spans.length).toBe(3);
    expect(trace.meta.ledger).toMatchObject({ outcome: "partial", dropped: [{ code: "spanLimit", count: 1 }] });
  });

  it("refuses a database of another program, and says what it holds", async () => {
    const foreign = makeDatabase({
      tables: { cookies: { columns: ["a"], rows: [] }, urls: { columns: ["b"], rows: [] } },
    });
    await expect(importDatabase(await foreign)).rejects.toThrow(
      "expected a database of Nsight Systems, with a table StringIds or CUPTI_ACTIVITY_KIND_…, found the tables cookies, urls",
    );
    await expect(importDraft({ tables: {}, after: ["CREATE TABLE x (a)", "DROP TABLE x"] })).rejects.toThrow(
      "found no table",
    );
  });

  it("refuses a header that is cut, and one with an impossible page size", async () => {
    await expect(importDatabase(whole.subarray(0, 60))).rejects.toThrow(
      "expected the 100 bytes of a database header, found 60",
    );
    await expect(importDatabase(withBytes(16, [0x0c, 0x00]))).rejects.toThrow(
      "expected a page size that is a power of two from 512 to 65,536, found 3072",
    );
  });

  it("refuses a list of tables that cannot be read", async () => {
    await expect(importDatabase(withBytes(100, [0x7f]))).rejects.toThrow(
      "expected a database with a readable list of tables, found damage: database disk image is malformed",
    );
    await expect(importDatabase(whole.subarray(0, 2048))).rejects.toThrow(TraceFormatError);
  });

  it("counts a row that breaks off in the middle as left out", async () => {
    const old = new Uint8Array(readFileSync(join(import.meta.dirname, "../../fixtures/nsight/old-export.sqlite")));
    // The length of a row in a page that both tables begin in: it then ends inside a column.
    old[8153] = 0;
    const trace = await importDatabase(old);
    const damage = "found damage after 0 rows (page 2: row 2 longer than it says); those rows were kept";
    expect(notesOf(trace).filter((note) => note.startsWith("damaged"))).toEqual([
      "damagedRow 2: rows that cannot be read to their end",
      ...["CUPTI_ACTIVITY_KIND_RUNTIME", "CUPTI_ACTIVITY_KIND_KERNEL"].map(
        (table) => `damaged ${table} 1: expected a sound table ${table}, ${damage}`,
      ),
    ]);
  });

  it("keeps the rows before a cut, and says what is missing", async () => {
    const rows = Array.from({ length: 4000 }, (_, i) => [i * 10, i * 10 + 5, 0, 7, 1]);
    const bytes = await makeDatabase({
      tables: { StringIds: names, CUPTI_ACTIVITY_KIND_KERNEL: kernels(rows) },
    });
    const trace = await importDatabase(bytes.subarray(0, 57_344));
    expect(trace.meta.ledger.outcome).toBe("partial");
    expect(trace.meta.ledger.truncatedAtByte).toBe(57_344);
    const [cut, damage] = notesOf(trace);
    expect(cut).toBe(
      `cut 1: expected ${bytes.length} bytes by the header, found 57344: rows in the missing pages are lost`,
    );
    expect(damage).toMatch(
      /^damaged CUPTI_ACTIVITY_KIND_KERNEL 1: expected a sound table CUPTI_ACTIVITY_KIND_KERNEL, found damage after \d+ rows \(page \d+: the end of the file\); those rows were kept$/,
    );
    expect(trace.spans.length).toBeGreaterThan(2000);
    expect(trace.spans.length).toBeLessThan(4000);
  });

  it("stops at pages that lead back to themselves", async () => {
    const rows = Array.from({ length: 4000 }, (_, i) => [i * 10, i * 10 + 5, 0, 7, 1]);
    const bytes = await makeDatabase({
      tables: { StringIds: names, CUPTI_ACTIVITY_KIND_KERNEL: kernels(rows) },
      pageBytes: 512,
    });
    // An inner page of a table (type 5): all its children become the first one.
    let looped = 0;
    const view = new DataView(bytes.buffer, bytes.byteOffset);
    for (let page = 1; page * 512 < bytes.length; page++) {
      const start = page * 512;
      if (bytes[start] !== 5) continue;
      const cells = view.getUint16(start + 3);
      const firstChild = view.getUint32(start + view.getUint16(start + 12));
      for (let cell = 1; cell < cells; cell++)
        view.setUint32(start + view.getUint16(start + 12 + 2 * cell), firstChild);
      looped++;
    }
    expect(looped).toBeGreaterThan(0);
    const trace = await importDatabase(bytes);
    expect(trace.spans.length).toBeLessThan(4000);
    expect(notesOf(trace).join("\n")).toMatch(/found damage after \d+ rows \(row \d+ follows row \d+\)/);
  });

  it("reads a database in write-ahead mode as it lies", async () => {
    const trace = await importDatabase(withBytes(18, [2, 2]));
    expect(trace.spans.length).toBe((await importDatabase(whole)).spans.length);
    expect(notesOf(trace)).toContain(
      "writeAhead 1: the database is in write-ahead mode; rows that are still in a -wal file beside it are not read",
    );
  });

  it("drops rows without a time, and counts them", async () => {
    const trace = await importDraft({
      tables: {
        StringIds: names,
        CUPTI_ACTIVITY_KIND_KERNEL: kernels([
          [0, 5, 0, 7, 1],
          ["soon", 20, 0, 7, 1],
          [30, null, 0, 7, 1],
          [40.5, 50, 0, 7, 1],
        ]),
      },
    });
    expect(trace.spans.length).toBe(1);
    expect(notesOf(trace)).toContain("badTime 3: rows whose start or end is no whole number, the first at row 2");
  });

  it("places text that is not UTF-8, strings that are missing, and times of 64 bits", async () => {
    const trace = await importDraft({
      tables: {
        StringIds: { columns: ["id INTEGER PRIMARY KEY", "value"], rows: [] },
        CUPTI_ACTIVITY_KIND_KERNEL: kernels([
          [0, 5, 0, 7, 1],
          [10, 15, 0, 7, 2],
          [9_223_372_036_854_775_000n, 9_223_372_036_854_775_001n, 0, 7, 2],
          [30, 20, 0, 7, 2],
        ]),
      },
      after: ["INSERT INTO StringIds VALUES (1, CAST(X'67ff656d' AS TEXT))"],
    });
    expect(textsOf(trace.strings)).toContain("g�em");
    expect(textsOf(trace.strings)).toContain("<string 2>");
    const notes = notesOf(trace).join("\n");
    expect(notes).toContain("invalidUtf8 1");
    expect(notes).toContain("missingStrings 1");
    expect(notes).toContain("outOfRange 1");
    expect(notes).toContain("negativeDuration 1");
  });

  it("takes neither views nor virtual nor computed tables for tables", async () => {
    const trace = await importDraft({
      tables: { StringIds: names, rows: kernels([[0, 5, 0, 7, 1]]) },
      after: [
        "CREATE VIEW CUPTI_ACTIVITY_KIND_KERNEL AS SELECT * FROM rows",
        'CREATE TABLE CUPTI_ACTIVITY_KIND_MEMCPY (start INTEGER, "end" INTEGER AS (start + 5), deviceId INTEGER, streamId INTEGER)',
        "INSERT INTO CUPTI_ACTIVITY_KIND_MEMCPY VALUES (1, 2, 3)",
        "CREATE TRIGGER t AFTER INSERT ON rows BEGIN SELECT 1; END",
      ],
    });
    expect(trace.spans.length).toBe(0);
    expect(notesOf(trace)).toContain("badTime 1: rows whose start or end is no whole number, the first at row 1");
  });

  it("takes the newest of tables with a version in their name", async () => {
    const trace = await importDraft({
      tables: {
        StringIds: names,
        CUPTI_ACTIVITY_KIND_KERNEL_V2: kernels([[0, 5, 0, 7, 1]]),
        CUPTI_ACTIVITY_KIND_KERNEL_V3: kernels([
          [0, 5, 0, 7, 1],
          [10, 15, 0, 7, 1],
        ]),
        CUPTI_ACTIVITY_KIND_KERNEL_Vx: kernels([]),
      },
    });
    expect(trace.spans.length).toBe(2);
  });

  it("leaves work unlinked where it could belong to several processes", async () => {
    const api = [
      [0, 1, globalId(1, 1), 5],
      [2, 3, globalId(2, 2), 5],
    ];
    const trace = await importDraft({
      tables: {
        CUPTI_ACTIVITY_KIND_RUNTIME: {
          columns: ["start", '"end"', "globalTid", "correlationId"],
          rows: api,
        },
        CUPTI_ACTIVITY_KIND_KERNEL: {
          columns: ["start", '"end"', "correlationId"],
          rows: [[4, 5, 5]],
        },
      },
    });
    const kernel = trace.tracks.find((track) => track.kind === "stream")?.firstSpan ?? -1;
    expect(linkOf(trace.spans, kernel)).toBe(0);
    expect(notesOf(trace).join("\n")).toContain("kernelsWithoutLaunch 1");
  });

  it("tells processes apart beyond 2^53", async () => {
    const tid = (machine: bigint): bigint => (machine << 56n) | globalId(7, 8);
    const trace = await importDraft({
      tables: {
        CUPTI_ACTIVITY_KIND_RUNTIME: {
          columns: ["start", '"end"', "globalTid"],
          rows: [
            [0, 1, tid(1n)],
            [2, 3, tid(2n)],
            [4, 5, tid(1n)],
          ],
        },
      },
    });
    const threads = trace.tracks.filter((track) => track.kind === "thread");
    expect(threads.map(({ detail, spanCount }) => `${detail} ${spanCount}`)).toEqual(["tid 8 2", "tid 8 1"]);
  });

  it("stands any change of its bytes: a trace or a refusal, never a hang", async () => {
    const flips = fc.array(fc.tuple(fc.nat(whole.length - 1), fc.nat(255)), {
      minLength: 1,
      maxLength: 40,
    });
    await fc.assert(
      fc.asyncProperty(flips, fc.nat(whole.length), fc.boolean(), async (changes, cut, isCut) => {
        const bytes = isCut ? whole.slice(0, cut) : whole.slice();
        for (const [offset, value] of changes) if (offset < bytes.length) bytes[offset] = value;
        await importDatabase(bytes).catch((error: unknown) => {
          if (!(error instanceof TraceFormatError)) throw error;
        });
      }),
      { numRuns: 60, interruptAfterTimeLimit: 15_000 },
    );
  }, 180_000);
});
