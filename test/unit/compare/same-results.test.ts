import { expect, test } from "vitest";
import { compareMeasurements } from "../../../traces/compare/measurements/compare-measurements.ts";
import type { Measurement, MeasurementSet } from "../../../traces/measure/measurement.ts";

const options = { tolerance: 0.05, alpha: 0.05, resamples: 0, allowIncomparable: false };

const measurement = (name: string, values: readonly number[], stated: Measurement["stated"] = null): Measurement => ({
  path: [name],
  values,
  warmups: [],
  stated,
  unit: { symbol: "ms", source: "stated" },
  better: "lower",
});

const setOf = (...measurements: readonly Measurement[]): MeasurementSet => ({
  name: "results.json",
  format: "made",
  formatLabel: "Made",
  producer: null,
  facts: [],
  measurements,
  ledger: { numbersRead: 0, values: 0, warmups: 0, statistics: 0, facts: 0, leftOut: [], notes: [] },
  integrity: [],
});

test("results beside themselves are the same, though each is one value; one that is alike by chance is not tested", () => {
  const same = compareMeasurements([setOf(measurement("a", [5]))], [setOf(measurement("a", [5]))], options);
  expect(same.sentence).toBe("Both sides hold the same results.");
  expect(same.rows[0]?.verdict).toBe("equivalent");
  const other = compareMeasurements(
    [setOf(measurement("a", [5]), measurement("b", [7]))],
    [setOf(measurement("a", [5]), measurement("b", [8]))],
    options,
  );
  expect(other.sentence).toMatch(/^Of 2 measurements 2 not tested \(one value on a side\)\./);
});

test("means without spread are not said to be single values", () => {
  const stated = { n: 100, mean: 5, median: null, standardDeviation: 0, min: null, max: null, quantiles: [] };
  const { sentence } = compareMeasurements(
    [setOf(measurement("a", [], stated))],
    [setOf(measurement("a", [], { ...stated, mean: 6 }))],
    options,
  );
  expect(sentence).toMatch(/^Of 1 measurement 1 not tested \(no spread is told\)\./);
});
