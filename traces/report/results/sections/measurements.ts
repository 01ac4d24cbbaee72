import type { MeasurementRow } from "../../../compare/measurements/measurement-comparison.ts";
import { formatChange, formatP, intervalWords } from "../../../compare/words.ts";
import { formatBytes, formatDuration, formatNumber } from "../../../model/format-units.ts";
import { cell, type Cell, type Tone } from "../../block.ts";
import type { ReportSection } from "../../report-section.ts";
import type { ResultsReport } from "../results-report.ts";

/** What a page shows; the rest is counted. */
const mostRows = 400;

export const measurements: ReportSection<ResultsReport> = {
  id: "measurements",
  title: "Measurements, worst first",
  build: ({ comparison: { rows } }) =>
    rows.length === 0
      ? null
      : [
          {
            kind: "table",
            columns: [
              { title: "name", align: "left" },
              { title: "before", align: "right" },
              { title: "after", align: "right" },
              { title: "change", align: "right" },
              { title: "interval", align: "left" },
              { title: "q", align: "right" },
              { title: "δ", align: "right" },
              { title: "n", align: "right" },
              { title: "verdict", align: "left" },
            ],
            rows: rows.slice(0, mostRows).map(toCells),
            omitted: Math.max(0, rows.length - mostRows),
          },
        ],
};

const tones: Readonly<Record<string, Tone>> = { regressed: "bad", improved: "good", equivalent: "muted" };

function toCells({ name, unit, estimate, verdict }: MeasurementRow): readonly Cell[] {
  const { before, after, relative, q, cliffsDelta } = estimate;
  return [
    cell(name),
    cell(showValue(before.median, unit), before.median),
    cell(showValue(after.median, unit), after.median),
    cell(formatChange(relative), Math.max(-1e9, Math.min(1e9, relative))),
    cell(intervalWords(estimate) ?? ""),
    q === null ? cell("", 2) : cell(formatP(q), q),
    cliffsDelta === null ? cell("", 0) : cell(cliffsDelta.toFixed(2), cliffsDelta),
    cell(`${before.n} | ${after.n}`, Math.min(before.n, after.n)),
    cell(verdict, undefined, tones[verdict] ?? "plain"),
  ];
}

export function showValue(value: number, unit: string): string {
  if (unit === "B") return formatBytes(value);
  return unit === "ns" ? formatDuration(value) : `${formatNumber(value)} ${unit}`.trim();
}
