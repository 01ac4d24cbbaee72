import type { Estimate } from "../../../traces/measure/estimate.ts";
import type {
  MeasurementComparison,
  MeasurementRow,
} from "../../../traces/compare/measurements/measurement-comparison.ts";
import { formatChange, formatP, intervalWords } from "../../../traces/compare/words.ts";
import { formatDuration, formatNumber } from "../../../traces/model/format-units.ts";
import { toOneLine } from "./printable.ts";
import { formatFacts, formatTable, type TableStyle } from "./table.ts";

/** The sentence over all measurements, what else differs, and every one of them, worst first. */
export function formatMeasurementComparison(comparison: MeasurementComparison, style: TableStyle): string {
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
      rows.map(toLine),
      style,
    ),
  ].join("");
}

function toLine({ name, unit, estimate, verdict }: MeasurementRow): readonly string[] {
  const show = (value: number): string => (unit === "ns" ? formatDuration(value) : `${formatNumber(value)} ${unit}`);
  return [
    show(estimate.before.median),
    show(estimate.after.median),
    formatChange(estimate.relative),
    intervalText(estimate),
    estimate.q === null ? "" : formatP(estimate.q),
    verdict,
    name,
  ];
}

function intervalText(estimate: Estimate): string {
  return intervalWords(estimate) ?? `none, n ${estimate.before.n} and ${estimate.after.n}`;
}
