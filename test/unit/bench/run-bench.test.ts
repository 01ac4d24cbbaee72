import { afterEach, describe, expect, test } from "vitest";
import { describeResult } from "../../../electron/cli/bench/results-table.ts";
import { stepProtocol, type RunPlan } from "../../../native-bench/plan/run-plan.ts";
import { runBench } from "../../../native-bench/runner/run-bench.ts";
import { medianOf } from "../../../traces/measure/median-interval.ts";
import { allocatePlain } from "../../../traces/model/column.ts";
import { assertSealed } from "../../../traces/model/invariants.ts";
import { layersWorkload } from "../../fixtures/bench/layers-workload.ts";
import { createTestHost } from "../../fixtures/bench/run-host.ts";
import { textOf } from "../../../traces/model/text-table.ts";

const disposals: (() => void)[] = [];
afterEach(() => {
  for (const dispose of disposals.splice(0)) dispose();
});

function createHost(...args: Parameters<typeof createTestHost>): ReturnType<typeof createTestHost> {
  const host = createTestHost(...args);
  disposals.push(host.dispose);
  return host;
}

const plan: RunPlan = {
  workload: "layers",
  variants: ["batched", "loop"],
  backends: ["onnxruntime-cpu"],
  options: { batch: [1, 4] },
  protocol: { ...stepProtocol, warmupMs: 5, minSamples: 12, maxSamples: 40, maxMs: 200 },
};

