import { type MeasurementSet, pathText, summarize } from "../measure/measurement.ts";
import { toCell } from "./csv-cell.ts";
import { createHomeFolderFilter } from "./home-folders.ts";

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

/** The same results with "~" for home folders in what was measured and where, unless they are to be kept. */
export function withoutHomeFolders(set: MeasurementSet, keep: boolean): MeasurementSet {
  const hide = createHomeFolderFilter(keep);
  return {
    ...set,
    facts: set.facts.map(([key, value]) => [key, hide(value)]),
    measurements: set.measurements.map((measurement) => ({ ...measurement, path: measurement.path.map(hide) })),
    ledger: { ...set.ledger, notes: set.ledger.notes.map(hide) },
  };
}
