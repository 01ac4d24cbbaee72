import { readdirSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { getPriority } from "node:os";
import { basename, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from "vitest";
import type { TraceSummary } from "../../../electron/contract/engine-contract.ts";
import { createWorkerImports } from "../../../electron/engine/imports/worker-imports.ts";
import { warmUpImport } from "../../../electron/engine/workers/warm-up-import.ts";
import { importNiceness } from "../../../native-bench/machine/priority.ts";
import { createTemporaryFolder } from "../../harness/temporary-folder.ts";
import { buildBundles, type Bundles } from "./built-bundles.ts";
import { writeEvents, writeManySpans } from "./event-files.ts";
import { openEngine, type OpenEngine } from "./open-engine.ts";

// Files of 30 MB are read.
vi.setConfig({ testTimeout: 60_000 });

let bundles: Bundles;
beforeAll(async () => {
  bundles = await buildBundles();
}, 60_000);
afterAll(() => bundles.remove());

/** An engine whose imports run in workers of this bundle; closed with the test. */
function openWithWorkers(workerPath: string): OpenEngine {
  const opened = openEngine(createWorkerImports({ workerPath, forWindow: true }));
  onTestFinished(() => opened.engine.close());
  return opened;
}

/** Threads of this process with the niceness of imports. */
function countNicedThreads(): number {
  const isNiced = (thread: string): boolean => {
    try {
      return getPriority(Number(thread)) === importNiceness;
    } catch {
      // It has ended meanwhile.
      return false;
    }
  };
  return readdirSync("/proc/self/task").filter(isNiced).length;
}

const withoutTimes = (summary: TraceSummary): unknown => ({ ...summary, importMs: 0 });

describe("import workers", () => {
  it("give the same trace as an import on the own thread, in shared memory", async () => {
    const path = await writeEvents(await createTemporaryFolder(), "rich.json");
    const inWorker = openWithWorkers(bundles.worker);
    expect(withoutTimes(await inWorker.open(path))).toEqual(withoutTimes(await openEngine().open(path)));
    const imported = await createWorkerImports({ workerPath: bundles.worker, forWindow: false }).run(
      { path, fileName: "rich.json", importer: null, allowLargeInflate: false },
      { onProgress: () => undefined, onSnapshot: () => undefined },
      new AbortController().signal,
    );
    expect((imported.trace.spans.startNs as Float64Array).buffer).toBeInstanceOf(SharedArrayBuffer);
  });

  it.skipIf(process.platform !== "linux" || getPriority(0) >= importNiceness)(
    "give way to the window, and to it alone",
    async () => {
      const startWorker = (forWindow: boolean): Promise<unknown> =>
        openEngine(createWorkerImports({ workerPath: bundles.worker, forWindow }))
          .open("/nowhere.json")
          .catch(() => null);
      const before = countNicedThreads();
      await startWorker(false);
      expect(countNicedThreads()).toBe(before);
      openWithWorkers(bundles.worker);
      await vi.waitUntil(() => countNicedThreads() > before, { timeout: 20_000 });
    },
  );

  it("get ready by reading a trace of their own", async () => {
    await expect(warmUpImport()).resolves.toBeUndefined();
  });

  it("show a growing trace that answers queries, then the whole", async () => {
    const folder = await createTemporaryFolder();
    const path = writeManySpans(folder, "many.json", 250_000);
    const { client, open } = openWithWorkers(bundles.worker);
    const seen: number[] = [];
    const answers: Promise<number>[] = [];
    client.on("trace.grew", (summary) => {
      expect(summary).toMatchObject({ trace: "t", partial: true });
      seen.push(summary.spanCount);
      answers.push(client.call("span.list", { trace: "t", scope: {}, first: 0, count: 1 }).then((page) => page.total));
    });
    const sealed = await open(path);
    expect(sealed).toMatchObject({ spanCount: 250_000, partial: false });
    expect(seen.length).toBeGreaterThanOrEqual(1);
    for (const [index, count] of seen.entries()) expect(count).toBeGreaterThanOrEqual(4 * (seen[index - 1] ?? 0));
    for (const total of await Promise.all(answers)) expect(total).toBeGreaterThan(0);
    expect((await client.call("span.list", { trace: "t", scope: {}, first: 0, count: 1 })).total).toBe(250_000);
  });

  it("end with a cancelled call, leave nothing behind, and free the key", async () => {
    const folder = await createTemporaryFolder();
    const path = writeManySpans(folder, "many.json", 250_000);
    const { engine, client, open } = openWithWorkers(bundles.worker);
    engine.grant(path, { path, name: basename(path) });
    const abort = new AbortController();
    const call = client.call(
      "trace.open",
      { trace: "t", file: path },
      { signal: abort.signal, onProgress: () => abort.abort() },
    );
    await expect(call).rejects.toMatchObject({ name: "CancelledError" });
    await expect
      .poll(() => client.call("names.get", { trace: "t", ids: [0] }).catch((error: Error) => error.message))
      .toBe("this trace is not open");
    expect((await open(path)).spanCount).toBe(250_000);
  });

  it("are ended by force when they do not look at the flag", async () => {
    const folder = await createTemporaryFolder();
    const deaf = join(folder, "deaf.cjs");
    await writeFile(deaf, 'require("node:worker_threads").parentPort.on("message", () => { for (;;); });');
    const imports = createWorkerImports({ workerPath: deaf, forWindow: false });
    const abort = new AbortController();
    const job = { path: "x", fileName: "x", importer: null, allowLargeInflate: false };
    const run = imports.run(job, { onProgress: () => undefined, onSnapshot: () => undefined }, abort.signal);
    abort.abort();
    await expect(run).rejects.toMatchObject({ name: "CancelledError" });
    await imports.close();
  });

  it("that die fail their own call only", async () => {
    const folder = await createTemporaryFolder();
    const path = await writeEvents(folder, "rich.json");
    const dying = join(folder, "dying.cjs");
    // Dies on files called "bad…", hands the others to the real worker.
    await writeFile(
      dying,
      `const { parentPort } = require("node:worker_threads");
       parentPort.on("message", ({ job }) => { if (job.fileName.startsWith("bad")) process.exit(7); if (job.fileName.startsWith("worse")) throw new Error("kaputt"); });
       require(${JSON.stringify(bundles.worker)});`,
    );
    const { engine, client, open } = openWithWorkers(dying);
    engine.grant("bad", { path, name: "bad.json" });
    engine.grant("worse", { path, name: "worse.json" });
    await expect(client.call("trace.open", { trace: "b", file: "bad" })).rejects.toMatchObject({
      name: "UserFacingError",
      message: "the import ended unexpectedly (exit code 7)",
    });
    await expect(client.call("trace.open", { trace: "w", file: "worse" })).rejects.toMatchObject({
      name: "UserFacingError",
      message: "the import ended unexpectedly (kaputt)",
    });
    expect((await open(path)).spanCount).toBe(5);
  });
});
