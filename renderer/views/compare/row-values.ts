import type { DeltaMetric, DeltaPer, DeltaRow } from "../../../traces/compare/comparison.ts";
import type { ChangeTone } from "../../charts/change.ts";
import type { SideName } from "../../state/compare-sides.ts";
import { relativeWords, toneOf, verdictWords } from "./words.ts";

/** What the numbers of the table are. */
export interface DeltaAbout {
  /** "ns", or the unit of benchmark results. */
  readonly base: string;
  readonly metric: DeltaMetric;
  readonly per: DeltaPer;
  readonly itemsPerStep: Readonly<Record<SideName, number | null>>;
}

/** The relative change with its interval, or why there is none. */
export function relativeOf(row: DeltaRow): string {
  if (row.before === null) return "new";
  if (row.after === null) return "gone";
  if (row.estimate === null) return "not tested";
  return relativeWords(row.estimate.relative, row.estimate.relativeInterval);
}

/** Rows of one side are colored by their direction: that they came or went is no question of chance. */
export function rowTone(row: DeltaRow): ChangeTone {
  if (row.before === null) return "slower";
  return row.after === null ? "faster" : toneOf(row.estimate?.verdict ?? null);
}

export function rowVerdict(row: DeltaRow): string {
  if (row.before === null) return "only after";
  if (row.after === null) return "only before";
  if (row.estimate === null) return "not tested";
  const words = verdictWords(row.estimate.verdict, row.estimate.direction);
  return row.estimate.shapeOnly ? `${words}; other spread` : words;
}

/** Mean of the asked quantity; before and after differ by `row.delta`. Null where the side has no such row. */
export function valueOf(row: DeltaRow, side: SideName, about: DeltaAbout): number | null {
  const own = row[side];
  if (own === null) return null;
  const perStep = about.metric === "self" ? own.selfNs : own.totalNs;
  if (about.per === "step") return perStep;
  const parts = about.per === "call" ? own.count : about.itemsPerStep[side];
  return parts === null || parts === 0 ? null : perStep / parts;
}

const tsvHead = [
  "path",
  "kind",
  "before",
  "after",
  "delta",
  "relative",
  "low",
  "high",
  "q",
  "by_calls",
  "by_speed",
  "match",
  "confidence",
  "verdict",
];

/** All digits, tab separated; what was not collected stays empty. */
export function deltaTsv(rows: readonly DeltaRow[], about: DeltaAbout): string {
  const lines = rows.map((row) =>
    [
      row.path.join(" > ").replace(/[\t\r\n]+/g, " "),
      row.kind,
      valueOf(row, "before", about),
      valueOf(row, "after", about),
      row.delta,
      row.estimate?.relative,
      row.estimate?.relativeInterval?.[0],
      row.estimate?.relativeInterval?.[1],
      row.estimate?.q,
      row.countEffectNs,
      row.speedEffectNs,
      row.match?.tier,
      row.match?.confidence,
      rowVerdict(row),
    ]
      .map((value) => value ?? "")
      .join("\t"),
  );
  return [tsvHead.join("\t"), ...lines].join("\n");
}
