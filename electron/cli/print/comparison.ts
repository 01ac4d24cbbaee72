import type { ComparisonSummary, DeltaPage, DeltaRow, WaterfallBar } from "../../../traces/compare/comparison.ts";
import { formatChange, formatDelta, formatP, isOpposed, opposedWords } from "../../../traces/compare/words.ts";
import { formatCount, formatDuration, formatShare } from "../../../traces/model/format-units.ts";
import { toOneLine } from "./printable.ts";
import { formatFacts, formatHeading, formatTable, type TableStyle } from "./table.ts";

const barWords: Readonly<Record<WaterfallBar["kind"], string>> = {
  before: "",
  after: "",
  count: "calls",
  speed: "speed",
  onlyBefore: "only before",
  onlyAfter: "only after",
  idle: "idle",
  overlap: "overlap",
  rest: "rest",
};

/** The verdict, why, how far it may be trusted, and the rows that changed most. */
export function formatComparison(summary: ComparisonSummary, page: DeltaPage, style: TableStyle): string {
  const { headline, comparability, before, after, counts } = summary;
  const lines = [
    toOneLine(headline.sentence),
    ...headline.causes.map((cause) => `  · ${toOneLine(cause)}`),
    ...headline.caveats.map((caveat) => `  ${toOneLine(caveat)}`),
  ];
  const differing = comparability.checks.filter(({ grade }) => grade !== "A");
  return [
    `${lines.join("\n")}\n`,
    formatHeading(`Comparability ${comparability.grade}`, style),
    formatFacts(
      [
        ["observations", `${before.keptSteps} of ${before.stepCount} → ${after.keptSteps} of ${after.stepCount}`],
        ["matched time", `${formatShare(before.coverage)} → ${formatShare(after.coverage)}`],
        ...differing.map(
          ({ grade, label, before: a, after: b, message }) =>
            [`${grade} ${label.toLowerCase()}`, `${a} → ${b}${a === b ? `: ${message}` : ""}`] as const,
        ),
      ],
      style,
    ),
    formatHeading("From the step before to the step after", style),
    formatTable(
      [
        { title: "per step", align: "right" },
        { title: "by", align: "left" },
        { title: "what", align: "left" },
      ],
      summary.waterfall.bars.map(({ kind, label, ns }) => {
        const isLevel = kind === "before" || kind === "after";
        return [isLevel ? formatDuration(ns) : formatDelta(ns), barWords[kind], label];
      }),
      style,
    ),
    formatHeading(`Self time per step, ${formatCount(page.rows.length)} of ${formatCount(page.rowCount)} rows`, style),
    formatTable(
      [
        { title: "Δ", align: "right" },
        { title: "change", align: "right" },
        { title: "q", align: "right" },
        { title: "verdict", align: "left" },
        { title: "name", align: "left" },
      ],
      page.rows.map(toLine),
      style,
    ),
    ...(page.rows.some(isOpposed) ? [`* ${opposedWords}\n`] : []),
    `\nby total time per step: ${counts.regressed} regressed · ${counts.improved} improved · ${counts.equivalent} equivalent · ${counts.inconclusive} inconclusive · ${counts.onlyBefore} only before · ${counts.onlyAfter} only after\n`,
    ...(page.suppressed === null ? [] : [`${toOneLine(page.suppressed)}\n`]),
  ].join("");
}

function toLine({ delta, estimate, before, after, path }: DeltaRow): readonly string[] {
  const word = after === null ? "only before" : before === null ? "only after" : (estimate?.verdict ?? "no verdict");
  return [
    formatDelta(delta),
    estimate === null ? "" : `${formatChange(estimate.relative)}${isOpposed({ delta, estimate }) ? " *" : ""}`,
    estimate?.q == null ? "" : formatP(estimate.q),
    word,
    path.join(" › "),
  ];
}
