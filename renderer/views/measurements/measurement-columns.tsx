import { type Measurement, pathText, summarize } from "../../../traces/measure/measurement.ts";
import { formatCount } from "../../../traces/model/format-units.ts";
import type { GridColumn } from "../../ui/DataGrid.tsx";
import { classes } from "../../ui/css.ts";
import styles from "./MeasurementsPane.module.css";

const css = classes(styles);
const digits = 6;

/** Six digits: more than benchmarks repeat. Empty for what the file does not say. */
export function formatValue(value: number | null): string {
  return value === null ? "" : String(Number(value.toPrecision(digits)));
}

const numberColumn = (
  id: string,
  title: string,
  hint: string,
  valueOf: (measurement: Measurement) => number | null,
): GridColumn<Measurement> => ({
  id,
  title,
  hint,
  align: "end",
  widthPx: 104,
  cell: (measurement) => formatValue(valueOf(measurement)),
});

/** What a table of benchmark results shows of each. */
export const measurementColumns: readonly GridColumn<Measurement>[] = [
  { id: "path", title: "Measurement", align: "start", cell: (measurement) => pathText(measurement) },
  {
    id: "count",
    title: "n",
    hint: "Repetitions; empty where the file does not tell",
    align: "end",
    widthPx: 60,
    cell: (measurement) => {
      const { n } = summarize(measurement);
      return n === null ? "" : formatCount(n);
    },
  },
  numberColumn("mean", "Mean", "Of the repetitions, else as the file states", (each) => summarize(each).mean),
  numberColumn("median", "Median", "Of the repetitions, else as the file states", (each) => summarize(each).median),
  numberColumn("deviation", "Deviation", "Standard deviation", (each) => summarize(each).standardDeviation),
  numberColumn("min", "Min", "Smallest", (each) => summarize(each).min),
  numberColumn("max", "Max", "Largest", (each) => summarize(each).max),
  {
    id: "unit",
    title: "Unit",
    hint: "With a question mark: guessed from the name; choose the row to correct it",
    align: "start",
    widthPx: 108,
    cell: ({ unit }) =>
      unit.source === "guessed" || unit.source === "unknown" ? (
        <span className={css("guess")}>{unit.symbol} ?</span>
      ) : (
        unit.symbol
      ),
  },
  { id: "better", title: "Better", align: "start", widthPx: 72, cell: ({ better }) => better ?? "" },
];

/** The table as text, tabs between cells. */
export function measurementsAsText(measurements: readonly Measurement[]): string {
  const head = ["measurement", "n", "mean", "median", "deviation", "min", "max", "unit", "better"];
  const rows = measurements.map((measurement) => {
    const { n, mean, median, standardDeviation, min, max } = summarize(measurement);
    const numbers = [n, mean, median, standardDeviation, min, max].map((value) =>
      value === null ? "" : String(value),
    );
    return [pathText(measurement), ...numbers, measurement.unit.symbol, measurement.better ?? ""];
  });
  return [head, ...rows].map((row) => row.join("\t")).join("\n");
}
