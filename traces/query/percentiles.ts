import { durationOf } from "../model/trace.ts";
import { selectRank } from "../model/select-rank.ts";
import type { Grouping } from "./grouping.ts";
import { isAccepted, isOpenEnded, type Selection } from "./scope.ts";
import { spansPerSlice, type Sliced } from "./sliced.ts";

export interface PercentileValues {
  readonly p50Ns: number;
  readonly p95Ns: number;
  readonly p99Ns: number;
}

/** Exact percentiles of the durations of groups, computed for the groups that are asked for and kept. */
export interface Percentiles {
  /** Computes what is missing for `groups` in one pass over the selection. */
  prepare(groups: Uint32Array): Sliced<void>;
  /** Zeros for a group without closed spans. The group must have been prepared. */
  of(group: number): PercentileValues;
}

interface GroupCounts {
  readonly length: number;
  readonly count: Float64Array;
  readonly openEnded: Float64Array;
}

/** Up to here all groups are prepared at once, so that paging through them costs no further pass. 8 B a span. */
const preparedAtOnce = 1 << 22;

export function createPercentiles(
  selection: Selection,
  grouping: Grouping,
  sums: GroupCounts & { readonly spanCount: number },
): Percentiles {
  const known: (PercentileValues | undefined)[] = [];
  return {
    *prepare(groups) {
      const missing = groups.filter((group) => known[group] === undefined);
      if (missing.length === 0) return;
      const wanted =
        sums.spanCount <= preparedAtOnce ? Uint32Array.from({ length: sums.length }, (_, id) => id) : missing;
      const firstOf = new Float64Array(sums.length).fill(-1);
      let total = 0;
      for (const group of wanted) {
        firstOf[group] = total;
        total += sums.count[group] - sums.openEnded[group];
      }
      const durations = yield* collectDurations(selection, grouping, firstOf, total);
      let budget = spansPerSlice;
      for (const group of wanted) {
        const first = firstOf[group];
        const values = durations.subarray(first, first + sums.count[group] - sums.openEnded[group]);
        known[group] = percentilesOf(values);
        budget -= values.length + 1;
        if (budget > 0) continue;
        yield;
        budget = spansPerSlice;
      }
    },
    of: (group) => known[group] ?? noPercentiles,
  };
}

const noPercentiles: PercentileValues = { p50Ns: 0, p95Ns: 0, p99Ns: 0 };

function* collectDurations(
  selection: Selection,
  grouping: Grouping,
  firstOf: Float64Array,
  total: number,
): Sliced<Float64Array> {
  const { spans } = selection.trace;
  const durations = new Float64Array(total);
  const next = firstOf.slice();
  yield* grouping.visit((span, group) => {
    if (next[group] < 0 || !isAccepted(selection, span) || isOpenEnded(selection.trace, span)) return;
    durations[next[group]++] = durationOf(spans, span);
  });
  return durations;
}

/** Reorders `values`. Each rank narrows the part in which the next one lies, so three cost little more than one. */
export function percentilesOf(values: Float64Array): PercentileValues {
  if (values.length === 0) return noPercentiles;
  // In whole percent: 0.95 · n is not always the nearest double to an integer that it should be.
  const rank = (percent: number): number => Math.ceil((percent * values.length) / 100) - 1;
  const p50Ns = selectRank(values, 0, values.length, rank(50));
  const p95Ns = selectRank(values, rank(50), values.length, rank(95));
  const p99Ns = selectRank(values, rank(95), values.length, rank(99));
  return { p50Ns, p95Ns, p99Ns };
}
