import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createInThreadRuns } from "../../../electron/engine/runs/in-thread-runs.ts";
import { backends } from "../../../native-bench/backends/registry.ts";
import { stepProtocol, type RunPlan } from "../../../native-bench/plan/run-plan.ts";
import { layersWorkload } from "../../fixtures/bench/layers-workload.ts";
import { openRunClient, type RunClient } from "./run-client.ts";
import { inspectReport } from "../../../traces/measure/integrity/inspect.ts";

const plan: RunPlan = {
  workload: "layers",
  variants: ["batched"],
  backends: ["onnxruntime-cpu"],
  options: { batch: [1, 4] },
  protocol: { ...stepProtocol, warmupMs: 5, minSamples: 10, maxSamples: 20, maxMs: 100 },
};

let subject: RunClient;
beforeEach(() => {
  subject = openRunClient(createInThreadRuns({ workloads: [layersWorkload], backends }));
});
afterEach(() => subject.close());

describe("commands about runs", () => {
  test("tell what can be run, with its options", async () => {
    const [facts] = await subject.client.call("bench.catalog", null);
    expect(facts).toMatchObject({ id: "layers", shape: "steps", options: { batch: { kind: "number", many: true } } });
  });

  test("name the device of every backend, or why there is none", async () => {
    const facts = await subject.client.call("bench.backends", null);
    expect(facts.find(({ id }) => id === "onnxruntime-cpu")?.availability.available).toBe(true);
    const cuda = facts.find(({ id }) => id === "onnxruntime-cuda")?.availability;
    expect(cuda).toMatchObject({ available: false, reason: "not installed", remedy: "npm run engine:ort-cuda" });
  });

  test("run a plan: the report, and a trace that answers queries and arguments", async () => {
    const { client, updates } = subject;
    const { report, findings } = await client.call("bench.start", { run: "r", trace: "t", name: "layers", plan });
    expect(findings).toEqual(inspectReport(report));
    expect(report.results.map(({ outcome }) => outcome)).toEqual(["measured", "measured"]);
    expect(report.environment.spanCostNs).toBeGreaterThan(0);
    expect(updates.some(({ kind }) => kind === "result")).toBe(true);
    const top = await client.call("table.top", {
      trace: "t",
      scope: {},
      group: "name",
      sort: "count",
      descending: true,
      first: 0,
      count: 20,
    });
    const steps = top.rows.find(({ path }) => path.at(-1) === "step");
    const taken = report.results.reduce((sum, { samplesMs, warmupSteps }) => sum + samplesMs.length + warmupSteps, 0);
    expect(steps).toMatchObject({ kind: "step", count: taken });
    const details = await client.call("span.details", { trace: "t", span: steps?.longestSpan ?? 0 });
    expect(details).toMatchObject({ args: [], argsUnavailable: null });
  });

  test("end early when they are told to, with what was measured", async () => {
    const { client } = subject;
    const long = { ...plan.protocol, minSamples: 500_000, maxSamples: 500_000, maxMs: 60_000 };
    const running = client.call("bench.start", {
      run: "r",
      trace: null,
      name: "layers",
      plan: { ...plan, protocol: long },
    });
    client.on("bench.progressed", ({ updates }) => {
      if (updates.some(({ kind }) => kind === "result")) void client.call("bench.stop", { run: "r" });
    });
    const { report } = await running;
    expect(report.results.map(({ outcome }) => outcome)).toEqual(["stopped", "stopped"]);
  });

  test("refuse a second run beside the first, and a key that is taken", async () => {
    const { client } = subject;
    const first = client.call("bench.start", { run: "r", trace: "t", name: "layers", plan });
    await expect(client.call("bench.start", { run: "s", trace: null, name: "layers", plan })).rejects.toThrow(
      "another run is going on",
    );
    await first;
    await expect(client.call("bench.start", { run: "s", trace: "t", name: "layers", plan })).rejects.toThrow(
      "a trace is already open under this key",
    );
  });

  test("refuse a plan that cannot run, and leave nothing behind", async () => {
    const { client } = subject;
    const wrong = { ...plan, variants: ["none"] };
    await expect(client.call("bench.start", { run: "r", trace: "t", name: "layers", plan: wrong })).rejects.toThrow(
      'no variant "none"; there is batched, loop',
    );
    await client.call("bench.start", { run: "r", trace: "t", name: "layers", plan });
  });
});
