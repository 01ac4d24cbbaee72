import { mkdir, readdir, readFile, stat, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeEach, expect, it } from "vitest";
import { createCachedImports } from "../../../electron/engine/imports/cached-imports.ts";
import type { ImportedTrace, ImportJob, Imports } from "../../../electron/engine/imports/import-job.ts";
import { createInThreadImports } from "../../../electron/engine/imports/in-thread-imports.ts";
import { dumpTrace } from "../../fixtures/dump-trace.ts";
import { createTemporaryFolder } from "../../harness/temporary-folder.ts";
import { richEvents, writeEvents, writeManySpans } from "./event-files.ts";
import { textsOf } from "../../../traces/model/text-table.ts";

let folder: string;
let cache: string;
let jobs: ImportJob[];
beforeEach(async () => {
  folder = await createTemporaryFolder();
  cache = join(folder, "kept");
  jobs = [];
});

/** Opens a file as after a start of the app; notes what was really read. */
async function openOnce(path: string, limitBytes = 2 ** 30, freeBytes = 2 ** 40): Promise<ImportedTrace> {
  const inner = createInThreadImports();
  const noting: Imports = {
    run(job, watcher, signal) {
      jobs.push(job);
      return inner.run(job, watcher, signal);
    },
    close: () => inner.close(),
  };
  const imports = createCachedImports(noting, {
    folder: cache,
    limitBytes,
    writer: "test 1",
    smallestFileBytes: 10,
    freeBytes: () => freeBytes,
  });
  const job = { path, fileName: "rich.json", importer: null, allowLargeInflate: false };
  const watcher = { onProgress() {}, onSnapshot: null };
  const imported = await imports.run(job, watcher, new AbortController().signal);
  await imports.close();
  return imported;
}

it("opens a file again from what was kept, the same in every part", async () => {
  const path = await writeEvents(folder, "rich.json");
  const first = await openOnce(path);
  const second = await openOnce(path);
  expect(jobs.map(({ importer }) => importer)).toEqual([null, "deltaflame"]);
  expect(dumpTrace(second.trace)).toBe(dumpTrace(first.trace));
  expect(second.trace.meta).toEqual(first.trace.meta);
  // Places of events stay those of the file, so that arguments are read from it.
  expect(second.trace.spans.sourceLow).toEqual(first.trace.spans.sourceLow);
  const { residentBytes: _a, ...before } = first.outline;
  const { residentBytes: _b, ...after } = second.outline;
  expect(after).toEqual(before);
});

it("reads the file itself when it has changed, even at equal size and time", async () => {
  const path = await writeEvents(folder, "rich.json");
  const time = new Date(1_700_000_000_000);
  await utimes(path, time, time);
  await openOnce(path);
  await writeFile(path, (await readFile(path, "utf8")).replace("matmul", "mutmal"));
  await utimes(path, time, time);
  expect(dumpTrace((await openOnce(path)).trace)).toContain("mutmal");
  expect(jobs.map(({ importer }) => importer)).toEqual([null, null]);
});

it("reads the file itself when it has changed in the middle, at equal size and time of content", async () => {
  const path = writeManySpans(folder, "many.json", 5000);
  const time = new Date(1_700_000_000_000);
  await utimes(path, time, time);
  await openOnce(path);
  const bytes = await readFile(path);
  const at = bytes.indexOf('"op 7"', bytes.length / 2);
  bytes.write('"op ?"', at);
  await writeFile(path, bytes);
  await utimes(path, time, time);
  const again = await openOnce(path);
  expect(jobs.map(({ importer }) => importer)).toEqual([null, null]);
  expect(textsOf(again.trace.strings)).toContain("op ?");
});

it("keeps nothing that would take more than half of the free disk", async () => {
  const path = writeManySpans(folder, "many.json", 5000);
  const { residentBytes } = (await openOnce(path, 2 ** 30, 1000)).outline;
  expect(await readdir(cache)).toEqual([]);
  await openOnce(path, 2 ** 30, 2 * residentBytes - 2);
  expect(await readdir(cache)).toEqual([]);
  await openOnce(path, 2 ** 30, 2 * residentBytes + 2);
  expect(await readdir(cache)).toHaveLength(1);
});

