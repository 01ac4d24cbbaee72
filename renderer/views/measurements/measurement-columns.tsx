import { type Measurement, pathText, summarize } from "../../../traces/measure/measurement.ts";
import { formatCount, formatNumber } from "../../../traces/model/format-units.ts";
import { NotCollected } from "../../dock/FactList.tsx";
import { AlignedNumber, fractionDigitsOf } from "../../ui/AlignedNumber.tsx";
import type { GridColumn } from "../../ui/DataGrid.tsx";
import { classes } from "../../ui/css.ts";
import styles from "./MeasurementsPane.module.css";

const css = classes(styles);

interface NumberColumn {
  readonly id: string;
  readonly title: string;
  readonly hint: string;
  readonly valueOf: (measurement: Measurement) => number | null;
}

const numberColumns: readonly NumberColumn[] = [
  { id: "mean", title: "Mean", hint: "Of the repetitions, else as the file states", valueOf: (m) => summarize(m).mean },
  {
    id: "median",
    title: "Median",
    hint: "Of the repetitions, else as the file states",
    valueOf: (m) => summarize(m).median,
  },
  { id: "deviation", title: "Deviation", hint: "Standard deviation", valueOf: (m) => summarize(m).standardDeviation },
  { id: "min", title: "Min", hint: "Smallest", valueOf: (m) => summarize(m).min },
  { id: "max", title: "Max", hint: "Largest", valueOf: (m) => summarize(m).max },
];

/** The decimal points of each unit of a column in one line; every digit on hover. */
function numberColumn(
  { id, title, hint, valueOf }: NumberColumn,
  measurements: readonly Measurement[],
): GridColumn<Measurement> {
  const textOf = (measurement: Measurement): string => {
    const value = valueOf(measurement);
    return value === null ? "" : formatNumber(value);
  };
  // Bytes and accuracies have no point in common, and room for the digits of both would cut off either.
  const digitsOfUnit = new Map<string, number>();
  for (const measurement of measurements) {
    const { symbol } = measurement.unit;
    digitsOfUnit.set(symbol, Math.max(digitsOfUnit.get(symbol) ?? 0, fractionDigitsOf([textOf(measurement)])));
  }
  return {
    id,
    title,
    hint,
    align: "end",
    widthPx: 112,
    cell: (measurement) => {
      const value = valueOf(measurement);
      if (value === null)
        return (
          <NotCollected>
            {id === "deviation" && summarize(measurement).n === 1 ? "one value" : "not stated"}
          </NotCollected>
        );
      const fractionDigits = digitsOfUnit.get(measurement.unit.symbol) ?? 0;
      return <AlignedNumber text={textOf(measurement)} fractionDigits={fractionDigits} title={String(value)} />;
    },
  };
}

/** What a table of benchmark results shows of each; paths without the words that all have (`shared`). */
export const measurementColumns = (
  measurements: readonly Measurement[],
  shared: readonly string[],
): readonly GridColumn<Measurement>[] => [
  {
    id: "path",
    title: "Measurement",
    align: "start",
    cell: (measurement) => (
      <span title={pathText(measurement)}>
        {pathText({ path: measurement.path.filter((word) => !shared.includes(word)) })}
      </span>
    ),
  },
  {
    id: "count",
    title: "n",
    hint: "Repetitions",
    align: "end",
    widthPx: 92,
    cell: (measurement) => {
      const { n } = summarize(measurement);
      return n === null ? <NotCollected>not stated</NotCollected> : formatCount(n);
    },
  },
  ...numberColumns.map((column) => numberColumn(column, measurements)),
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
  {
    id: "better",
    title: "Better",
    align: "start",
    widthPx: 88,
    cell: ({ better }) => better ?? <NotCollected>not known</NotCollected>,
  },
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
