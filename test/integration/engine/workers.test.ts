import { existsSync, readdirSync, readFileSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { getPriority } from "node:os";
import { basename, join } from "node:path";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import type { Progress, TraceSummary } from "../../../electron/contract/engine-contract.ts";
import { performImport } from "../../../electron/engine/imports/perform-import.ts";
import { createWorkerImports } from "../../../electron/engine/imports/worker-imports.ts";
import { warmUpPicture, warmUpScan } from "../../../electron/engine/workers/warm-up-import.ts";
import { memorySource } from "../../../traces/io/memory-source.ts";
import { allocatePlain } from "../../../traces/model/column.ts";
import { importNiceness } from "../../../native-bench/machine/priority.ts";
import { createTemporaryFolder } from "../../harness/temporary-folder.ts";
import { useBundles } from "./built-bundles.ts";
import { writeEvents, writeManySpans } from "./event-files.ts";
import { openEngine, type OpenEngine } from "./open-engine.ts";

// Files of 30 MB are read.
vi.setConfig({ testTimeout: 60_000 });

const bundles = useBundles();

/** An engine whose imports run in workers of this bundle; closed with the test. */
function openWithWorkers(workerPath: string): OpenEngine {
  const opened = openEngine(createWorkerImports({ workerPath, forWindow: true }));
  onTestFinished(() => opened.engine.close());
  return opened;
}

/** Threads of this process with the niceness of imports. */
function findNicedThreads(): readonly string[] {
  const isNiced = (thread: string): boolean => {
    try {
      return getPriority(Number(thread)) === importNiceness;
    } catch {
      // It has ended meanwhile.
      return false;
    }
  };
  return readdirSync("/proc/self/task").filter(isNiced);
}

const withoutTimes = (summary: TraceSummary): unknown => ({ ...summary, importMs: 0 });

describe("import workers", () => {
  it("give the same trace as an import on the own thread, in shared memory", async () => {
    const path = await writeEvents(await createTemporaryFolder(), "rich.json");
    const inWorker = openWithWorkers(bundles().worker);
    expect(withoutTimes(await inWorker.open(path))).toEqual(withoutTimes(await openEngine().open(path)));
    const imported = await createWorkerImports({ workerPath: bundles().worker, forWindow: false }).run(
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
        openEngine(createWorkerImports({ workerPath: bundles().worker, forWindow }))
          .open("/nowhere.json")
          .catch(() => null);
      const before = findNicedThreads();
      const findNew = (): readonly string[] => findNicedThreads().filter((thread) => !before.includes(thread));
      await startWorker(false);
      expect(findNew()).toEqual([]);
      openWithWorkers(bundles().worker);
      await vi.waitUntil(() => findNew().length > 0, { timeout: 20_000 });
    },
  );

  it("get ready by reading traces of their own, and stop between two when a file comes", async () => {
    for (const warmUp of [warmUpPicture, warmUpScan]) {
      const goesOn = vi.fn(() => Promise.resolve(true));
      await warmUp(goesOn);
      const stepCount = goesOn.mock.calls.length;
      expect(stepCount).toBeGreaterThan(5);
      const stops = vi.fn(() => Promise.resolve(stops.mock.calls.length < 3));
      await warmUp(stops);
      expect(stops).toHaveBeenCalledTimes(3);
    }
  });

  it("wait for a file that comes later, and are followed by another one", async () => {
    const folder = await createTemporaryFolder();
    const path = await writeEvents(folder, "rich.json");
    const log = join(folder, "log");
    const noting = join(folder, "noting.cjs");
    await writeFile(
      noting,
      `const { parentPort, threadId } = require("node:worker_threads");
       const note = (what) => require("node:fs").appendFileSync(${JSON.stringify(log)}, what + " " + threadId + "\\n");
       note("starts");
       parentPort.on("message", () => note("reads"));
       require(${JSON.stringify(bundles().worker)});`,
    );
    const lines = (): readonly string[] => (existsSync(log) ? readFileSync(log, "utf8").trim().split("\n") : []);
    const { client, open } = openWithWorkers(noting);
    for (const opened of [0, 1]) {
      await vi.waitUntil(() => lines().length > 2 * opened, { timeout: 20_000 });
      expect((await open(path)).spanCount).toBe(5);
      await client.call("trace.close", { trace: "t" });
      const [starts, reads] = lines().slice(2 * opened);
      expect(reads).toBe(starts?.replace("starts", "reads"));
    }
  });

  it("that die while they wait are no loss", async () => {
    const folder = await createTemporaryFolder();
    const path = await writeEvents(folder, "rich.json");
    const mark = join(folder, "mark");
    const dying = join(folder, "dying.cjs");
    await writeFile(
      dying,
      `const { existsSync, writeFileSync } = require("node:fs");
       const mark = ${JSON.stringify(mark)};
       if (existsSync(mark)) require(${JSON.stringify(bundles().worker)});
       else { writeFileSync(mark, ""); throw new Error("kaputt"); }`,
    );
    const { open } = openWithWorkers(dying);
    await vi.waitUntil(() => existsSync(mark), { timeout: 20_000 });
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect((await open(path)).spanCount).toBe(5);
  });

  it.skipIf(process.platform !== "linux" || getPriority(0) >= importNiceness)(
    "end with the engine, with the threads that they started to be ready",
    async () => {
      const before = findNicedThreads();
      const findNew = (): readonly string[] => findNicedThreads().filter((thread) => !before.includes(thread));
      const { engine } = openWithWorkers(bundles().worker);
      // Its own, and that of the thread that reads.
      await vi.waitUntil(() => findNew().length >= 2, { timeout: 20_000 });
      await engine.close();
      await vi.waitUntil(() => findNew().length === 0, { timeout: 20_000 });
    },
  );

  it("tell when all is read, however soon that is", async () => {
    const bytes = new TextEncoder().encode(
      `[${Array.from({ length: 3 }, (_, i) => `{"ph":"X","name":"n","ts":${i},"dur":1,"pid":1,"tid":1}`).join(",")}]`,
    );
    const told: Progress[] = [];
    await performImport(
      memorySource(bytes, 50),
      { path: "", fileName: "few.json", importer: null, allowLargeInflate: false },
      { onProgress: (progress) => told.push(progress), onSnapshot: null },
      { allocate: allocatePlain, throwIfCancelled: () => undefined, nowMs: () => 0 },
    );
    expect(told.length).toBe(2);
    expect(told[0]?.done).toBeLessThan(bytes.length);
    expect(told[1]).toEqual({ done: bytes.length, total: bytes.length, unit: "bytes" });
  });

  it("show a growing trace that answers queries, then the whole", async () => {
    const folder = await createTemporaryFolder();
    const path = writeManySpans(folder, "many.json", 250_000);
    const { client, open } = openWithWorkers(bundles().worker);
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
    const { engine, client, open } = openWithWorkers(bundles().worker);
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
       require(${JSON.stringify(bundles().worker)});`,
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
