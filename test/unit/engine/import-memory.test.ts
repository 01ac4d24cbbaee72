import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { limitsOf, performImport, spansOfMemory } from "../../../electron/engine/imports/perform-import.ts";
import { openByteSource } from "../../../electron/engine/node-host.ts";
import { UserFacingError } from "../../../traces/model/errors.ts";
import { allocatePlain, type Allocate } from "../../../traces/model/column.ts";

let folder = "";
let path = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "deltaflame-memory-"));
  path = join(folder, "spans.json");
  const events = Array.from({ length: 60_000 }, (_, i) => `{"ph":"X","pid":1,"tid":1,"name":"n","ts":${i},"dur":1}`);
  await writeFile(path, `[${events.join(",")}]`);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const job = { path: "", fileName: "spans.json", importer: null, allowLargeInflate: false };
async function importWith(allocate: Allocate) {
  const source = await openByteSource(path, { limits: limitsOf(job) });
  const watcher = { onProgress: () => undefined, onSnapshot: null };
  return await performImport(source, { ...job, path }, watcher, {
    allocate,
    throwIfCancelled: () => undefined,
    nowMs: () => performance.now(),
  });
}

describe("an import that memory is too small for", () => {
  test("says so, and after how many spans", async () => {
    let bytesLeft = 1_500_000;
    const allocate: Allocate = (byteLength) => {
      bytesLeft -= byteLength;
      // As V8 says it.
      if (bytesLeft < 0) throw new RangeError("Array buffer allocation failed");
      return allocatePlain(byteLength);
    };
    const failure = await importWith(allocate).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(UserFacingError);
    expect((failure as Error).message).toMatch(/^needs more memory than there is: it ran out after \d+.?\d* spans\. /u);
  });

  test("passes every other error on", async () => {
    const bug = new RangeError("Invalid typed array length: -1");
    await expect(
      importWith(() => {
        throw bug;
      }),
    ).rejects.toBe(bug);
  });

  test("takes fewer spans on a small machine, and 60 million on others", () => {
    expect(spansOfMemory(512e6)).toBe(4_826_666);
    expect(spansOfMemory(1e6)).toBe(100_000);
    expect(spansOfMemory(8e9)).toBeGreaterThan(60e6);
    expect(limitsOf({ allowLargeInflate: false }).spans).toBeLessThanOrEqual(60e6);
    expect(limitsOf({ allowLargeInflate: true }).inflatedBytes).toBe(Infinity);
  });
});
