import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, it, vi } from "vitest";
import { describeResult } from "../../../electron/cli/bench/results-table.ts";
import { stepProtocol, type RunPlan } from "../../../native-bench/plan/run-plan.ts";
import { runBench } from "../../../native-bench/runner/run-bench.ts";
import { studentForceField } from "../../../native-bench/workloads/student-force-field/student-force-field.ts";
import { variants } from "../../../native-bench/workloads/student-force-field/variants.ts";
import { inspectReport } from "../../../traces/measure/integrity/inspect.ts";
import { allocatePlain } from "../../../traces/model/column.ts";
import { createTestHost } from "../../fixtures/bench/run-host.ts";
import { textOf } from "../../../traces/model/text-table.ts";

// Sessions and references take a second or two where the machine has other work.
vi.setConfig({ testTimeout: 60_000 });

const disposals: (() => void)[] = [];
afterEach(() => {
  for (const dispose of disposals.splice(0)) dispose();
});
function createHost() {
  const host = createTestHost([studentForceField]);
  disposals.push(host.dispose);
  return host;
}

const plan: RunPlan = {
  workload: "student",
  variants: ["fast"],
  backends: ["onnxruntime-cpu"],
  options: { structures: ["mix"], batch: [3], network: ["ultra-tiny"] },
  protocol: { ...stepProtocol, warmupSteps: 1, warmupMs: 1, minSamples: 5, maxSamples: 6, maxMs: 100 },
};

