import { describe, expect, test } from "vitest";
import { createSampleComparer } from "../../../traces/measure/compare-samples.ts";
import { conclude } from "../../../traces/measure/conclude.ts";
import type { Estimate } from "../../../traces/measure/estimate.ts";

function estimate(a: readonly number[], b: readonly number[]): Estimate {
  const sample = (values: readonly number[]) => ({ values: Float64Array.from(values), seed: "test" });
  const options = { alpha: 0.05, resamples: 0, ordered: false, sameRecording: false };
  const change = createSampleComparer().compare(sample(a), sample(b), options);
  return conclude(change, change.p, { tolerance: 0.05, alpha: 0.05 });
}

describe("how many more observations would decide", () => {
  test("follows the end of the interval that is in the way, not the half of its width", () => {
    // ResNet-50 with and without workers of the loader: two slow steps of six reach far towards no change.
    const before = [177.5, 175.4, 178.3, 182.7, 187.9, 163.7];
    const after = [182.3, 124.6, 127.6, 127, 164.2, 120.7];
    const { verdict, relative, relativeInterval, moreNeeded } = estimate(before, after);
    expect(verdict).toBe("inconclusive");
    expect(relative).toBeLessThan(-0.25);
    expect(relativeInterval?.[1]).toBeGreaterThan(-0.05);
    expect(moreNeeded).toBeGreaterThan(1);
    // The other way round the same end is in the way.
    expect(estimate(after, before).moreNeeded).toBeGreaterThan(1);
  });

  test("is not told where hardly any number would", () => {
    const around = (middle: number): readonly number[] => [-3, -2, -1, 0, 1, 2, 3].map((shift) => middle + shift);
    const { verdict, moreNeeded } = estimate(around(100), around(105.01));
    expect(verdict).toBe("inconclusive");
    expect(moreNeeded).toBeNull();
  });
});

test("an interval of few observations has the level that they allow", () => {
  expect(estimate([137, 150], [111, 160]).level).toBeCloseTo(2 / 3, 12);
  expect(estimate([10, 11, 12], [20, 21, 22]).level).toBeCloseTo(0.9, 12);
  expect(estimate([10, 11, 12, 13, 14, 15], [20, 21, 22, 23, 24, 25]).level).toBe(0.95);
});

test("what fewer than half of the steps have is not called equivalent", () => {
  const rare = estimate([0, 0, 0, 0, 0, 16.2], [0, 0, 0, 0, 0, 7.9]);
  expect(rare).toMatchObject({ verdict: "inconclusive", relativeInterval: null });
  expect(rare.notes.join()).toContain("fewer than half of the observations");
  expect(estimate([0, 0, 0, 0, 0, 0], [0, 0, 0, 0, 0, 0]).verdict).toBe("equivalent");
});
