import { describe, expect, test } from "vitest";
import { formatCase } from "../../../electron/cli/bench/case-ratio.ts";
import { describeUnmeasured } from "../../../native-bench/runner/result.ts";
import type { BenchResult } from "../../../traces/measure/bench-report.ts";
import { groupByWork, referencesOf } from "../../../traces/measure/equal-work.ts";
import { speedRatio } from "../../../traces/measure/speed-ratio.ts";

function resultOf(
  variant: string,
  medianMs: number | null,
  options: BenchResult["options"],
  change: Partial<BenchResult> = {},
): BenchResult {
  return { ...describeUnmeasured({ variant, backend: "cpu", options }, "measured", null), medianMs, ...change };
}

const settings = ["threads"];

function ratiosOf(results: readonly BenchResult[]): readonly (number | null | undefined)[] {
  const references = referencesOf(results, settings);
  return results.map((result) => {
    const reference = references.get(result);
    return reference === undefined ? undefined : (speedRatio(result, reference)?.value ?? null);
  });
}

describe("speed-ups", () => {
  const bySize = [
    resultOf("naive", 0.5, { structures: "h2o", threads: 1 }),
    resultOf("naive", 80, { structures: "c60", threads: 1 }),
    resultOf("fast", 0.1, { structures: "h2o", threads: 1 }),
    resultOf("fast", 5, { structures: "c60", threads: 1 }),
  ];

  test("hold a molecule against the same molecule, not against the first row", () => {
    expect(ratiosOf(bySize)).toEqual([1, 1, 5, 16]);
    expect(groupByWork(bySize, settings).map((group) => group.map(({ medianMs }) => medianMs))).toEqual([
      [0.5, 0.1],
      [80, 5],
    ]);
  });

  test("hold each batch and each number of threads against the first variant with the same", () => {
    const results = [1, 32].flatMap((batch) =>
      [1, 2].flatMap((threads) => [
        resultOf("naive", 8 / threads, { batch, threads }),
        resultOf("fast", 1, { batch, threads }),
      ]),
    );
    expect(ratiosOf(results)).toEqual([1, 8, 1, 4, 1, 8, 1, 4]);
  });

  test("compare settings where there is one variant only", () => {
    const results = ["h2o", "c60"].flatMap((structures) =>
      [1, 2].map((threads) => resultOf("fast", 4 / threads, { structures, threads })),
    );
    expect(ratiosOf(results)).toEqual([1, 2, 1, 2]);
  });

  test("take the first that counts, and claim nothing where it was not measured", () => {
    const results = [
      resultOf("int8", 1, { batch: 1 }, { outcome: "excluded" }),
      resultOf("naive", 6, { batch: 1 }),
      resultOf("naive", null, { batch: 64 }, { outcome: "failed" }),
      resultOf("fast", 2, { batch: 1 }),
      resultOf("fast", 2, { batch: 64 }),
    ];
    expect(ratiosOf(results)).toEqual([null, 1, undefined, 3, undefined]);
  });

  test("hold what has no rank against every rank", () => {
    const settings4 = ["rank"];
    const [naive, low, high] = [
      resultOf("naive", 8, { rank: null }),
      resultOf("fast", 1, { rank: 16 }),
      resultOf("fast", 2, { rank: 32 }),
    ];
    const found = referencesOf([naive, low, high], settings4);
    expect([found.get(naive), found.get(low), found.get(high)]).toEqual([naive, naive, naive]);
    const other = referencesOf([low, high, naive], settings4);
    expect([other.get(low), other.get(high), other.get(naive)]).toEqual([low, high, low]);
  });

  test("never cross two cases of before and after", () => {
    const results = [
      resultOf("copies/many", 10, {}),
      resultOf("copies/one", 5, {}),
      resultOf("files/text", 900, {}),
      resultOf("files/binary", 300, {}),
    ];
    expect(ratiosOf(results)).toEqual([1, 2, 1, 3]);
  });

  test("of a case are told for every size of its own", () => {
    const results = [1000, 2000].flatMap((points) => [
      resultOf("copies/many", points / 100, { points }),
      resultOf("copies/one", points / 400, { points }),
    ]);
    expect(formatCase({ results }, { settings })).toBe(
      "\ncopies/one, points 1000: 4.00 × as fast as copies/many [interval unknown]\ncopies/one, points 2000: 4.00 × as fast as copies/many [interval unknown]\n",
    );
  });
});
