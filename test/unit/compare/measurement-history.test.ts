import { expect, it } from "vitest";
import { followMeasurements } from "../../../traces/compare/measurements/measurement-history.ts";
import type { MeasurementSet } from "../../../traces/measure/measurement.ts";
import { createRandom } from "../../../traces/measure/random.ts";

const options = { tolerance: 0.05, alpha: 0.05, resamples: 0, allowIncomparable: false };

function run(number: number, ms: number, unit = "ms"): MeasurementSet {
  const random = createRandom(`run ${number}`);
  return {
    name: `${number}.json`,
    format: "made",
    formatLabel: "Made",
    producer: null,
    facts: [],
    measurements: [
      {
        path: ["sort"],
        values: Array.from({ length: 15 }, () => ms * (1 + 0.01 * random.normal())),
        warmups: [],
        stated: null,
        unit: { symbol: unit, source: "stated" },
        better: "lower",
      },
    ],
    ledger: { numbersRead: 15, values: 15, warmups: 0, statistics: 0, facts: 0, leftOut: [], notes: [] },
    integrity: [],
  };
}

it("follows a measurement over runs and alerts where it changed, in whatever unit a run has", () => {
  const { series, latest } = followMeasurements([run(1, 10), run(2, 10), run(3, 12_000, "us"), run(4, 12)], options);
  expect(series).toHaveLength(1);
  expect(series[0]?.points.map(({ verdict }) => verdict)).toEqual([null, "equivalent", "regressed", "equivalent"]);
  expect(series[0]?.points[2]?.median).toBeCloseTo(12e6, -6);
  expect(series[0]?.points[0]?.interval).not.toBeNull();
  expect(latest?.counts.equivalent).toBe(1);
});

it("has nothing to compare with one run, and keeps other units apart", () => {
  expect(followMeasurements([run(1, 10)], options).latest).toBeNull();
  const { series } = followMeasurements([run(1, 10), run(2, 10, "B")], options);
  expect(series.map(({ unit }) => unit)).toEqual(["ns", "B"]);
});
