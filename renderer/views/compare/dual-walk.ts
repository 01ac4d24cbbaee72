import { formatDuration, formatShare } from "../../../traces/model/format-units.ts";
import { signedDuration } from "../../charts/change.ts";
import type { ChartTable } from "../../charts/chart-table.ts";
import { type DualLayout, type DualSpan, rowTopPx } from "./dual-layout.ts";

/** Left and right along a row, up and down to the row beside it; null for other keys. */
export function walkSpans(layout: DualLayout, from: DualSpan | null, key: string): DualSpan | null {
  if (!key.startsWith("Arrow")) return null;
  if (from === null) return layout.spans.find(({ isOfStep }) => isOfStep) ?? layout.spans[0] ?? null;
  const isAlong = key === "ArrowLeft" || key === "ArrowRight";
  const sign = key === "ArrowRight" || key === "ArrowDown" ? 1 : -1;
  const ownTop = rowTopPx(from);
  if (isAlong) {
    const row = layout.spans
      .filter((each) => rowTopPx(each) === ownTop)
      .toSorted((a, b) => a.span.startNs - b.span.startNs);
    return row[row.indexOf(from) + sign] ?? from;
  }
  const tops = [...new Set(layout.spans.map(rowTopPx))].toSorted((a, b) => a - b);
  const nextTop = tops[tops.indexOf(ownTop) + sign];
  const middle = (span: DualSpan): number => span.span.startNs + span.span.durationNs / 2;
  return (
    layout.spans
      .filter((each) => rowTopPx(each) === nextTop)
      .toSorted((a, b) => Math.abs(middle(a) - middle(from)) - Math.abs(middle(b) - middle(from)))[0] ?? from
  );
}

/** "aten::copy_, before 2.01 ms, after 9.38 ms, +7.37 ms, matched 90 % sure". */
export function spanWords({ side, span, twin, confidence, isOfStep }: DualSpan): string {
  const own = formatDuration(span.durationNs);
  if (!isOfStep) return `${span.name}, ${own}, of the step next to this one`;
  if (twin === null) return `${span.name}, ${own}, only ${side} at this place`;
  const other = formatDuration(twin.durationNs);
  const [before, after] = side === "before" ? [own, other] : [other, own];
  const delta = side === "before" ? twin.durationNs - span.durationNs : span.durationNs - twin.durationNs;
  return `${span.name}, before ${before}, after ${after}, ${signedDuration(delta)}, matched ${formatShare(confidence ?? 0)} sure`;
}

/** Pairs and single spans, all digits. */
export function dualTable({ spans }: DualLayout): ChartTable {
  return {
    columns: [
      { title: "Name", align: "start" },
      { title: "Track", align: "start" },
      { title: "Side", align: "start" },
      { title: "Start, ns", align: "end" },
      { title: "Duration, ns", align: "end" },
      { title: "Duration of the counterpart, ns", align: "end" },
      { title: "Match", align: "end" },
    ],
    rows: spans.map(({ span, track, side, twin, confidence }) => [
      span.name,
      track.name,
      side,
      span.startNs,
      span.durationNs,
      twin?.durationNs ?? null,
      confidence,
    ]),
  };
}
