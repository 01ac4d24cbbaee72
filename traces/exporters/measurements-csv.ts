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

/**
 * Benchmark results as a table: one measurement a row, each of its labels (backend, device, …) in a column, repetitions
 * in file order behind blanks. Empty: not known.
 */
export function measurementsCsv({ measurements }: MeasurementSet): string {
  const labels = [...new Set(measurements.flatMap((each) => (each.labels ?? []).map(([key]) => key)))];
  const rows = measurements.map((measurement) => {
    const known = new Map(measurement.labels);
    const { unit, better, values, warmups } = measurement;
    const { n, mean, median, standardDeviation, min, max } = summarize(measurement);
    const cells = [
      toCell(pathText(measurement)),
      ...labels.map((key) => toCell(String(known.get(key) ?? ""))),
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
  const [first, ...others] = columns;
  return [[first, ...labels.map(toCell), ...others].join(","), ...rows, ""].join("\r\n");
}

/** The same results with "~" for home folders in what was measured and where, unless they are to be kept. */
export function withoutHomeFolders(set: MeasurementSet, keep: boolean): MeasurementSet {
  const hide = createHomeFolderFilter(keep);
  return {
    ...set,
    facts: set.facts.map(([key, value]) => [key, hide(value)]),
    measurements: set.measurements.map((measurement) => ({
      ...measurement,
      path: measurement.path.map(hide),
      ...(measurement.labels !== undefined && {
        labels: measurement.labels.map(
          ([key, value]) => [key, typeof value === "string" ? hide(value) : value] as const,
        ),
      }),
    })),
    ledger: { ...set.ledger, notes: set.ledger.notes.map(hide) },
  };
}
