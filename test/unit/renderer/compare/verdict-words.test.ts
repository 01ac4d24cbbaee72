import { expect, test } from "vitest";
import { speedWords, verdictWords } from "../../../../renderer/views/compare/words.ts";
import { createSampleComparer } from "../../../../traces/measure/compare-samples.ts";
import { conclude } from "../../../../traces/measure/conclude.ts";

test("a change whose direction is not known is neither faster nor slower", () => {
  const estimateOf = (a: readonly number[], b: readonly number[]) => {
    const sample = (values: readonly number[]) => ({ values: Float64Array.from(values), seed: "test" });
    const options = { alpha: 0.05, resamples: 0, ordered: false, sameRecording: false };
    const change = createSampleComparer().compare(sample(a), sample(b), options);
    return conclude(change, change.p, { tolerance: 0.05, alpha: 0.05 });
  };
  const open = estimateOf([8, 9, 10, 11, 12, 13], [7, 9, 11, 12, 14, 15]);
  expect(verdictWords(open.verdict, open.direction)).toBe("inconclusive");
  expect(speedWords(open)).toBeNull();
  const slower = estimateOf([99, 99.5, 100, 100.5, 101, 101.5], [103, 104, 105, 106, 107, 108]);
  expect(verdictWords(slower.verdict, slower.direction)).toBe("inconclusive, slower");
  expect(speedWords(slower)).toMatch(/slower$/u);
});
