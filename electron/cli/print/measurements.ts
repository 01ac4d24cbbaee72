import { formatCount } from "../../../traces/model/format-units.ts";
import { type Measurement, type MeasurementSet, pathText, summarize } from "../../../traces/measure/measurement.ts";
import { sharedWords } from "../../../traces/measure/shared-words.ts";
import { formatFindings } from "./findings-text.ts";
import { formatFacts, formatHeading, formatTable, type TableStyle } from "./table.ts";

/** What `info` prints of a file of benchmark results. */
export function formatMeasurements(set: MeasurementSet, fileBytes: string, style: TableStyle): string {
  const { ledger, measurements, integrity } = set;
  const shared = sharedWords(measurements);
  const facts: [string, string][] = [
    ["file", `${set.name}, ${fileBytes}`],
    ["format", set.formatLabel],
    ["producer", set.producer ?? "not said"],
    ["measurements", formatCount(measurements.length)],
    ...set.facts.map(([key, value]): [string, string] => [key, value]),
    ...(shared.length === 0 ? [] : [["all", shared.join(" / ")] satisfies [string, string]]),
  ];
  const read =
    `${formatCount(ledger.numbersRead)} numbers: ${formatCount(ledger.values)} values, ${formatCount(ledger.warmups)} warm-ups, ` +
    `${formatCount(ledger.statistics)} statistics, ${formatCount(ledger.facts)} facts`;
  return [
    formatFacts(facts, style),
    formatHeading("Measurements", style),
    formatTable(
      [
        { title: "n", align: "right" },
        { title: "mean", align: "point" },
        { title: "median", align: "point" },
        { title: "± sd", align: "point" },
        { title: "unit", align: "left" },
        { title: "better", align: "left" },
        { title: "measurement", align: "left" },
      ],
      measurements.map((measurement) => toCells(measurement, shared)),
      style,
    ),
    ...(integrity.length === 0 ? [] : [formatHeading("Integrity", style), formatFindings(integrity)]),
    formatHeading("Import", style),
    formatFacts(
      [
        ["read", read],
        ...ledger.leftOut.map(({ reason, count }): [string, string] => [
          "left out",
          `${formatCount(count)}: ${reason}`,
        ]),
        ...ledger.notes.map((note): [string, string] => ["note", note]),
      ],
      style,
    ),
  ].join("");
}

/** What `info --json` prints of one; documented in the README of this folder. */
export function toMeasurementsJson(set: MeasurementSet, fileBytes: number): Readonly<Record<string, unknown>> {
  return {
    file: set.name,
    fileBytes,
    format: set.format,
    formatLabel: set.formatLabel,
    producer: set.producer,
    facts: set.facts,
    measurements: set.measurements.map((measurement) => {
      const { path, values, warmups, unit, better } = measurement;
      return { path, unit: unit.symbol, unitSource: unit.source, better, ...summarize(measurement), values, warmups };
    }),
    integrity: set.integrity,
    ledger: set.ledger,
  };
}

/** Without the words that all paths have (`shared`). */
function toCells(measurement: Measurement, shared: readonly string[]): readonly string[] {
  const { n, mean, median, standardDeviation } = summarize(measurement);
  const { symbol, source } = measurement.unit;
  return [
    n === null ? "" : formatCount(n),
    formatValue(mean),
    formatValue(median),
    formatValue(standardDeviation),
    symbol === "" ? "?" : source === "guessed" ? `${symbol} ?` : symbol,
    measurement.better ?? "",
    pathText({ path: measurement.path.filter((word) => !shared.includes(word)) }),
  ];
}

const digits = 6;

/** Six digits: more than benchmarks repeat, and what both a table and a reader can take. */
function formatValue(value: number | null): string {
  return value === null ? "" : String(Number(value.toPrecision(digits)));
}
