import { expect, test } from "vitest";
import {
  compareAcrossOptions,
  compareMeasurements,
} from "../../../traces/compare/measurements/compare-measurements.ts";
import type { MeasurementSet } from "../../../traces/measure/measurement.ts";

const options = { tolerance: 0.05, alpha: 0.05, resamples: 0, allowIncomparable: false };

function setOf(paths: readonly (readonly string[])[], ms: number): MeasurementSet {
  return {
    name: "results.json",
    format: "made",
    formatLabel: "Made",
    producer: null,
    facts: [],
    measurements: paths.map((path) => ({
      path,
      values: Array.from({ length: 20 }, (_, i) => ms * (1 + 0.001 * i)),
      warmups: [],
      stated: null,
      unit: { symbol: "ms", source: "stated" },
      better: "lower",
    })),
    ledger: { numbersRead: 0, values: 0, warmups: 0, statistics: 0, facts: 0, leftOut: [], notes: [] },
    integrity: [],
  };
}

const runOf = (workers: number, ms: number): MeasurementSet =>
  setOf(
    [1, 2, 4].map((batch) => ["fast", `batch=${batch}`, `workers=${workers}`, "time"]),
    ms,
  );

test("an option that was changed between two runs is told as a condition, and their measurements are paired", () => {
  const { rows, onlyBefore, onlyAfter, checks, scaling } = compareAcrossOptions([runOf(1, 2)], [runOf(2, 1)], options);
  expect(rows.map(({ name, verdict }) => [name, verdict])).toEqual(
    [1, 2, 4].map((batch) => [`fast / batch=${batch} / time`, "improved"]),
  );
  expect([onlyBefore, onlyAfter]).toEqual([[], []]);
  expect(checks).toEqual([
    { id: "option workers", label: "workers", grade: "C", before: "1", after: "2", message: "workers was changed" },
  ]);
  expect(scaling.map(({ title }) => title)).toEqual(["fast / batch=# / time"]);
});

test("options alike on both sides are told once, those that vary stay in the names", () => {
  const { rows, onlyBefore, checks, shared } = compareAcrossOptions(
    [
      setOf(
        ["1", "2"].map((batch) => ["fast", `batch=${batch}`, "rank=36", "file=null", "time"]),
        2,
      ),
    ],
    [setOf([["fast", "batch=2", "rank=36", "file=null", "time"]], 2)],
    options,
  );
  expect(rows.map(({ name }) => name)).toEqual(["fast / batch=2 / time"]);
  expect([onlyBefore, checks, shared]).toEqual([["fast / batch=1 / time"], [], ["rank=36"]]);
  // A history tells its series apart by their whole names.
  expect(compareMeasurements([runOf(1, 2)], [runOf(2, 1)], options).rows).toEqual([]);
});