describe("a run of short steps", () => {
  test("measures every configuration with new inputs in every step", async () => {
    const host = createHost([layersWorkload]);
    const report = await runBench(plan, host);
    expect(report.results.map(({ variant, options }) => [variant, options["batch"]])).toEqual([
      ["batched", 1],
      ["batched", 4],
      ["loop", 1],
      ["loop", 4],
    ]);
    for (const result of report.results) {
      expect(result).toMatchObject({ outcome: "measured", reason: null, outputsChanged: true, precision: "float32" });
      expect(result.samplesMs.length).toBeGreaterThanOrEqual(12);
      expect(result.medianMs).toBeCloseTo(medianOf(result.samplesMs), 12);
      expect(result.lowMs).toBeLessThanOrEqual(result.medianMs ?? 0);
      expect(result.highMs).toBeGreaterThanOrEqual(result.medianMs ?? 0);
      expect(result.itemsPerStep).toBe(result.options["batch"]);
      expect(result.placement).toMatchObject({ CPUExecutionProvider: expect.any(Number) as number });
      expect(result.loadMs).toBeGreaterThan(0);
      expect(result.firstStepMs).toBeGreaterThan(0);
      expect(result.peakBytes).toBeGreaterThan(10e6);
    }
    expect(report.environment.cores).toBeGreaterThan(0);
    const told = host.updates.flatMap((update) =>
      update.kind === "telemetry" && update.telemetry.kind === "progress" ? [update.telemetry.text] : [],
    );
    for (const doing of ["preparing", "warming up", "checking"]) expect(told).toContain(`${doing} loop · batch 4`);
    expect(report.environment.versions).toHaveProperty("onnxruntime-node");
  });

  test("records a trace: phases, configurations, steps, runs, nodes", async () => {
    const host = createHost([layersWorkload]);
    const report = await runBench(plan, host);
    const trace = host.recordings.toTrace(
      { name: "run", format: "live-run", formatLabel: "Live run", facts: [] },
      { allocate: allocatePlain, partial: false },
    );
    assertSealed(trace);
    const names = Array.from(trace.spans.name as Uint32Array, (name) => textOf(trace.strings, name));
    for (const phase of ["prepare", "warm-up", "measure", "check"]) expect(names).toContain(phase);
    expect(names).toContain("MatMul [CPU]");
    const steps = names.filter((name) => name === "step").length;
    const taken = report.results.reduce((sum, { samplesMs, warmupSteps }) => sum + samplesMs.length + warmupSteps, 0);
    expect(steps).toBe(taken);
    const memory = trace.tracks.find(({ name }) => name === "resident memory, MB");
    expect(memory?.kind).toBe("counter");
    const { value } = trace.counters;
    // One after each configuration's preparation, and more while it is measured.
    expect(value.length).toBeGreaterThan(8);
    for (const megabytes of Array.from(value as Float64Array)) expect(megabytes).toBeGreaterThan(10);
  });

  test("takes turns, so that no configuration has the machine to itself", async () => {
    const host = createHost([layersWorkload]);
    await runBench({ ...plan, variants: ["batched"], options: { batch: [1, 2] } }, host);
    const trace = host.recordings.toTrace(
      { name: "run", format: "live-run", formatLabel: "Live run", facts: [] },
      { allocate: allocatePlain, partial: false },
    );
    const names = Array.from(trace.spans.name as Uint32Array, (name) => textOf(trace.strings, name));
    const measured = names.slice(names.indexOf("measure"), names.indexOf("check"));
    const turns = measured.filter((name) => name.startsWith("batched"));
    const changes = turns.filter((name, i) => i > 0 && name !== turns[i - 1]).length;
    expect(changes).toBeGreaterThanOrEqual(3);
  });

  test("says of an unavailable backend why, and measures the others", async () => {
    const host = createHost([layersWorkload], {
      probe: (backend) =>
        backend.id === "onnxruntime-webgpu"
          ? Promise.resolve({ available: false, reason: "no adapter", remedy: "npm run x" })
          : backend.probe(),
    });
    const backends = ["onnxruntime-webgpu", "onnxruntime-cpu"];
    const { results } = await runBench({ ...plan, variants: ["batched"], options: {}, backends }, host);
    expect(results[0]).toMatchObject({
      outcome: "unavailable",
      reason: "no adapter; add it with npm run x",
      medianMs: null,
    });
    expect(results[1]).toMatchObject({ outcome: "measured", backend: "onnxruntime-cpu" });
  });

  test("keeps the budget within one sample, and says what it cut", async () => {
    const stepMs = 30;
    const slow = {
      ...layersWorkload,
      async prepare(...args: Parameters<typeof layersWorkload.prepare>) {
        const prepared = await layersWorkload.prepare(...args);
        const step = async () => {
          await prepared.step();
          await new Promise((resolve) => void setTimeout(resolve, stepMs));
        };
        return { ...prepared, step };
      },
    };
    const maxMs = 2.5 * stepMs;
    const protocol = { ...plan.protocol, warmupSteps: 20, minSamples: 20, maxMs };
    const only = { ...plan, variants: ["batched"], options: {} };
    const [result] = (await runBench({ ...only, protocol }, createHost([slow]))).results;
    const spentMs = result?.samplesMs.reduce((sum, ms) => sum + ms, 0) ?? 0;
    expect(spentMs - (result?.samplesMs.at(-1) ?? 0)).toBeLessThan(maxMs);
    expect(result).toMatchObject({ outcome: "measured", ended: "budget", samplesWanted: 20, warmupStepsWanted: 20 });
    expect(result?.sampleCount).toBeLessThanOrEqual(3);
    if (result === undefined) throw new Error("no result");
    expect(describeResult(result)).toMatch(
      /^stopped by budget after [123] samples?, too few: 20 wanted; warm-up stopped by budget after [123] steps? of 20/u,
    );

    const asked = { ...protocol, warmupSteps: 1, minSamples: 5, leastBeforeBudget: true };
    const [whole] = (await runBench({ ...only, protocol: asked }, createHost([slow]))).results;
    expect(whole?.sampleCount).toBe(5);
    expect(whole).not.toHaveProperty("samplesWanted");
  });

  test("tells the load of a shared session as that of the one that loaded it", async () => {
    const shared = {
      ...layersWorkload,
      async prepare(...args: Parameters<typeof layersWorkload.prepare>) {
        return { ...(await layersWorkload.prepare(...args)), session: args[0].variant };
      },
    };
    const { results } = await runBench(plan, createHost([shared]));
    const [first, second, other] = results;
    expect(second).toMatchObject({ loadMs: first?.loadMs, loadShared: true, peakShared: true });
    expect(first).not.toHaveProperty("loadShared");
    expect(other?.loadMs).not.toBe(first?.loadMs);
    const [alone] = (await runBench({ ...plan, variants: ["batched"], options: {} }, createHost([shared]))).results;
    expect(alone).not.toHaveProperty("peakShared");
  });

  test("tells an emulated adapter as what it is, and only where one answered", async () => {
    const device = { kind: "gpu", name: "SwiftShader (Vulkan on the CPU)", software: true } as const;
    const host = createHost([layersWorkload], {
      probe: (backend) =>
        backend.id === "onnxruntime-webgpu"
          ? Promise.resolve({ available: true, device: { ...device, precisions: ["float32"], versions: {} } })
          : backend.probe(),
    });
    const unpreparable = {
      ...layersWorkload,
      prepare: () => Promise.reject(new Error("nothing is computed here")),
    };
    const run = (backends: readonly string[]) =>
      runBench({ ...plan, variants: ["batched"], options: {}, backends }, { ...host, workloads: [unpreparable] });
    const named = "SwiftShader (Vulkan on the CPU), a software adapter";
    expect((await run(["onnxruntime-webgpu"])).environment.gpus).toContain(named);
    expect((await run(["onnxruntime-cpu"])).environment.gpus).not.toContain(named);
  });

  test("keeps going when one configuration fails, and reports the failure", async () => {
    const failing = {
      ...layersWorkload,
      async prepare(...args: Parameters<typeof layersWorkload.prepare>) {
        const prepared = await layersWorkload.prepare(...args);
        return args[0].variant === "loop" ? { ...prepared, digest: () => Number.NaN } : prepared;
      },
    };
    const { results } = await runBench({ ...plan, options: {} }, createHost([failing]));
    expect(results[0]).toMatchObject({ outcome: "measured" });
    expect(results[1]).toMatchObject({ outcome: "failed", reason: "step 0 computed NaN" });
  });

  test("notices outputs that do not change with the inputs", async () => {
    const cached = {
      ...layersWorkload,
      async prepare(...args: Parameters<typeof layersWorkload.prepare>) {
        return { ...(await layersWorkload.prepare(...args)), digest: () => 1 };
      },
    };
    const { results } = await runBench({ ...plan, variants: ["batched"], options: {} }, createHost([cached]));
    expect(results[0]?.outputsChanged).toBe(false);
  });

  test("ends soon after it is stopped and keeps what was measured", async () => {
    const host = createHost([layersWorkload], {
      tell(update) {
        if (update.kind === "result" && update.result.medianMs !== null) host.cancel();
      },
    });
    const long = { ...plan.protocol, minSamples: 100_000, maxSamples: 100_000, maxMs: 60_000 };
    const { results } = await runBench({ ...plan, protocol: long }, host);
    expect(results).toHaveLength(4);
    expect(results.every(({ outcome }) => outcome === "stopped")).toBe(true);
    expect(results.some(({ samplesMs }) => samplesMs.length > 0)).toBe(true);
  });

  test("claims nothing at any size for what fails its accuracy at one", async () => {
    const check = (batch: number) => ({
      id: "energy",
      label: "energy error",
      value: batch * 10,
      limit: 10,
      unit: "meV",
      passed: batch === 1,
    });
    const inexact = {
      ...layersWorkload,
      facts: { ...layersWorkload.facts, sizes: ["batch"] },
      async prepare(...args: Parameters<typeof layersWorkload.prepare>) {
        const { variant, options } = args[0];
        const checks = variant === "loop" ? [] : [check(options.batch)];
        const passed = checks.every((one) => one.passed);
        return { ...(await layersWorkload.prepare(...args)), checkAccuracy: () => Promise.resolve({ passed, checks }) };
      },
    };
    const host = createHost([inexact]);
    const { results } = await runBench(plan, host);
    expect(results.map(({ variant, outcome, reason }) => [variant, outcome, reason])).toEqual([
      ["batched", "excluded", "at batch 4: energy error: 40.0 meV, beyond 10.0"],
      ["batched", "excluded", "energy error: 40.0 meV, beyond 10.0"],
      ["loop", "measured", null],
      ["loop", "measured", null],
    ]);
    const told = host.updates.findLast((update) => update.kind === "result" && update.index === 0);
    expect(told).toMatchObject({ result: { outcome: "excluded" } });
    // Before the last size of the variant is checked nothing of it, and of what is never checked everything, may be claimed.
    const toldOf = (wanted: number) =>
      host.updates.flatMap((update) => (update.kind === "result" && update.index === wanted ? [update.result] : []));
    expect(
      toldOf(0)
        .slice(0, -1)
        .every(({ outcome, unchecked }) => outcome === "measured" && unchecked),
    ).toBe(true);
    expect(results.some(({ unchecked }) => unchecked === true)).toBe(false);
  });

  test("says of what was stopped before its check that it is not checked", async () => {
    const checked = {
      ...layersWorkload,
      facts: { ...layersWorkload.facts, sizes: ["batch"] },
      async prepare(...args: Parameters<typeof layersWorkload.prepare>) {
        const { options } = args[0];
        const checkAccuracy = () => {
          if (options.batch === 4) host.cancel();
          return Promise.resolve({ passed: true, checks: [] });
        };
        return { ...(await layersWorkload.prepare(...args)), checkAccuracy };
      },
    };
    const host = createHost([checked]);
    const { results } = await runBench({ ...plan, options: { batch: [1, 4, 8] } }, host);
    expect(results.map(({ outcome, unchecked }) => [outcome, unchecked])).toEqual(results.map(() => ["stopped", true]));
    expect(results[0]?.reason).toBe("stopped before its variant was checked at all sizes");
  });

  test("leaves out what fails its accuracy, with the check that failed", async () => {
    const wrong = {
      ...layersWorkload,
      async prepare(...args: Parameters<typeof layersWorkload.prepare>) {
        const check = {
          id: "energy",
          label: "energy error",
          value: 12.519105097,
          limit: 10,
          unit: "meV/atom",
          passed: false,
        };
        const checkAccuracy = () => Promise.resolve({ passed: false, checks: [check] });
        return { ...(await layersWorkload.prepare(...args)), checkAccuracy };
      },
    };
    const { results } = await runBench({ ...plan, variants: ["batched"], options: {} }, createHost([wrong]));
    expect(results[0]).toMatchObject({ outcome: "excluded", reason: "energy error: 12.5 meV/atom, beyond 10.0" });
  });

  test.each([
    [{ workload: "nothing" }, 'there is no workload "nothing"'],
    [{ variants: ["x"] }, 'no variant "x"; there is batched, loop'],
    [{ backends: [] }, "no backend is chosen; there is onnxruntime-cpu, onnxruntime-webgpu"],
    [{ options: { batch: [0] } }, "batch: must be a whole number from 1 to 4096, found 0"],
    [{ options: { size: [1] } }, 'no option "size"; there is batch'],
  ])("refuses a plan that cannot run: %o", async (change, message) => {
    await expect(runBench({ ...plan, ...change }, createHost([layersWorkload]))).rejects.toThrow(message);
  });
});
