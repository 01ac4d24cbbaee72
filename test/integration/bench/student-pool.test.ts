import { mkdtemp, rm } from "node:fs/promises";
import { cpus } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { build } from "vite";
import { createWorkerRuns } from "../../../electron/engine/runs/worker-runs.ts";
import { createBundleConfigs, repositoryFolder } from "../../../electron/scripts/bundles.mjs";
import { stepProtocol, type RunPlan } from "../../../native-bench/plan/run-plan.ts";
import { studentForceField } from "../../../native-bench/workloads/student-force-field/student-force-field.ts";
import { openRunClient, type RunClient } from "./run-client.ts";

/* The worker pool of the student force field, in real threads from a bundle made as the product's is. */

let folder = "";
let subject: RunClient;

beforeAll(async () => {
  folder = await mkdtemp(join(repositoryFolder, "node_modules", ".cache", "deltaflame-test-"));
  const configs = await createBundleConfigs(folder);
  const config = configs.find((one) => String(one.build?.ssr).endsWith("workload-worker.ts"));
  await build(config);
}, 180_000);
afterAll(() => rm(folder, { recursive: true, force: true }));

beforeEach(() => {
  const workerPath = join(folder, "engine", "workload.cjs");
  subject = openRunClient(createWorkerRuns({ workerPath, catalog: [studentForceField.facts], yields: false }));
});
afterEach(() => subject.close());

const plan: RunPlan = {
  workload: "student",
  variants: ["fast", "fast-pool"],
  backends: ["onnxruntime-cpu"],
  options: { batch: [12], network: ["ultra-tiny"] },
  protocol: { ...stepProtocol, warmupSteps: 2, warmupMs: 5, minSamples: 10, maxSamples: 20, maxMs: 500 },
};

describe.skipIf(cpus().length < 2)("the worker pool (skipped on a single core)", () => {
  test("shares the work with a thread of its own track, and agrees with the reference", async () => {
    const { report } = await subject.client.call("bench.start", { run: "r", trace: "t", name: "student", plan });
    expect(report.results.map(({ outcome, reason }) => [outcome, reason])).toEqual([
      ["measured", null],
      ["measured", null],
    ]);
    const [, pool] = report.results;
    expect(pool).toMatchObject({ outputsChanged: true, itemsPerStep: 12 });
    expect(Object.keys(pool?.placement ?? {})).toEqual(["CPUExecutionProvider"]);
    expect(pool?.accuracy?.passed).toBe(true);
    const tracks = subject.grown.at(-1)?.tracks ?? [];
    expect(tracks.find(({ name }) => name === "worker 2 of 2, fast-pool")?.spanCount).toBeGreaterThan(20);
  });

  test("gives every thread of several pools a track of its own name, live and in the trace that is kept", async () => {
    const several = { ...plan, variants: ["fast-loop", "fast-pool"], options: { ...plan.options, rank: [16, 24] } };
    const pools = { ...several, options: { ...several.options, workers: [2] } };
    await subject.client.call("bench.start", { run: "r", trace: "t", name: "student", plan: pools });
    const named = (subject.grown.at(-1)?.tracks ?? []).flatMap(({ name }) => (name.startsWith("worker") ? [name] : []));
    expect(named.toSorted()).toEqual([
      "worker 2 of 2, fast-loop · rank 16",
      "worker 2 of 2, fast-loop · rank 24",
      "worker 2 of 2, fast-pool · rank 16",
      "worker 2 of 2, fast-pool · rank 24",
    ]);
  });
});
