import type { Estimate } from "../../../traces/measure/estimate.ts";
import type {
  MeasurementComparison,
  MeasurementRow,
} from "../../../traces/compare/measurements/measurement-comparison.ts";
import { formatChange, formatInterval } from "../../../traces/compare/words.ts";
import { formatDuration, formatNumber } from "../../../traces/model/format-units.ts";
import { toOneLine } from "./printable.ts";
import { formatFacts, formatTable, type TableStyle } from "./table.ts";

/** The sentence over all measurements, what else differs, and every one of them, worst first. */
export function formatMeasurementComparison(
  comparison: MeasurementComparison,
  alpha: number,
  style: TableStyle,
): string {
  const { sentence, checks, shared, rows, onlyBefore, onlyAfter } = comparison;
  const list = (title: string, names: readonly string[]): readonly (readonly [string, string])[] =>
    names.length === 0 ? [] : [[title, names.join(", ")]];
  return [
    `${toOneLine(sentence)}\n\n`,
    formatFacts(
      [
        ...checks.map(({ grade, label, before, after }) => [`${grade} ${label}`, `${before} → ${after}`] as const),
        ...list("both", shared),
        ...list("only before", onlyBefore),
        ...list("only after", onlyAfter),
      ],
      style,
    ),
    "\n",
    formatTable(
      [
        { title: "before", align: "right" },
        { title: "after", align: "right" },
        { title: "change", align: "right" },
        { title: "interval", align: "left" },
        { title: "q", align: "right" },
        { title: "verdict", align: "left" },
        { title: "measurement", align: "left" },
      ],
      rows.map((row) => toLine(row, alpha)),
      style,
    ),
  ].join("");
}

function toLine({ name, unit, estimate, verdict }: MeasurementRow, alpha: number): readonly string[] {
  const show = (value: number): string => (unit === "ns" ? formatDuration(value) : `${formatNumber(value)} ${unit}`);
  return [
    show(estimate.before.median),
    show(estimate.after.median),
    formatChange(estimate.relative),
    intervalText(estimate, alpha),
    estimate.q?.toFixed(4) ?? "",
    verdict,
    name,
  ];
}

function intervalText({ relativeInterval, before, after }: Estimate, alpha: number): string {
  return relativeInterval === null ? `none, n ${before.n} and ${after.n}` : formatInterval(relativeInterval, alpha);
}