describe("the student force field as a workload", () => {
  it("measures every variant that runs in this thread, each with new inputs and within its tolerances", async () => {
    const here = variants.filter(
      ({ unavailable, leastWorkers }) => unavailable === undefined && leastWorkers === undefined,
    );
    const report = await runBench({ ...plan, variants: here.map(({ id }) => id) }, createHost());
    for (const result of report.results) {
      expect(result).toMatchObject({ reason: null, outcome: "measured", outputsChanged: true, itemsPerStep: 3 });
      expect(result.facts).toMatchObject({ atoms: 12, edges: 38, weights: "seed 1", session: "own" });
      expect(result.placement?.["CPUExecutionProvider"]).toBeGreaterThan(50);
      expect(result.accuracy?.passed).toBe(true);
    }
    const checks = report.results[0].accuracy?.checks.map(({ id }) => id);
    expect(checks).toEqual([
      "energy-mean",
      "energy-max",
      "force-rmse",
      "gradient",
      "rotation",
      "translation",
      "permutation",
      "net-force",
      "company",
      "repeat",
      "repeat-energy",
      "repeat-force",
      "cutoff-jump",
    ]);
    const precisions = Object.fromEntries(report.results.map(({ variant, precision }) => [variant, precision]));
    expect(precisions).toMatchObject({
      naive: "float32",
      double: "float64",
      "fast-half": "float16 weights, computed in float32",
      "fast-int8": "int8",
    });
  });

  it("shows levers that cannot run with the reason", async () => {
    const missing = variants.filter(({ unavailable }) => unavailable !== undefined).map(({ id }) => id);
    const report = await runBench(
      { ...plan, variants: [...missing, "scatter-nd"], options: { ...plan.options, threads: [2] } },
      createHost(),
    );
    expect(report.results.map(({ outcome }) => outcome)).toEqual(report.results.map(() => "unavailable"));
    expect(report.results.at(-1)?.reason).toMatch(/ScatterND\(add\).*more than one thread/);
    for (const { reason } of report.results) expect(reason?.length).toBeGreaterThan(30);
  });

  it("records chunks with neighbor list, inputs, session.run and outputs", async () => {
    const host = createHost();
    await runBench(plan, host);
    const trace = host.recordings.toTrace(
      { name: "run", format: "live-run", formatLabel: "Live run", facts: [] },
      { allocate: allocatePlain, partial: false },
    );
    const names = new Set(
      Array.from({ length: trace.spans.length }, (_, i) => textOf(trace.strings, trace.spans.name[i])),
    );
    for (const name of ["step", "neighbor list", "chunk", "inputs", "session.run", "outputs"]) {
      expect(names).toContain(name);
    }
  });

  it("accuses no cache where atoms are alone or beyond the cutoff of each other, and says that it was not checked", async () => {
    const host = createHost();
    const [alone, apart] = ["alone.xyz", "apart.xyz"].map((name) => join(host.scratchFolder, name));
    writeFileSync(alone, "1\n\nC 0 0 0\n");
    writeFileSync(apart, "2\n\nC 0 0 0\nO 0 0 40\n");
    for (const file of [alone, apart]) {
      const report = await runBench({ ...plan, options: { ...plan.options, file: [file] } }, host);
      const [result] = report.results;
      expect(result).toMatchObject({ outcome: "measured", facts: { edges: 0 }, outputsChanged: null });
      expect(describeResult(result)).toContain(
        "change of outputs not checked: no atoms within the cutoff of each other",
      );
      expect(inspectReport(report).filter(({ severity }) => severity === "invalid")).toEqual([]);
    }
  });

  it("moves the box where its only atom sees nothing but its own images, so that answers follow the inputs", async () => {
    const host = createHost();
    const file = join(host.scratchFolder, "primitive.xyz");
    writeFileSync(file, '1\nLattice="4 0 0 0 4 0 0 0 4" Properties=species:S:1:pos:R:3 pbc="T T T"\nC 0 0 0\n');
    const report = await runBench({ ...plan, options: { ...plan.options, file: [file] } }, host);
    expect(report.results[0]).toMatchObject({ outcome: "measured", outputsChanged: true });
    expect(inspectReport(report).filter(({ severity }) => severity === "invalid")).toEqual([]);
  });

  it("finds the forces of a perfect crystal right, where those at its very sites are left to rounding", async () => {
    const host = createHost();
    const file = join(host.scratchFolder, "rock-salt.xyz");
    writeFileSync(file, '2\nLattice="0 2.8 2.8 2.8 0 2.8 2.8 2.8 0" pbc="T T T"\nNa 0 0 0\nCl 2.8 0 0\n');
    const variants = ["naive", "fast"];
    const { results } = await runBench({ ...plan, variants, options: { file: [file] } }, host);
    expect(results.map(({ outcome, reason }) => [outcome, reason])).toEqual(variants.map(() => ["measured", null]));
  });

  it("takes structures and weights of the user, and says what is wrong with them", async () => {
    const host = createHost();
    const file = join(host.scratchFolder, "two.xyz");
    writeFileSync(file, "2\n\nC 0 0 0\nO 0 0 1.13\n1\n\nAr 0 0 0\n");
    const report = await runBench({ ...plan, options: { ...plan.options, file: [file] } }, host);
    expect(report.results[0]).toMatchObject({ outcome: "measured", facts: { atoms: 5 } });

    const box = join(host.scratchFolder, "box.xyz");
    writeFileSync(box, '1\nLattice="9 0 0 0 9 0 0 0 9" Properties=species:S:1:pos:R:3 pbc="T T T"\nO 0 0 0\n');
    const refused = await runBench({ ...plan, options: { file: [box], neighbors: ["matrix"] } }, host);
    expect(refused.results[0]).toMatchObject({
      outcome: "unavailable",
      reason: "box.xyz is periodic; the distance matrix is offered for molecules only",
    });

    const broken = join(host.scratchFolder, "broken.safetensors");
    writeFileSync(broken, Uint8Array.of(1, 2));
    const failed = await runBench({ ...plan, options: { structures: ["h2o"], weights: [broken] } }, host);
    expect(failed.results[0]).toMatchObject({ outcome: "failed" });
    expect(failed.results[0].reason).toMatch(/expected a header length of 8 bytes, found 2/);
  });

  it("names the molecules that stand in where the reference would take too long", async () => {
    const subjectOf = async (structures: string) => {
      const options = { ...plan.options, structures: [structures], batch: [1] };
      const { results } = await runBench({ ...plan, options }, createHost());
      return results[0].accuracy?.checks.find(({ id }) => id === "energy-max")?.subject;
    };
    expect(await subjectOf("water648")).toBe("6 molecules of 3 to 12 atoms, as the reference takes too long here");
    expect(await subjectOf("h2o")).toBeUndefined();
  });

  it("tells atoms that are too close as they lie in the file, not as a step has moved them", async () => {
    const apart =
      "close.xyz: atoms 1 and 2 are 0.300 Å apart; the radial table begins at 0.5 Å. The naive variants take any distance";
    const together = "close.xyz: atoms 1 and 2 are at the same place, where forces between them have no direction";
    for (const [z, expected] of [
      ["0.300", [apart, null]],
      ["0", [together, together]],
    ] as const) {
      const host = createHost();
      const file = join(host.scratchFolder, "close.xyz");
      writeFileSync(file, `2\n\nC 0 0 0\nO 0 0 ${z}\n`);
      const options = { ...plan.options, file: [file], batch: [1] };
      const { results } = await runBench({ ...plan, variants: ["fast", "naive"], options }, host);
      expect(results.map(({ reason }) => reason)).toEqual(expected);
    }
  });
});
