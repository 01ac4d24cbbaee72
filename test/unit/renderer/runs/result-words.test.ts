import { describe, expect, test } from "vitest";
import type { BenchResult } from "../../../../traces/measure/bench-report.ts";
import {
  deviceWords,
  intervalWords,
  labelOf,
  limitWords,
  ratioWords,
  speedRatio,
} from "../../../../renderer/runs/result-words.ts";
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

  test("tell nodes that ran elsewhere, and outputs that did not change", () => {
    const placement = { WebGpuExecutionProvider: 210, CPUExecutionProvider: 4 };
    expect(limitWords(result({ placement, outputsChanged: false }))).toBe(
      "210 nodes on WebGpu, 4 nodes on CPU; outputs did not change with the inputs",
    );
  });

  test("claim no speed for what is outside its tolerance", () => {
    const reference = result({ medianMs: 8 });
    expect(ratioWords(speedRatio(result({}), reference))).toBe("4.00×");
    expect(ratioWords(speedRatio(result({ outcome: "excluded" }), reference))).toBe("not claimed");
  });

  test("claim no speed of an emulated adapter against a real processor", () => {
    const [real, emulated] = [result({ medianMs: 8 }), result({ software: true })];
    expect(speedRatio(emulated, real)).toBeNull();
    expect(speedRatio(emulated, result({ medianMs: 8, software: true }))).toBe(4);
  });

  test("name a configuration by what tells it from the others", () => {
    const [one, two] = [result({}), result({ variant: "naive", options: { batch: 8 } })];
    expect(labelOf(one, [one, two])).toBe("fast, batch 4");
    expect(labelOf(one, [one])).toBe("fast");
  });
});
