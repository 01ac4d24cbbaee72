import { describe, expect, test } from "vitest";
import type { BenchResult } from "../../../../traces/measure/bench-report.ts";
import {
  devicesWords,
  deviceWords,
  intervalWords,
  labelOf,
  limitWords,
  referenceWords,
  winsWords,
} from "../../../../renderer/runs/result-words.ts";
import { describeResult } from "../../../../electron/cli/bench/results-table.ts";
import { referencesOf } from "../../../../traces/measure/equal-work.ts";
import { speedRatio } from "../../../../traces/measure/speed-ratio.ts";
import { ratioWords, speedUpWords } from "../../../../traces/measure/speed-words.ts";
import { describeUnmeasured } from "../../../../native-bench/runner/result.ts";

function result(change: Partial<BenchResult>): BenchResult {
  const configuration = { variant: "fast", backend: "cpu", options: { batch: 4 } };
  return { ...describeUnmeasured(configuration, "measured", null), medianMs: 2, ...change };
}

describe("words about results", () => {
  test("give the interval with the estimate, in one unit", () => {
    expect(intervalWords(result({ medianMs: 0.412, lowMs: 0.4, highMs: 0.43 }))).toBe("412\u2009µs [400, 430]");
    expect(intervalWords(result({ medianMs: null }))).toBe("not measured");
  });

  test("never call an emulated adapter a GPU", () => {
    const words = deviceWords(
      result({ device: "SwiftShader (Vulkan on the CPU)", software: true, precision: "float32" }),
    );
    expect(words).toBe("SwiftShader (Vulkan on the CPU), float32, software, no measure of a GPU");
  });

  test("name each device once, with the precisions it computed in", () => {
    const on = (device: string, precision: string | null) => result({ device, precision });
    expect(devicesWords([on("Xeon", "float32"), on("Xeon", "int8"), on("Xeon", "float32"), on("GPU", null)])).toBe(
      "Xeon, float32 or int8; GPU",
    );
  });

  test("tell nodes that ran elsewhere, and outputs that did not change", () => {
    const placement = { WebGpuExecutionProvider: 210, CPUExecutionProvider: 4 };
    expect(limitWords(result({ placement, outputsChanged: false }))).toBe(
      "210 nodes on WebGpu, 4 nodes on CPU; outputs did not change with the inputs",
    );
    const alone = { facts: { atoms: 1, edges: 0 } };
    for (const outputsChanged of [null, false])
      expect(limitWords(result({ ...alone, outputsChanged }))).toBe(
        "change of outputs not checked: no atoms within the cutoff of each other",
      );
    expect(limitWords(result({ facts: { atoms: 3, edges: 6 }, outputsChanged: null }))).toBe("");
  });

  test("tell what was counted and is no reason to exclude, in the window and in the terminal", () => {
    const repeat = {
      id: "repeat",
      label: "runs that differ",
      value: 11,
      unit: "of 12",
      limit: null,
      count: true,
    } as const;
    const told = result({ accuracy: { passed: true, checks: [{ ...repeat, passed: true }] } });
    expect(limitWords(told)).toBe("runs that differ: 11 of 12");
    expect(describeResult(told)).toBe("runs that differ: 11 of 12");
  });

  test("say an outcome once where its reason begins with it", () => {
    expect(limitWords(result({ outcome: "stopped", reason: "stopped before it was settled" }))).toBe(
      "stopped before it was settled",
    );
    expect(limitWords(result({ outcome: "failed", reason: "out of memory" }))).toBe("failed: out of memory");
  });

  test("claim no speed for what is outside its tolerance", () => {
    const reference = result({ medianMs: 8 });
    expect(ratioWords(speedRatio(result({}), reference))).toBe("4.00× [interval unknown]");
    expect(ratioWords(speedRatio(result({ outcome: "excluded" }), reference))).toBe("not claimed");
  });

  test("hold a speed-up back until the accuracy is checked", () => {
    const reference = result({ medianMs: 8, variant: "naive" });
    const open = result({ unchecked: true });
    expect(speedRatio(open, reference)).toBeNull();
    expect(speedUpWords(open, reference)).toBe("accuracy not checked yet");
    expect(speedUpWords(result({}), { ...reference, unchecked: true })).toBe("accuracy not checked yet");
    expect(speedUpWords({ ...open, outcome: "stopped" }, reference)).toBe("accuracy not checked");
    expect(speedUpWords({ ...open, outcome: "excluded" }, reference)).toBe("not claimed");
    expect(speedUpWords(open, open)).toBe("reference");
    expect(speedUpWords(result({}), reference)).toBe("4.00× [interval unknown]");
  });

  test("claim no speed of an emulated adapter against a real processor", () => {
    const [real, emulated] = [result({ medianMs: 8 }), result({ software: true })];
    expect(speedRatio(emulated, real)).toBeNull();
    expect(speedRatio(emulated, result({ medianMs: 8, software: true }))?.value).toBe(4);
  });

  test("name a configuration by what tells it from the others", () => {
    const [one, two] = [result({}), result({ variant: "naive", options: { batch: 8 } })];
    expect(labelOf(one, [one, two])).toBe("fast, batch 4");
    expect(labelOf(one, [one])).toBe("fast");
  });

  test("name what speeds are told against, and the fastest at each work", () => {
    const at = (variant: string, structures: string, medianMs: number) =>
      result({ variant, medianMs, options: { structures, threads: 1 } });
    const results = [at("naive", "h2o", 1), at("naive", "c60", 96), at("fast", "h2o", 0.5), at("fast", "c60", 6)];
    expect(referenceWords(results, referencesOf(results, ["threads"]), ["threads"])).toMatch(
      /^Times as fast as naive at the same work, measured in the same run: ratio of the medians of one run, 95 % interval by bootstrap/u,
    );
    const threads = [1, 2].map((count) => result({ options: { threads: count } }));
    expect(referenceWords(threads, referencesOf(threads, ["threads"]), ["threads"])).toMatch(
      /^Times as fast as fast, threads 1 at the same work, measured in the same run: /u,
    );
    expect(winsWords([...results.slice(2), at("naive", "ch4", 1)])).toBe("fast at 2 of 3, naive at 1 of 3");
  });
});
