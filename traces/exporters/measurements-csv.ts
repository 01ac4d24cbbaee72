import { type MeasurementSet, pathText, summarize } from "../measure/measurement.ts";
import { toCell } from "./csv-cell.ts";

const columns = [
  "measurement",
  "unit",
  "unit_source",
  "better",
  "n",
  "mean",
  "median",
  "standard_deviation",
  "min",
  "max",
  "values",
  "warmups",
] as const;

/** Benchmark results as a table: one measurement a row, repetitions in file order behind blanks. Empty: not known. */
export function measurementsCsv({ measurements }: MeasurementSet): string {
  const rows = measurements.map((measurement) => {
    const { unit, better, values, warmups } = measurement;
    const { n, mean, median, standardDeviation, min, max } = summarize(measurement);
    const cells = [
      toCell(pathText(measurement)),
      toCell(unit.symbol),
      unit.source,
      better,
      n,
      mean,
      median,
      standardDeviation,
      min,
      max,
      values.join(" "),
      warmups.join(" "),
    ];
    return cells.map((cell) => String(cell ?? "")).join(",");
  });
  return [columns.join(","), ...rows, ""].join("\r\n");
}
