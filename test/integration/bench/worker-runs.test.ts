import { closeSync, existsSync, openSync, statSync } from "node:fs";
import { getPriority } from "node:os";
import { mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { build } from "vite";
import { yieldingNiceness } from "../../../native-bench/machine/priority.ts";
import { createWorkerRuns } from "../../../electron/engine/runs/worker-runs.ts";
import { createBundleConfigs, repositoryFolder } from "../../../electron/scripts/bundles.mjs";
import { blockBytes } from "../../../native-bench/spans/record-block.ts";
import { recorderLoad } from "../../../native-bench/workloads/recorder-load/workload.ts";
import { sessionProtocol, stepProtocol, type RunPlan } from "../../../native-bench/plan/run-plan.ts";
import { layersWorkload } from "../../fixtures/bench/layers-workload.ts";
import { pacerWorkload } from "../../fixtures/bench/pacer-workload.ts";
import { openRunClient, type RunClient } from "./run-client.ts";

/* Runs in real worker threads, from a bundle made as the product's is, with workloads of tests. */

let folder = "";
let subject: RunClient;

beforeAll(async () => {
  // Below the checkout, so that the native module is found as it is from `dist`.
  folder = await mkdtemp(join(repositoryFolder, "node_modules", ".cache", "deltaflame-test-"));
  const configs = await createBundleConfigs(folder);
  const config = configs.find(({ build }) => String(build?.ssr).endsWith("workload-worker.ts"));
  const entry = join(repositoryFolder, "test", "fixtures", "bench", "test-workload-worker.ts");
  await build({ ...config, build: { ...config?.build, ssr: entry } });
}, 180_000);
afterAll(() => rm(folder, { recursive: true, force: true }));

beforeEach(() => {
  const catalog = [layersWorkload.facts, pacerWorkload.facts];
  subject = openRunClient(
    createWorkerRuns({ workerPath: join(folder, "engine", "workload.cjs"), catalog, yields: true }),
  );
});
afterEach(() => subject.close());

const steps: RunPlan = {
  workload: "layers",
  variants: ["batched"],
  backends: ["onnxruntime-cpu"],
  options: { batch: [1, 4] },
  protocol: { ...stepProtocol, warmupMs: 5, minSamples: 20, maxSamples: 4000, maxMs: 600, targetFraction: 0.0001 },
};
const usualNiceness = getPriority(0);
const lowered = Math.max(usualNiceness, yieldingNiceness);
const session: RunPlan = {
  workload: "pacer",
  variants: ["plain"],
  backends: ["onnxruntime-cpu"],
  options: { slices: [100] },
  protocol: sessionProtocol,
};

describe("runs in worker threads", () => {
  test("stream their spans: the trace grows before the run has ended", async () => {
    const { report } = await subject.client.call("bench.start", { run: "r", trace: "t", name: "layers", plan: steps });
    expect(report.results.map(({ outcome }) => outcome)).toEqual(["measured", "measured"]);
    const partial = subject.grown.filter((summary) => summary.partial);
    expect(partial.length).toBeGreaterThan(0);
    const last = subject.grown.at(-1);
    expect(last).toMatchObject({ partial: false, formatLabel: "Deltaflame run", fileName: "layers" });
    expect(partial[0]?.spanCount).toBeLessThan(last?.spanCount ?? 0);
  });

  test("give every thread a track of its own on one clock", async () => {
    const { report } = await subject.client.call("bench.start", { run: "r", trace: "t", name: "pacer", plan: session });
    expect(report.results[0]).toMatchObject({ outcome: "measured", facts: { sum: 4950 } });
    const tracks = subject.grown.at(-1)?.tracks ?? [];
    expect(tracks.map(({ name, spanCount }) => [name, spanCount])).toEqual([
      ["main", 2],
      ["adder", 100],
    ]);
    const { spans } = await subject.client.call("span.list", { trace: "t", scope: {}, first: 0, count: 200 });
    const fit = spans.find(({ name }) => name === "fit");
    const adds = spans.filter(({ name }) => name === "add");
    if (fit === undefined) throw new Error("no span of the session");
    // The thread starts after the session has begun and ends before it.
    expect(Math.min(...adds.map(({ startNs }) => startNs))).toBeGreaterThan(fit.startNs);
    expect(Math.max(...adds.map(({ startNs, durationNs }) => startNs + durationNs))).toBeLessThanOrEqual(
      fit.startNs + fit.durationNs,
    );
    const details = await subject.client.call("span.details", { trace: "t", span: fit.span });
    expect(details.args).toEqual([["slices", "100"]]);
  });

  test.runIf(process.platform === "linux")(
    "give way to the window, with every thread they start, and say so",
    async () => {
      const { client } = subject;
      const plan = { ...session, options: { slices: [5] } };
      const { report } = await client.call("bench.start", { run: "r", trace: "t", name: "pacer", plan });
      expect(report.environment.niceness).toBe(lowered);
      expect(report.environment.idleClass).toBe(existsSync("/usr/bin/chrt") ? true : undefined);
      const { spans } = await client.call("span.list", { trace: "t", scope: {}, first: 0, count: 20 });
      const added = spans.find(({ name }) => name === "add");
      const details = await client.call("span.details", { trace: "t", span: added?.span ?? -1 });
      expect(details.args).toEqual([["niceness", String(lowered)]]);
      // The engine itself answers as quickly as before.
      expect(getPriority(0)).toBe(usualNiceness);
    },
  );

  test("tell phases, progress and curves while they run", async () => {
    await subject.client.call("bench.start", { run: "r", trace: null, name: "pacer", plan: session });
    const telemetry = subject.updates.flatMap((update) => (update.kind === "telemetry" ? [update.telemetry] : []));
    expect(telemetry.some(({ kind }) => kind === "phase")).toBe(true);
    const points = telemetry.flatMap((one) => (one.kind === "points" ? one.points : []));
    expect(points).toHaveLength(100);
    expect(points.at(-1)).toEqual([99, 4950]);
  });

  test("end within a second and a half after they are stopped, even when the workload does not look", async () => {
    const deaf = { ...session, options: { slices: [10_000], obeys: [false] } };
    const running = subject.client.call("bench.start", { run: "r", trace: "t", name: "pacer", plan: deaf });
    // On a busy machine its worker takes a while to start.
    await expect.poll(() => subject.grown.at(-1)?.spanCount ?? 0, { timeout: 20_000 }).toBeGreaterThan(10);
    const startMs = performance.now();
    await subject.client.call("bench.stop", { run: "r" });
    const { report } = await running;
    expect(report.results).toMatchObject([{ outcome: "stopped", variant: "plain", medianMs: null }]);
    expect(performance.now() - startMs).toBeLessThan(5000);
    expect(subject.grown.at(-1)).toMatchObject({ partial: false });
    expect(subject.grown.at(-1)?.spanCount).toBeGreaterThan(10);
    // And the next run works.
    const again = await subject.client.call("bench.start", { run: "s", trace: null, name: "pacer", plan: session });
    expect(again.report.results[0]?.outcome).toBe("measured");
  });

  test("keep spans in a file that no longer fit into the memory of a recorder", async () => {
    const path = join(folder, "run");
    const descriptor = openSync(path, "w+");
    let isClosed = false;
    const runs = createWorkerRuns({
      workerPath: join(folder, "engine", "workload.cjs"),
      catalog: [recorderLoad.facts],
      yields: false,
      openFile: () => ({
        descriptor,
        slotCount: 200,
        close() {
          closeSync(descriptor);
          isClosed = true;
        },
      }),
    });
    const load = openRunClient(runs);
    const plan: RunPlan = {
      workload: "recorder",
      variants: ["slots"],
      backends: ["js-f64"],
      options: { rate: [1_000_000], seconds: [2.5], load: [0.05] },
      protocol: sessionProtocol,
    };
    const { report } = await load.client.call("bench.start", { run: "r", trace: "t", name: "load", plan });
    expect(report.results).toMatchObject([{ outcome: "measured" }]);
    expect(statSync(path).size).toBeGreaterThanOrEqual(blockBytes);
    const last = load.grown.at(-1);
    // The session itself is a span too.
    expect(last?.spanCount).toBe(Number(report.results[0]?.facts["spans"]) + 1);
    expect(last?.ledger.dropped).toEqual([]);
    await load.client.call("trace.close", { trace: "t" });
    await expect.poll(() => isClosed).toBe(true);
    await load.close();
  });

  test("probe in a thread of their own", async () => {
    const facts = await subject.client.call("bench.backends", null);
    expect(facts.find(({ id }) => id === "onnxruntime-cpu")?.availability.available).toBe(true);
  });
});
