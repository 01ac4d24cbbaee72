import type { Estimate } from "../measure/estimate.ts";
import { relativeOf } from "../measure/relative.ts";
import { spanKindNames } from "../model/span-kind.ts";
import { durationOf } from "../model/trace.ts";
import type {
  DeltaColumn,
  DeltaMetric,
  DeltaPage,
  DeltaPer,
  DeltaRow,
  DeltaSide,
  RowCounts,
  SpanPlace,
} from "./comparison.ts";
import { confidenceOf, type Matching } from "./match-trees.ts";
import type { PreparedSide } from "./observations.ts";
import type { SidePart } from "./side.ts";
import type { SideTree } from "./side-tree.ts";
import { pathOf, type UnionNode } from "./union-rows.ts";
import { splitEffect } from "./waterfall.ts";

export interface DeltaRowsInput {
  readonly before: PreparedSide;
  readonly after: PreparedSide;
  readonly union: readonly UnionNode[];
  readonly rows: readonly number[];
  readonly matching: Matching;
  readonly estimates: readonly (Estimate | null)[];
  /** Why rows have no verdicts; null when they have. */
  readonly suppressed: string | null;
}

export interface DeltaPageOptions {
  readonly metric: DeltaMetric;
  readonly per: DeltaPer;
  readonly sort: DeltaColumn;
  readonly descending: boolean;
  /** Case-insensitive part of a name of the path; "" = all. */
  readonly search: string;
  /** Rows whose change is significant at q ≤ α, and rows of one side. */
  readonly significantOnly: boolean;
  /** Rows with a smaller |delta| are left out. */
  readonly minDeltaNs: number;
  readonly first: number;
  readonly count: number;
}

/** All rows of one metric. */
export function buildDeltaRows(input: DeltaRowsInput, metric: DeltaMetric, per: DeltaPer): readonly DeltaRow[] {
  const { before, after, union, rows, matching, estimates, suppressed } = input;
  return rows.map((index, row): DeltaRow => {
    const node = union[index];
    const left = toDeltaSide(before, node.before);
    const right = toDeltaSide(after, node.after);
    const column = metric === "total" ? "totalNs" : "selfNs";
    const effect = splitEffect(
      { count: left?.count ?? 0, totalNs: left?.[column] ?? 0 },
      { count: right?.count ?? 0, totalNs: right?.[column] ?? 0 },
    );
    const tier = matching.tier[node.before];
    return {
      row,
      path: pathOf(union, index, before.tree, after.tree),
      kind: spanKindNames[node.before >= 0 ? before.tree.kind[node.before] : after.tree.kind[node.after]],
      match: node.before >= 0 && node.after >= 0 ? { tier, confidence: confidenceOf[tier] } : null,
      before: left,
      after: right,
      delta: valueOf(right, column, per, after) - valueOf(left, column, per, before),
      countEffectNs: effect.count,
      speedEffectNs: effect.speed,
      estimate: suppressed === null ? estimates[row] : null,
    };
  });
}

function toDeltaSide({ tree, parts }: PreparedSide, node: number): DeltaSide | null {
  if (node < 0) return null;
  const span = tree.longestSpan[node];
  const part = tree.longestPart[node];
  return {
    totalNs: meanPerStep(tree, tree.totalNs, node),
    selfNs: meanPerStep(tree, tree.selfNs, node),
    count: meanPerStep(tree, tree.count, node),
    longest: span < 0 ? null : { part, span, ...timesOf(parts[part], span) },
  };
}

function timesOf({ trace: { spans } }: SidePart, span: number): Pick<SpanPlace, "startNs" | "durationNs"> {
  return { startNs: spans.startNs[span], durationNs: durationOf(spans, span) };
}

export function meanPerStep({ stepCount }: SideTree, column: Float64Array, node: number): number {
  let sum = 0;
  for (let cell = node * stepCount; cell < (node + 1) * stepCount; cell++) sum += column[cell];
  return stepCount === 0 ? 0 : sum / stepCount;
}

function valueOf(
  side: DeltaSide | null,
  column: "totalNs" | "selfNs",
  per: DeltaPer,
  { itemsPerStep }: PreparedSide,
): number {
  if (side === null) return 0;
  switch (per) {
    case "step":
      return side[column];
    case "call":
      return side.count === 0 ? 0 : side[column] / side.count;
    case "item":
      return side[column] / (itemsPerStep ?? 1);
  }
}

/** Searches, filters, sorts and cuts. */
export function pageOfRows(all: readonly DeltaRow[], options: DeltaPageOptions, suppressed: string | null): DeltaPage {
  const wanted = options.search.toLowerCase();
  const rows = all.filter(
    (row) =>
      Math.abs(row.delta) >= options.minDeltaNs &&
      (!options.significantOnly || row.match === null || row.estimate?.significant === true) &&
      (wanted === "" || row.path.some((name) => name.toLowerCase().includes(wanted))),
  );
  const sign = options.descending ? -1 : 1;
  const { sort, metric } = options;
  const keys = new Map(sort === "name" ? [] : rows.map((row) => [row, sortValue(row, sort, metric)]));
  rows.sort((x, y) => {
    const byName = compareNames(x, y);
    if (sort === "name") return sign * byName;
    const difference = (keys.get(x) ?? 0) - (keys.get(y) ?? 0);
    // Infinite changes on both sides have no difference.
    return sign * (Number.isNaN(difference) ? 0 : difference) || byName;
  });
  return {
    rows: rows.slice(options.first, options.first + options.count),
    rowCount: rows.length,
    suppressed,
  };
}

function compareNames(x: DeltaRow, y: DeltaRow): number {
  const left = x.path.at(-1) ?? "";
  const right = y.path.at(-1) ?? "";
  if (left !== right) return left < right ? -1 : 1;
  return x.row - y.row;
}

type SortKey = (row: DeltaRow, before: number, after: number) => number;

const sortKeys: Readonly<Record<Exclude<DeltaColumn, "name">, SortKey>> = {
  delta: (row) => row.delta,
  absDelta: (row) => Math.abs(row.delta),
  relative: (row, before, after) => row.estimate?.relative ?? relativeOf(after - before, (before + after) / 2),
  before: (_, before) => before,
  after: (_, _before, after) => after,
  q: (row) => row.estimate?.q ?? 2,
  count: (row) => row.countEffectNs,
  speed: (row) => row.speedEffectNs,
};

function sortValue(row: DeltaRow, column: Exclude<DeltaColumn, "name">, metric: DeltaMetric): number {
  const time = metric === "total" ? "totalNs" : "selfNs";
  return sortKeys[column](row, row.before?.[time] ?? 0, row.after?.[time] ?? 0);
}

export function countRows(rows: readonly DeltaRow[]): RowCounts {
  const counts = { regressed: 0, improved: 0, equivalent: 0, inconclusive: 0, onlyBefore: 0, onlyAfter: 0 };
  for (const row of rows) {
    if (row.after === null) counts.onlyBefore++;
    else if (row.before === null) counts.onlyAfter++;
    else if (row.estimate !== null) counts[row.estimate.verdict]++;
  }
  return counts;
}