it("reads the file itself when what was kept is damaged, and keeps it again", async () => {
  const path = await writeEvents(folder, "rich.json");
  const first = await openOnce(path);
  const [name = ""] = await readdir(cache);
  const bytes = await readFile(join(cache, name));
  bytes[200] = (bytes[200] ?? 0) ^ 1;
  await writeFile(join(cache, name), bytes);
  const noted = await openOnce(path);
  expect(dumpTrace(noted.trace)).toBe(dumpTrace(first.trace));
  for (const { notes } of [noted.outline.ledger, noted.trace.meta.ledger])
    expect(notes.map(({ code, message }) => `${code}: ${message}`)).toContainEqual(
      expect.stringMatching(
        /^keptCopyDamaged: the copy kept for quick opening was of no use, so the file was read again: expected checksum \w+ for the container's column "spans\.\w+", found \w+: the container is damaged$/,
      ),
    );
  expect((await openOnce(path)).outline.ledger.notes).toEqual(first.outline.ledger.notes);
  expect(jobs.map(({ importer }) => importer)).toEqual([null, "deltaflame", null, "deltaflame"]);
});

it("keeps no more than its limit, the last used longest", async () => {
  const a = await writeEvents(folder, "a.json");
  const b = await writeEvents(folder, "b.json", [...richEvents, ...richEvents]);
  await openOnce(a);
  const [kept = ""] = await readdir(cache);
  const size = (await readFile(join(cache, kept))).length;
  const old = new Date(1_600_000_000_000);
  await utimes(join(cache, kept), old, old);
  await openOnce(b, size * 1.5);
  expect((await readdir(cache)).includes(kept)).toBe(false);
  expect(await readdir(cache)).toHaveLength(1);
});

it("removes what an earlier program left half written, not what is being written", async () => {
  await mkdir(cache);
  for (const [name, minutes] of [
    [".old.tmp", 120],
    [".new.tmp", 1],
  ] as const) {
    await writeFile(join(cache, name), "half");
    const time = new Date(Date.now() - minutes * 60_000);
    await utimes(join(cache, name), time, time);
  }
  await openOnce(await writeEvents(folder, "rich.json"));
  const names = await readdir(cache);
  expect(names.filter((name) => name.endsWith(".tmp"))).toEqual([".new.tmp"]);
});

it("keeps kernels without a time axis too", async () => {
  const path = join(import.meta.dirname, "../../fixtures/ncu/two-kernels.ncu-rep");
  const first = await openOnce(path);
  expect((await openOnce(path)).trace.launches).toEqual(first.trace.launches);
  expect(jobs.map(({ importer }) => importer)).toEqual([null, "deltaflame"]);
});

it("passes an import by where nothing can be kept", async () => {
  const path = await writeEvents(folder, "rich.json");
  await writeFile(cache, "a file where the folder should be");
  await openOnce(path);
  await openOnce(path);
  expect(jobs.map(({ importer }) => importer)).toEqual([null, null]);
});

it("keeps what a changed limit allows: a lower one holds at once, and 0 keeps nothing", async () => {
  const paths = [writeManySpans(folder, "a.json", 2000), writeManySpans(folder, "b.json", 3000)];
  for (const path of paths) await openOnce(path);
  const sizes = await Promise.all((await readdir(cache)).map(async (name) => (await stat(join(cache, name))).size));
  expect(sizes).toHaveLength(2);
  const imports = createCachedImports(createInThreadImports(), {
    folder: cache,
    limitBytes: 2 ** 30,
    writer: "test 1",
    smallestFileBytes: 10,
  });
  await imports.limit(Math.max(...sizes));
  expect(await readdir(cache)).toHaveLength(1);
  await imports.limit(0);
  expect(await readdir(cache)).toEqual([]);
  const job = { path: paths[0] ?? "", fileName: "a.json", importer: null, allowLargeInflate: false };
  await imports.run(job, { onProgress() {}, onSnapshot: null }, new AbortController().signal);
  await imports.close();
  expect(await readdir(cache)).toEqual([]);
});
