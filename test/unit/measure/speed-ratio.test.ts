import { describe, expect, test } from "vitest";
import { describeUnmeasured, summarizeSamples } from "../../../native-bench/runner/result.ts";
import type { BenchResult } from "../../../traces/measure/bench-report.ts";
import { createRandom } from "../../../traces/measure/random.ts";
import { holdsOne, speedRatio } from "../../../traces/measure/speed-ratio.ts";
import { fasterWords, ratioRangeWords, ratioWords } from "../../../traces/measure/speed-words.ts";

function measured(variant: string, samplesMs: readonly number[]): BenchResult {
  const configuration = { variant, backend: "onnxruntime-cpu", options: {} };
  return { ...describeUnmeasured(configuration, "measured", null), ...summarizeSamples(samplesMs, 1) };
}

/** Log-normal times around `median`, each like the one before by `rho`. */
function draw(median: number, count: number, seed: string, rho = 0): number[] {
  const random = createRandom(seed);
  let deviation = random.normal();
  return Array.from({ length: count }, () => {
    deviation = rho * deviation + Math.sqrt(1 - rho * rho) * random.normal();
    return median * Math.exp(0.1 * deviation);
  });
}

/** Part of repeated runs whose interval holds the true ratio. */
function coverageOf(ratio: number, rho: number): number {
  const runs = 400;
  let held = 0;
  for (let run = 0; run < runs; run++) {
    const reference = measured("naive", draw(ratio, 120, `a ${run}`, rho));
    const interval = speedRatio(measured("fast", draw(1, 60, `b ${run}`, rho)), reference)?.interval;
    if (interval != null && interval[0] <= ratio && interval[1] >= ratio) held++;
  }
  return held / runs;
}

describe("the speed-up of a result", () => {
  test("is the ratio of the medians, within its interval; the same samples give the same one", () => {
    const naive = measured("naive", draw(9, 60, "naive"));
    const fast = measured("fast", draw(1, 200, "fast"));
    const ratio = speedRatio(fast, naive);
    if (ratio?.interval == null) throw new Error("no interval");
    expect(ratio.value).toBeCloseTo((naive.medianMs ?? 0) / (fast.medianMs ?? 0), 12);
    expect(ratio.interval[0]).toBeLessThan(ratio.value);
    expect(ratio.interval[1]).toBeGreaterThan(ratio.value);
    expect(ratio.interval[1] / ratio.interval[0]).toBeLessThan(1.2);
    expect(speedRatio(fast, naive)).toEqual(ratio);
  });

  test.each([
    ["independent samples", 9, 0],
    ["equal contenders", 1, 0],
    ["samples that follow their neighbors", 2, 0.6],
  ])("lies within its interval about 95 times of a hundred: %s", (_, ratio, rho) => {
    const coverage = coverageOf(ratio, rho);
    expect(coverage).toBeGreaterThan(0.9);
    expect(coverage).toBeLessThan(0.99);
  });

  test("is not told apart from 1 where the interval holds 1, in every place that tells it", () => {
    const [one, same] = [measured("a", draw(1, 60, "one")), measured("b", draw(1.005, 60, "same"))];
    const ratio = speedRatio(one, same);
    if (ratio === null) throw new Error("no ratio");
    expect(holdsOne(ratio)).toBe(true);
    expect(ratioWords(ratio)).toMatch(/^\d\.\d+× \[\d\.\d+, \d\.\d+\], not told apart from 1$/u);
    expect(fasterWords(ratio, "naive")).toMatch(/ × as fast as naive \[.*\], not told apart from 1$/u);
    const told = { value: 9, interval: [8.5, 9.5], isGrowing: false, isReference: false } as const;
    expect(ratioRangeWords([told, ratio])).toMatch(
      /^\d\.\d+× \[.*\] to 9\.00× \[8\.50, 9\.50\], 1 of 2 not told apart from 1$/u,
    );
    expect(ratioRangeWords([told])).toBe("9.00× [8.50, 9.50]");
    expect(ratioRangeWords([])).toBe("not claimed");
  });

  test("has no interval below six samples a side, and is 1 by definition for the reference", () => {
    const few = measured("fast", draw(1, 5, "few"));
    const naive = measured("naive", draw(9, 60, "naive"));
    expect(speedRatio(few, naive)?.interval).toBeNull();
    const ratio = speedRatio(few, naive);
    expect(ratio === null ? "" : ratioWords(ratio)).toContain("[interval unknown]");
    expect(ratioWords(speedRatio(naive, naive))).toBe("reference");
    const growing = { ...measured("fast", draw(1, 60, "grows")), samplesMs: [] };
    expect(ratioWords(speedRatio(growing, naive))).toMatch(/× \[interval at the end\]$/u);
  });
});
