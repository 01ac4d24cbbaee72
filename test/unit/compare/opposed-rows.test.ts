import { expect, test } from "vitest";
import { isOpposed } from "../../../traces/compare/words.ts";
import { createSampleComparer } from "../../../traces/measure/compare-samples.ts";
import { conclude } from "../../../traces/measure/conclude.ts";

test("a row whose mean rose while its usual step fell is told as such", () => {
  const estimateOf = (a: readonly number[], b: readonly number[]) => {
    const sample = (values: readonly number[]) => ({ values: Float64Array.from(values), seed: "test" });
    const options = { alpha: 0.05, resamples: 0, ordered: false, sameRecording: false };
    const change = createSampleComparer().compare(sample(a), sample(b), options);
    return conclude(change, change.p, { tolerance: 0.05, alpha: 0.05 });
  };
  const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
  const before = [10, 10, 11, 11, 12, 12];
  const after = [3, 3, 4, 4, 5, 140];
  const row = { delta: mean(after) - mean(before), estimate: estimateOf(before, after) };
  expect(row.delta).toBeGreaterThan(0);
  expect(isOpposed(row)).toBe(true);
  expect(isOpposed({ delta: -7, estimate: estimateOf(before, [3, 3, 4, 4, 5, 5]) })).toBe(false);
  expect(isOpposed({ delta: 5, estimate: null })).toBe(false);
});
