import { appendFileSync, readdirSync } from "node:fs";
import { appendFile, copyFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { repositoryFolder } from "../../../electron/scripts/bundles.mjs";
import type { ImportedTrace } from "../../../electron/engine/imports/import-job.ts";
import { startSegmentThreads } from "../../../electron/engine/imports/segment-threads.ts";
import { openByteSource } from "../../../electron/engine/node-host.ts";
import type { SegmentThreads } from "../../../traces/importers/json-scan/scan-segments.ts";
import type { StoredContent } from "../../../traces/io/byte-source.ts";
import { CancelledError } from "../../../traces/model/errors.ts";
import { digestTrace } from "../../fixtures/digest-trace.ts";
import { createTemporaryFolder } from "../../harness/temporary-folder.ts";
import { corporaRoot, hasCorpora } from "../corpora/corpora.ts";
import { useBundles } from "./built-bundles.ts";
import { importPath } from "./import-here.ts";

const bundles = useBundles();

type Start = (path: string, stored: StoredContent) => SegmentThreads | null;

/** Without further threads for null. */
async function importScanned(path: string, start: Start | null, throwIfCancelled = (): void => undefined) {
  return await importPath(path, {
    throwIfCancelled,
    ...(start !== null && { segmentThreads: { fromBytes: 0, start } }),
  });
}

interface Seen {
  asked: number;
  answered: number;
}

/** Threads that the import waits for from its second chunk on, with small segments, so that small files have some. */
function startSmall(workerPath: string, count: number, seen: Seen): Start {
  return (path, stored) => {
    const threads = startSegmentThreads(workerPath, { path, stored }, count);
    return (
      threads && {
        count: threads.count,
        areUp: true,
        sizes: { segmentBytes: 2 ** 17, searchBytes: 2 ** 14 },
        async scan(thread, request) {
          seen.asked++;
          const segment = await threads.scan(thread, request);
          if (segment !== null) seen.answered++;
          return segment;
        },
        close: () => threads.close(),
      }
    );
  };
}

const samplesFolder = join(repositoryFolder, "traces/samples");
const samples = readdirSync(samplesFolder)
  .filter((name) => name.endsWith("counters.json"))
  .map((name) => join(samplesFolder, name));
const corpora = hasCorpora
  ? ["kineto", "chrome", "jaxjson"].flatMap((folder) =>
      readdirSync(join(corporaRoot, "files", folder))
        .filter((name) => name.endsWith(".json"))
        .map((name) => join(corporaRoot, "files", folder, name)),
    )
  : [];

/** A trace of some MB, so that there are segments behind the first chunk. */
async function writeLarge(): Promise<string> {
  const path = join(await createTemporaryFolder(), "large.json");
  const events = Array.from({ length: 60_000 }, (_, i) => {
    const args = { External: i, list: i % 50 === 0 ? [{ name: "inner" }, { ph: "X" }] : [] };
    return { ph: "X", cat: "cpu_op", name: `operator ${i % 300}`, pid: 1, tid: i % 4, ts: i * 10, dur: 7.5, args };
  });
  await writeFile(path, JSON.stringify({ schemaVersion: 1, traceEvents: events, traceName: "large" }));
  return path;
}

describe("threads that scan segments of a file", () => {
  it.each([...samples, ...corpora])("come to the same as one thread: %s", { timeout: 30_000 }, async (path) => {
    const alone = await importScanned(path, null).catch((error: unknown) => error);
    const together = await importScanned(path, startSmall(bundles().segmentWorker, 2, { asked: 0, answered: 0 })).catch(
      (error: unknown) => error,
    );
    if (alone instanceof Error) return expect(together).toEqual(alone);
    expect(digestTrace((together as ImportedTrace).trace)).toBe(digestTrace((alone as ImportedTrace).trace));
  });

  it.each([1, 2, 4])("find the events of a file of some MB: %i beside the import's own", async (count) => {
    const path = await writeLarge();
    const alone = digestTrace((await importScanned(path, null)).trace);
    const seen = { asked: 0, answered: 0 };
    const { trace } = await importScanned(path, startSmall(bundles().segmentWorker, count, seen));
    expect(digestTrace(trace)).toBe(alone);
    expect(seen.asked).toBeGreaterThan(10);
    // But for the last, in which no event may begin.
    expect(seen.answered).toBeGreaterThanOrEqual(seen.asked - 1);
  });

  it.each(["throw new Error('kaputt')", "process.exit(3)"])("are not missed when they die: %s", async (statement) => {
    const dying = join(await createTemporaryFolder(), "dying.cjs");
    await writeFile(dying, `require("node:worker_threads").parentPort.on("message", () => { ${statement}; });`);
    const path = await writeLarge();
    const alone = digestTrace((await importScanned(path, null)).trace);
    const seen = { asked: 0, answered: 0 };
    const { trace } = await importScanned(path, startSmall(dying, 2, seen));
    expect(digestTrace(trace)).toBe(alone);
    expect(seen).toEqual({ asked: expect.any(Number), answered: 0 });
    expect(seen.asked).toBeGreaterThan(0);
  });

  it("do not read another file than the one that is imported", async () => {
    const path = await writeLarge();
    const source = await openByteSource(path);
    const { stored } = source;
    source.close();
    if (stored === undefined) throw new Error("expected a file that is stored as it is");
    const other = `${path}.other`;
    await copyFile(path, other);
    await appendFile(other, " ");
    const threads = startSegmentThreads(bundles().segmentWorker, { path: other, stored }, 1);
    const request = { from: 0, to: 1000, size: 1000, buffer: 0, afresh: true };
    const sizes = { segmentBytes: 1000, searchBytes: 100 };
    expect(await threads?.scan(0, { ...request, sizes })).toBeNull();
    expect(threads?.areUp).toBe(false);
    threads?.close();
  });

  it.each([1, 4])("do not hide that the file changes while it is read: %i beside the import's own", async (count) => {
    const path = await writeLarge();
    const seen = { asked: 0, answered: 0 };
    let hasChanged = false;
    const imported = importScanned(path, startSmall(bundles().segmentWorker, count, seen), () => {
      if (seen.answered <= 3 || hasChanged) return;
      appendFileSync(path, " ");
      hasChanged = true;
    });
    await expect(imported).rejects.toThrow("The file changed on disk after it was opened.");
  });

  it("end with an import that is cancelled", async () => {
    const path = await writeLarge();
    const seen = { asked: 0, answered: 0 };
    let closed = false;
    const start: Start = (of, stored) => {
      const threads = startSmall(bundles().segmentWorker, 2, seen)(of, stored);
      return (
        threads && {
          ...threads,
          close() {
            closed = true;
            threads.close();
          },
        }
      );
    };
    const cancelled = importScanned(path, start, () => {
      if (seen.answered > 3) throw new CancelledError();
    });
    await expect(cancelled).rejects.toBeInstanceOf(CancelledError);
    expect(closed).toBe(true);
  });
});
