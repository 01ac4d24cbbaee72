import type { SampleComparer, SampleOptions } from "../measure/compare-samples.ts";
import { conclude, type Change, type VerdictRule } from "../measure/conclude.ts";
import type { Estimate } from "../measure/estimate.ts";
import { adjustP } from "../measure/false-discovery.ts";
import type { Sliced } from "../query/sliced.ts";
import type { DeltaMetric, DeltaPer } from "./comparison.ts";
import { nodeValues, sampleOf, type PreparedSide } from "./observations.ts";
import { pathOf, type UnionNode } from "./union-rows.ts";

/** Rows whose steps are resampled where they depend on each other; smaller ones take the order statistics at n/τ. */
const resampledRows = 40;
const rowsPerSlice = 8;

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

/** Estimates of all rows that both sides have, adjusted together; null for rows of one side. */
export function* estimateRows(
  input: RowsInput,
  metric: DeltaMetric,
  per: DeltaPer,
): Sliced<readonly (Estimate | null)[]> {
  const { before, after, union, rows, comparer, sample, rule } = input;
  const values = rows.map((index) => {
    const node = union[index];
    if (node.before < 0 || node.after < 0) return null;
    return { a: nodeValues(before, node.before, metric, per), b: nodeValues(after, node.after, metric, per) };
  });
  const largest = new Set(
    values
      .map((pair, row) => ({ row, size: pair === null ? 0 : Math.abs(meanOrZero(pair.b) - meanOrZero(pair.a)) }))
      .sort((x, y) => y.size - x.size)
      .slice(0, resampledRows)
      .map(({ row }) => row),
  );
  const changes: (Change | null)[] = [];
  for (let row = 0; row < values.length; row++) {
    if (row % rowsPerSlice === rowsPerSlice - 1) yield;
    const pair = values[row];
    if (pair === null) {
      changes.push(null);
      continue;
    }
    const key = keyOf(input, rows[row], metric, per);
    const options = largest.has(row) ? sample : { ...sample, resamples: 0 };
    changes.push(comparer.compare(sampleOf(before, key, pair.a), sampleOf(after, key, pair.b), options));
  }
  const q = adjustP(changes.map((change) => change?.p ?? Number.NaN));
  return changes.map((change, row) =>
    change === null ? null : conclude(change, Number.isNaN(q[row]) ? null : q[row], rule),
  );
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
