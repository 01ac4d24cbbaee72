import { basename } from "node:path";
import { describe, expect, it } from "vitest";
import { openByteSource } from "../../../electron/engine/node-host.ts";
import { compareMeasurements } from "../../../traces/compare/measurements/compare-measurements.ts";
import type { MeasurementComparison } from "../../../traces/compare/measurements/measurement-comparison.ts";
import { readMeasurements } from "../../../traces/importers/measurements/read-measurements.ts";
import type { MeasurementSet } from "../../../traces/measure/measurement.ts";
import { corpusPath, hasCorpora, skipNote } from "./corpora.ts";

async function read(file: string): Promise<MeasurementSet> {
  const source = await openByteSource(corpusPath("bench", file));
  try {
    return await readMeasurements(source, { fileName: basename(file), throwIfCancelled() {}, reportProgress() {} });
  } finally {
    source.close();
  }
}

async function compare(before: string, after: string): Promise<MeasurementComparison> {
  const options = { tolerance: 0.05, alpha: 0.05, resamples: 0, allowIncomparable: false };
  return compareMeasurements([await read(before)], [await read(after)], options);
}

describe.skipIf(!hasCorpora)(`results of benchmarks${skipNote}`, () => {
  const row = (comparison: MeasurementComparison, ...words: readonly string[]) =>
    comparison.rows.find(({ name }) => words.every((word) => name.includes(word)));

  it("finds −1.43 % between baseline and with compile, not significant (Welch from n = 10)", async () => {
    const comparison = await compare(
      "mlff_baseline_baseline_performance.json",
      "mlff_with_compile_baseline_performance.json",
    );
    const single = row(comparison, "single_inference / time");
    expect(single?.estimate.relative).toBeCloseTo(-0.01435, 4);
    expect(single?.estimate.method).toBe("summary");
    expect(single?.estimate.p).toBeCloseTo(0.124, 3);
    expect(["equivalent", "inconclusive"]).toContain(single?.verdict);
  });

  it("finds opposite verdicts in one pair, and that the machine differs", async () => {
    const comparison = await compare("mlff_baseline_performance.json", "mlff_baseline_baseline_performance.json");
    const single = row(comparison, "single_inference / time");
    expect(single?.estimate.relative).toBeCloseTo(0.7124, 3);
    expect(single?.verdict).toBe("regressed");
    const batch = row(comparison, "batch_inference / 4 / time_per_structure");
    expect(batch?.estimate.relative).toBeCloseTo(-0.514, 3);
  });

  it("agrees with google-benchmark's own comparison, units apart", async () => {
    const comparison = await compare("gbench_test1_run1.json", "gbench_test1_run2.json");
    const change = (name: string): number | undefined => row(comparison, name, "real")?.estimate.relative;
    expect(change("2xFaster")).toBeCloseTo(-0.5, 9);
    expect(change("100xSlower")).toBeCloseTo(99, 9);
    expect(change("ThirdFaster")).toBeCloseTo(-0.3333, 3);
    expect(change("NotBadTimeUnit")).toBeCloseTo(-0.9, 9);
    // One repetition each: seen, not tested.
    expect(row(comparison, "2xFaster", "real")?.verdict).toBe("inconclusive");
    const times = comparison.rows.filter(({ name }) => name.includes("real"));
    const mean =
      Math.exp(times.reduce((sum, { estimate }) => sum + Math.log(1 + estimate.relative), 0) / times.length) - 1;
    expect(mean).toBeCloseTo(-0.8113, 4);
  });

  it("takes unnamed aggregates as the runs they are, as google-benchmark's own comparison does", async () => {
    const comparison = await compare("gbench_test3_run0.json", "gbench_test3_run1.json");
    const change = (name: string, clock: string) => row(comparison, name, clock)?.estimate;
    expect(change("BM_One", "real")?.relative).toBeCloseTo(-0.1, 9);
    expect(change("BM_One", "cpu")?.relative).toBeCloseTo(0.1, 9);
    const short = change("short", "cpu");
    expect([short?.before.n, short?.after.n]).toEqual([2, 3]);
    expect(short?.p).toBeCloseTo(0.2, 12);
    expect(short?.notes.join()).toContain("fewer than 4 observations");
    // The tool gives 0.7671, a normal approximation with ties; the ten permutations of the midranks themselves give 0.8.
    expect(change("short", "real")?.p).toBeCloseTo(0.8, 12);
    expect(comparison.counts.regressed + comparison.counts.improved).toBe(0);
  });

  it("is equivalent to itself", async () => {
    const set = await read("mlff_student_vs_orb.json");
    const options = { tolerance: 0.05, alpha: 0.05, resamples: 0, allowIncomparable: false };
    const { rows, counts, checks } = compareMeasurements([set], [set], options);
    expect(rows.every(({ estimate }) => estimate.shift === 0)).toBe(true);
    expect(counts.regressed + counts.improved + counts.changed).toBe(0);
    expect(checks).toEqual([]);
  });
});
