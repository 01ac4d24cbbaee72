import { expect, it } from "vitest";
import { measurementsCsv, withoutHomeFolders } from "../../../traces/exporters/measurements-csv.ts";
import type { Measurement, MeasurementSet } from "../../../traces/measure/measurement.ts";

const timed: Measurement = {
  path: ["=sort /home/ada/big, old.txt", "time"],
  values: [1, 2, 3],
  warmups: [9],
  stated: null,
  unit: { symbol: "ms", source: "stated" },
  better: "lower",
};
const set: MeasurementSet = {
  name: "results.json",
  format: "hyperfine",
  formatLabel: "hyperfine results (JSON)",
  producer: null,
  facts: [["folder", "/Users/ada/runs"]],
  measurements: [
    timed,
    {
      path: ["ratio"],
      values: [],
      warmups: [],
      stated: { n: 3, mean: 1.5, median: null, standardDeviation: null, min: null, max: null, quantiles: [] },
      unit: { symbol: "", source: "unknown" },
      better: null,
    },
  ],
  ledger: { numbersRead: 5, values: 3, warmups: 1, statistics: 1, facts: 0, leftOut: [], notes: [] },
  integrity: [],
};

it("benchmark results become rows; what is not known is empty, and no cell is a formula", () => {
  expect(measurementsCsv(withoutHomeFolders(set, false)).split("\r\n")).toEqual([
    "measurement,unit,unit_source,better,n,mean,median,standard_deviation,min,max,values,warmups",
    `"'=sort ~/big, old.txt / time",ms,stated,lower,3,2,2,1,1,3,1 2 3,9`,
    "ratio,,unknown,,3,1.5,,,,,,",
    "",
  ]);
});

it("home folders are hidden unless they are to be kept", () => {
  expect(withoutHomeFolders(set, false).facts).toEqual([["folder", "~/runs"]]);
  expect(withoutHomeFolders(set, true)).toEqual(set);
});

it("how a measurement was made has a column for each word of it", () => {
  const labels = [
    ["backend", "onnxruntime-cpu"],
    ["device", "CPU, of /home/ada/cpus"],
    ["precision", "float32"],
    ["warmup_steps", 5],
    ["structures", "=c60"],
  ] as const;
  const labeled = { ...set, measurements: [{ ...timed, path: ["time"], labels }, ...set.measurements.slice(1)] };
  expect(measurementsCsv(withoutHomeFolders(labeled, false)).split("\r\n").slice(0, 3)).toEqual([
    "measurement,backend,device,precision,warmup_steps,structures,unit,unit_source,better,n,mean,median,standard_deviation,min,max,values,warmups",
    `time,onnxruntime-cpu,"CPU, of ~/cpus",float32,5,'=c60,ms,stated,lower,3,2,2,1,1,3,1 2 3,9`,
    "ratio,,,,,,,unknown,,3,1.5,,,,,,",
  ]);
});
