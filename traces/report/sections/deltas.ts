import type { DeltaRow, DeltaSide, WallShare } from "../../compare/comparison.ts";
import { formatChange, formatDelta, formatP, intervalWords } from "../../compare/words.ts";
import type { Estimate } from "../../measure/estimate.ts";
import { formatDuration, formatNumber, formatShare } from "../../model/format-units.ts";
import { cell, type Cell, type Tone } from "../block.ts";
import type { ReportSection } from "../report-section.ts";

export const deltas: ReportSection = {
  id: "deltas",
  title: "What changed, self time per step",
  build: ({ rows, wallShares, suppressed, summary }) => {
    if (rows.length === 0) return null;
    return [
      ...(suppressed === null ? [] : [{ kind: "text", text: `${suppressed}.`, tone: "warning" } as const]),
      {
        kind: "table",
        columns: [
          { title: "name", align: "left" },
          { title: "Δ per step", align: "right" },
          { title: "before", align: "right" },
          { title: "after", align: "right" },
          { title: "change", align: "right" },
          { title: "interval", align: "left" },
          { title: "q", align: "right" },
          { title: "δ", align: "right" },
          { title: "verdict", align: "left" },
          { title: "by count", align: "right" },
          { title: "by speed", align: "right" },
          { title: "calls", align: "right" },
          { title: "total", align: "right" },
          { title: "of the step", align: "right" },
          { title: "longest span, at", align: "left" },
          { title: "match", align: "right" },
        ],
        rows: rows.map((row, index) => toCells(row, wallShares[index] ?? null)),
        omitted: summary.rowCount - rows.length,
      },
    ];
  },
};

function toCells(row: DeltaRow, share: WallShare | null): readonly Cell[] {
  return [
    cell(row.path.join(" › ")),
    cell(formatDelta(row.delta), row.delta),
    timeCell(row.before),
    timeCell(row.after),
    ...estimateCells(row.estimate),
    verdictCell(row),
    cell(formatDelta(row.countEffectNs), row.countEffectNs),
    cell(formatDelta(row.speedEffectNs), row.speedEffectNs),
    callsCell(row),
    totalCell(row),
    share === null
      ? cell("", 0)
      : cell(`${formatShare(share.before)} → ${formatShare(share.after)}`, Math.max(share.before, share.after)),
    cell(`${placeWords(row.before)} | ${placeWords(row.after)}`),
    row.match === null ? cell("", 0) : cell(row.match.confidence.toFixed(2), row.match.confidence),
  ];
}

function timeCell(side: DeltaSide | null): Cell {
  return side === null ? cell("–", 0) : cell(formatDuration(side.selfNs), side.selfNs);
}

function callsCell({ before, after }: DeltaRow): Cell {
  const [left, right] = [before?.count ?? 0, after?.count ?? 0];
  return cell(`${formatNumber(left)} → ${formatNumber(right)}`, right - left);
}

/** With children. */
function totalCell({ before, after }: DeltaRow): Cell {
  const text = (side: DeltaSide | null): string => (side === null ? "–" : formatDuration(side.totalNs));
  return cell(`${text(before)} → ${text(after)}`, Math.max(before?.totalNs ?? 0, after?.totalNs ?? 0));
}

/** Where the span lies in its trace, so that it can be found there. */
function placeWords(side: DeltaSide | null): string {
  return side?.longest == null
    ? "–"
    : `${formatDuration(side.longest.durationNs)} at ${formatDuration(side.longest.startNs)}`;
}

/** Change, interval, q, δ. */
function estimateCells(estimate: Estimate | null): readonly Cell[] {
  if (estimate === null) return [cell("", 0), cell(""), cell("", 2), cell("", 0)];
  const { relative, q, cliffsDelta } = estimate;
  return [
    cell(formatChange(relative), finite(relative)),
    cell(intervalWords(estimate) ?? ""),
    q === null ? cell("", 2) : cell(formatP(q), q),
    cliffsDelta === null ? cell("", 0) : cell(cliffsDelta.toFixed(2), cliffsDelta),
  ];
}

function finite(value: number): number {
  return Math.max(-1e9, Math.min(1e9, value));
}

const tones: Readonly<Record<string, Tone>> = { regressed: "bad", improved: "good", equivalent: "muted" };

function verdictCell({ before, after, estimate }: DeltaRow): Cell {
  if (after === null) return cell("only before", 5, "good");
  if (before === null) return cell("only after", 4, "bad");
  if (estimate === null) return cell("no verdict", 3, "muted");
  const { verdict, shapeOnly } = estimate;
  const order = { regressed: 0, improved: 1, inconclusive: 2, equivalent: 6 }[verdict];
  return cell(shapeOnly ? `${verdict}, other spread` : verdict, order, tones[verdict] ?? "plain");
}
