import { afterEach, describe, expect, test } from "vitest";
import {
  defaultProtocol,
  repeatedProtocol,
  sessionProtocol,
  type RunPlan,
} from "../../../native-bench/plan/run-plan.ts";
import { runBench } from "../../../native-bench/runner/run-bench.ts";
import { streamingOptimizerFacts } from "../../../native-bench/workloads/streaming-optimizer/facts.ts";
import type { SessionWorkload } from "../../../native-bench/workloads/workload.ts";
import { createTestHost } from "../../fixtures/bench/run-host.ts";

const disposals: (() => void)[] = [];
afterEach(() => {
  for (const dispose of disposals.splice(0)) dispose();
});

/** Takes as long as the next of the given times says, ms; keeps in which order the variants ran. */
function createTold(
  times: Readonly<Record<string, readonly number[]>>,
): SessionWorkload & { readonly order: string[] } {
  const order: string[] = [];
  return {
    order,
    facts: {
      id: "told",
      title: "Told",
      description: "Takes as long as it is told.",
      shape: "session",
      item: { one: "item", many: "items" },
      variants: Object.keys(times).map((id) => ({ id, label: id, help: id })),
      defaultVariants: ["slow"],
      backends: ["js-f64"],
      options: {},
      axes: [],
      curves: [],
    },
    run({ variant }) {
      const turn = order.filter((each) => each === variant).length;
      order.push(variant);
      const elapsedMs = times[variant]?.[turn] ?? times[variant]?.at(-1) ?? Number.NaN;
      return Promise.resolve({
        itemsPerStep: 1,
        facts: {},
        precision: "float64",
        elapsedMs,
        loadMs: 0,
        accuracy: null,
      });
    },
  };
}

async function runTold(workload: SessionWorkload, protocol: RunPlan["protocol"]) {
  const host = createTestHost([workload]);
  disposals.push(host.dispose);
  const variants = workload.facts.variants.map(({ id }) => id);
  return await runBench({ workload: "told", variants, backends: ["js-f64"], options: {}, protocol }, host);
}

describe("sessions that are repeated", () => {
  test("take turns, and the first of each only warms up", async () => {
    const workload = createTold({ slow: [900, 20, 21, 22, 23, 24, 25], quick: [700, 5, 6, 7, 8, 9, 10] });
    const { results } = await runTold(workload, { ...repeatedProtocol, maxSamples: 6 });
    expect(results).toMatchObject([
      { samplesMs: [20, 21, 22, 23, 24, 25], firstStepMs: 900, warmupSteps: 1, medianMs: 22.5 },
      { samplesMs: [5, 6, 7, 8, 9, 10], firstStepMs: 700, warmupSteps: 1, medianMs: 7.5 },
    ]);
    for (let turn = 0; turn < 14; turn += 2)
      expect(workload.order.slice(turn, turn + 2).toSorted()).toEqual(["quick", "slow"]);
  });

  test("count from the first where one alone outlasts the budget, and say that nothing warmed it up", async () => {
    const workload = createTold({ slow: [5000, 4900], quick: [2] });
    const { results } = await runTold(workload, { ...repeatedProtocol, maxMs: 4000, maxSamples: 6 });
    expect(results[0]?.samplesMs[0]).toBe(5000);
    expect(results[0]).toMatchObject({ warmupSteps: 0, warmupStepsWanted: 1, firstStepMs: null });
    expect(results[1]).toMatchObject({ warmupSteps: 1, sampleCount: 6 });
    expect(results[1]).not.toHaveProperty("warmupStepsWanted");
  });

  test("are the sides of a case; a fit runs once", () => {
    const protocolOf = (...variants: string[]) => defaultProtocol(streamingOptimizerFacts, variants);
    expect(protocolOf("fused")).toBe(sessionProtocol);
    expect(protocolOf("redundant-passes/three", "redundant-passes/one")).toBe(repeatedProtocol);
    expect(protocolOf("fused", "scan-loop/host")).toBe(repeatedProtocol);
  });
});
