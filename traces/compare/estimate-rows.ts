import type { SampleComparer, SampleOptions } from "../measure/compare-samples.ts";
import { conclude, type Change, type VerdictRule } from "../measure/conclude.ts";
import type { Estimate } from "../measure/estimate.ts";
import { adjustP } from "../measure/false-discovery.ts";
import type { Sliced } from "../model/sliced.ts";
import type { DeltaMetric, DeltaPer } from "./comparison.ts";
import { meanPerStep } from "./delta-rows.ts";
import { nodeValues, sampleOf, type PreparedSide } from "./observations.ts";
import { pathOf, type UnionNode } from "./union-rows.ts";

/** Rows whose steps are resampled where they depend on each other; smaller ones take the order statistics at n/τ. */
const resampledRows = 40;
const rowsPerSlice = 8;
/** Rows that are tested; smaller ones would cost time and, by their number, the power of all. */
export const mostTestedRows = 2000;

export interface RowsInput {
  readonly before: PreparedSide;
  readonly after: PreparedSide;
  readonly union: readonly UnionNode[];
  /** Union nodes by row. */
  readonly rows: readonly number[];
  readonly comparer: SampleComparer;
  readonly sample: SampleOptions;
  readonly rule: VerdictRule;
}

/** Estimates of the largest rows that both sides have, adjusted together; null for rows of one side and smaller ones. */
export function* estimateRows(
  input: RowsInput,
  metric: DeltaMetric,
  per: DeltaPer,
): Sliced<readonly (Estimate | null)[]> {
  const { before, after, union, rows, comparer, sample, rule } = input;
  const tested = chooseRows(input, metric);
  const changes: (Change | null)[] = rows.map(() => null);
  const values = new Map<number, { readonly a: Float64Array; readonly b: Float64Array }>();
  for (const row of tested) {
    const node = union[rows[row]];
    values.set(row, { a: nodeValues(before, node.before, metric, per), b: nodeValues(after, node.after, metric, per) });
  }
  const moved = [...values]
    .map(([row, { a, b }]) => ({ row, size: Math.abs(meanOrZero(b) - meanOrZero(a)) }))
    .sort((x, y) => y.size - x.size || x.row - y.row);
  const resampled = new Set(moved.slice(0, resampledRows).map(({ row }) => row));
  let done = 0;
  for (const [row, { a, b }] of values) {
    if (++done % rowsPerSlice === 0) yield;
    const key = keyOf(input, rows[row], metric, per);
    const options = resampled.has(row) ? sample : { ...sample, resamples: 0 };
    changes[row] = comparer.compare(sampleOf(before, key, a), sampleOf(after, key, b), options);
  }
  const q = adjustP(changes.map((change) => change?.p ?? Number.NaN));
  return changes.map((change, row) =>
    change === null ? null : conclude(change, Number.isNaN(q[row]) ? null : q[row], rule),
  );
}

/** Rows of both sides, the largest by the larger of their means. */
function chooseRows({ before, after, union, rows }: RowsInput, metric: DeltaMetric): readonly number[] {
  const sizeOf = ({ tree }: PreparedSide, node: number): number =>
    meanPerStep(tree, metric === "total" ? tree.totalNs : tree.selfNs, node);
  const both = rows.flatMap((index, row) => {
    const node = union[index];
    return node.before < 0 || node.after < 0 ? [] : [{ row, node }];
  });
  if (both.length <= mostTestedRows) return both.map(({ row }) => row);
  return both
    .map(({ row, node }) => ({ row, size: Math.max(sizeOf(before, node.before), sizeOf(after, node.after)) }))
    .sort((x, y) => y.size - x.size || x.row - y.row)
    .slice(0, mostTestedRows)
    .map(({ row }) => row);
}

/** The same for a row and for its mirror image. */
function keyOf({ union, before, after }: RowsInput, index: number, metric: DeltaMetric, per: DeltaPer): string {
  return [
    metric,
    per,
    ...pathOf(union, index, { ...before.tree, rawName: before.tree.name }, { ...after.tree, rawName: after.tree.name }),
  ].join("\u0000");
}

function meanOrZero(values: Float64Array): number {
  return values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;
}
