import { formatChange, formatP, intervalWords, formatLevel } from "../../compare/words.ts";
import { formatDuration, formatDurationExact, formatNumber } from "../../model/format-units.ts";
import type { Estimate } from "../../measure/estimate.ts";
import { cell, type Block, type Tone } from "../block.ts";
import type { ReportSection } from "../report-section.ts";
import type { ComparisonReport } from "../report.ts";

export const verdict: ReportSection = {
  id: "verdict",
  title: "Verdict",
  build: (report) => {
    const { headline, comparability } = report.summary;
    const failed = (report.claims?.accuracy ?? []).filter((check) => !check.passes);
    return [
      { kind: "verdict", text: headline.sentence, tone: toneOf(report) },
      ...(failed.length === 0 ? [] : [accuracyWarning(failed.map(({ quantity }) => quantity))]),
      ...(comparability.grade === "A" ? [] : [gradeWarning(report)]),
      ...(headline.causes.length === 0 ? [] : [{ kind: "list", items: headline.causes } as const]),
      ...(headline.estimate === null ? [] : [numbers(headline.estimate, report)]),
      ...headline.caveats.map((text): Block => ({ kind: "text", text: `${text}.`, tone: "muted" })),
    ];
  },
};

function toneOf({ summary: { headline }, claims }: ComparisonReport): Tone {
  if (headline.estimate === null) return "warning";
  // A speed-up that fails accuracy is none.
  if (claims?.accuracy.some((check) => !check.passes) === true) return "bad";
  const tones = { regressed: "bad", improved: "good", equivalent: "plain", inconclusive: "warning" } as const;
  return tones[headline.estimate.verdict];
}

function accuracyWarning(names: readonly string[]): Block {
  return { kind: "text", text: `Accuracy fails (${names.join(", ")}): this is no improvement.`, tone: "bad" };
}

function gradeWarning({ summary: { comparability } }: ComparisonReport): Block {
  const words = { A: "", B: "minor differences", C: "doubtful", D: "not comparable" }[comparability.grade];
  const reasons = comparability.checks
    .filter(({ grade }) => grade === comparability.grade)
    .map(({ label, before, after }) => `${label}: ${before} → ${after}`);
  return {
    kind: "text",
    text: `Comparability ${comparability.grade}, ${words}. ${reasons.join("; ")}.`,
    tone: comparability.grade === "B" ? "muted" : "warning",
  };
}

function numbers(estimate: Estimate, { summary }: ComparisonReport): Block {
  const { before, after, relative, p, cliffsDelta, method } = estimate;
  const { alpha } = summary.options;
  const { meanShift } = summary.headline;
  const show = (value: number): string =>
    summary.unit === "ns" ? formatDuration(value) : `${formatNumber(value)} ${summary.unit}`;
  const exact = (value: number): string => (summary.unit === "ns" ? formatDurationExact(value) : show(value));
  const perItem = summary.before.itemsPerStep !== null && summary.after.itemsPerStep !== null;
  const items = [summary.before.itemsPerStep ?? 1, summary.after.itemsPerStep ?? 1] as const;
  const row = (label: string, left: string, right: string) => [cell(label), cell(left), cell(right)];
  return {
    kind: "table",
    columns: [
      { title: "", align: "left" },
      { title: "Before", align: "right" },
      { title: "After", align: "right" },
    ],
    rows: [
      row("Observations", `${before.n}`, `${after.n}`),
      row("Effective observations", formatNumber(before.effectiveN), formatNumber(after.effectiveN)),
      row("Median", show(before.median), show(after.median)),
      row("Mean of all kept observations", exact(before.mean), exact(after.mean)),
      ...(meanShift === null
        ? []
        : [
            row(
              "Difference of means",
              formatSigned(meanShift.shift, show),
              meanShift.interval === null
                ? "no interval"
                : `${formatLevel(1 - alpha)} CI ${meanShift.interval.map((end) => formatSigned(end, show)).join(" to ")} (BCa)`,
            ),
          ]),
      row("Standard deviation", show(before.standardDeviation), show(after.standardDeviation)),
      ...(perItem ? [row("Per item", show(before.median / items[0]), show(after.median / items[1]))] : []),
      ...(perItem && summary.unit === "ns"
        ? [
            row(
              "Items per second",
              formatNumber((1e9 * items[0]) / before.median),
              formatNumber((1e9 * items[1]) / after.median),
            ),
          ]
        : []),
      row("Change", formatChange(relative), intervalWords(estimate) ?? "no interval"),
      row(
        "Mann–Whitney p, Cliff's δ",
        p === null ? "not tested" : formatP(p),
        cliffsDelta === null ? "" : formatNumber(cliffsDelta),
      ),
      row("Interval by", methodWords[method], ""),
    ],
    omitted: 0,
  };
}

function formatSigned(value: number, show: (value: number) => string): string {
  return value > 0 ? `+${show(value)}` : show(value);
}

const methodWords: Readonly<Record<Estimate["method"], string>> = {
  exact: "exact order statistics",
  normal: "order statistics, normal quantiles",
  summary: "Welch's t from summaries",
  none: "none",
};
