import { describe, expect, it } from "vitest";
import {
  indexByPath,
  pathText,
  summarize,
  type Measurement,
  type StatedSummary,
} from "../../../traces/measure/measurement.ts";

const stated: StatedSummary = {
  n: 10,
  mean: 22.32,
  median: 22.06,
  standardDeviation: 0.85,
  min: 21.76,
  max: 24.83,
  quantiles: [[0.95, 23.69]],
};

describe("the summary of a measurement", () => {
  it("is that of its repetitions", () => {
    expect(summarize({ values: [4, 1, 2, 1], stated: null })).toEqual({
      n: 4,
      mean: 2,
      median: 1.5,
      standardDeviation: Math.sqrt(2),
      min: 1,
      max: 4,
    });
  });

  it("prefers repetitions to what the file states, and takes the stated deviation for a single one", () => {
    expect(summarize({ values: [3], stated })).toEqual({
      n: 1,
      mean: 3,
      median: 3,
      standardDeviation: 0.85,
      min: 3,
      max: 3,
    });
  });

  it("is what the file states where there are no repetitions, and null where it says nothing", () => {
    expect(summarize({ values: [], stated })).toEqual({
      n: 10,
      mean: 22.32,
      median: 22.06,
      standardDeviation: 0.85,
      min: 21.76,
      max: 24.83,
    });
    expect(summarize({ values: [], stated: null })).toEqual({
      n: null,
      mean: null,
      median: null,
      standardDeviation: null,
      min: null,
      max: null,
    });
  });
});

it("writes a path in one line", () => {
  expect(pathText({ path: ["batch_inference", "4", "time_ms"] })).toBe("batch_inference / 4 / time_ms");
});

it("finds measurements by their whole path, whatever is in its words", () => {
  const measure = (...path: readonly string[]): Measurement => ({
    path,
    values: [path.length],
    warmups: [],
    stated: null,
    unit: { symbol: "ms", source: "stated" },
    better: "lower",
  });
  const measurements = [measure("a", "b / c"), measure("a / b", "c"), measure("__proto__")];
  const index = indexByPath({
    name: "set",
    format: "test",
    formatLabel: "Test",
    producer: null,
    facts: [],
    measurements,
    ledger: { numbersRead: 3, values: 3, warmups: 0, statistics: 0, facts: 0, leftOut: [], notes: [] },
    integrity: [],
  });
  expect(index.size).toBe(3);
  for (const measurement of measurements) expect(index.get(JSON.stringify(measurement.path))).toBe(measurement);
});
