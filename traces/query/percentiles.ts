import { durationOf, longDuration } from "../model/trace.ts";
import { findRanks, findRanksOfMany } from "./find-ranks.ts";
import type { Grouping } from "./grouping.ts";
import { isOpenEnded, type Selection } from "./scope.ts";
import { spansPerSlice, type Sliced } from "../model/sliced.ts";

export interface PercentileValues {
  readonly minNs: number;
  readonly p50Ns: number;
  readonly p95Ns: number;
  readonly p99Ns: number;
}

/** The least and exact percentiles of the durations of groups, computed for the groups that are asked for and kept. */
export interface Percentiles {
  /** Computes what is missing for `groups` in one pass over the selection. */
  prepare(groups: Uint32Array): Sliced<void>;
  /** Zeros for a group without closed spans. The group must have been prepared. */
  of(group: number): PercentileValues;
}

/** What is known of the closed spans of groups. */
interface ClosedSums {
  /** Of all groups, open-ended ones included. */
  readonly spanCount: number;
  closedOf(group: number): number;
  totalNsOf(group: number): number;
}

/** Up to here all groups are prepared at once, so that paging through them costs no further pass. 8 B a span. */
const preparedAtOnce = 1 << 22;
const groupsPerSlice = 1 << 14;

export function createPercentiles(selection: Selection, grouping: Grouping, sums: ClosedSums): Percentiles {
  const length = grouping.length;
  const closedOf = (group: number): number => sums.closedOf(group);
  /** Of each group the values at its ranks, one column each; null as long as nobody asked. */
  let known: { readonly isKnown: Uint8Array; readonly values: readonly Float64Array[] } | null = null;
  return {
    *prepare(groups) {
      if (groups.every((group) => closedOf(group) <= 1)) return;
      known ??= { isKnown: new Uint8Array(length), values: ranksOf(1).map(() => new Float64Array(length)) };
      const { isKnown, values } = known;
      if (groups.every((group) => isKnown[group] === 1 || closedOf(group) <= 1)) return;
      const isWanted = new Uint8Array(length);
      const all = sums.spanCount <= preparedAtOnce;
      if (!all) for (const group of groups) isWanted[group] = 1 - isKnown[group];
      const firstOf = new Float64Array(length);
      let total = 0;
      for (let group = 0; group < length; group++) {
        // One duration alone is its own percentile.
        if (closedOf(group) <= 1) isWanted[group] = 0;
        else if (all) isWanted[group] = 1;
        firstOf[group] = total;
        if (isWanted[group] === 1) total += closedOf(group);
        if (group % groupsPerSlice === groupsPerSlice - 1) yield;
      }
      const durations = yield* collectDurations(selection, grouping, { isWanted, firstOf, total });
      yield* rankGroups(durations, firstOf, (group) => (isWanted[group] === 1 ? closedOf(group) : 0), values);
      for (let group = 0; group < length; group++) isKnown[group] |= isWanted[group];
    },
    of(group) {
      const onlyNs = sums.totalNsOf(group);
      if (closedOf(group) === 1) return { minNs: onlyNs, p50Ns: onlyNs, p95Ns: onlyNs, p99Ns: onlyNs };
      if (known === null || closedOf(group) === 0) return noPercentiles;
      const [min, p50, p95, p99] = known.values;
      return { minNs: min[group], p50Ns: p50[group], p95Ns: p95[group], p99Ns: p99[group] };
    },
  };
}

const percents = [50, 95, 99] as const;
const noPercentiles: PercentileValues = { minNs: 0, p50Ns: 0, p95Ns: 0, p99Ns: 0 };

/** Puts the percentiles of groups with durations into the columns: `countOf` of them from `firstOf` on. */
function* rankGroups(
  durations: Float64Array,
  firstOf: Float64Array,
  countOf: (group: number) => number,
  columns: readonly Float64Array[],
): Sliced<void> {
  let budget = spansPerSlice;
  for (let group = 0; group < firstOf.length; group++) {
    const count = countOf(group);
    if (count > 0) {
      const itsDurations = durations.subarray(firstOf[group], firstOf[group] + count);
      const found =
        count > spansPerSlice
          ? yield* findRanksOfMany(itsDurations, ranksOf(count))
          : findRanks(itsDurations, ranksOf(count));
      for (let at = 0; at < found.length; at++) columns[at][group] = found[at];
    }
    budget -= count + 1;
    if (budget > 0) continue;
    yield;
    budget = spansPerSlice;
  }
}

function* collectDurations(
  selection: Selection,
  grouping: Grouping,
  { isWanted, firstOf, total }: { isWanted: Uint8Array; firstOf: Float64Array; total: number },
): Sliced<Float64Array> {
  const { spans } = selection.trace;
  const { packedDurationNs } = spans;
  const durations = new Float64Array(total);
  const next = firstOf.slice();
  yield* grouping.visit(
    ({ span: spanOf, group: groupOf, length }) => {
      for (let i = 0; i < length; i++) {
        const span = spanOf[i];
        if (isOpenEnded(selection.trace, span)) continue;
        const packed = packedDurationNs[span];
        durations[next[groupOf[i]]++] = packed === longDuration ? durationOf(spans, span) : packed;
      }
    },
    { wanted: isWanted },
  );
  return durations;
}

/** The first, then those of percentiles. In whole percent: 0.95 · n is not always the nearest double to an integer that it should be. */
const ranksOf = (count: number): number[] => [0, ...percents.map((percent) => Math.ceil((percent * count) / 100) - 1)];

/** May reorder `values`. */
export function percentilesOf(values: Float64Array): PercentileValues {
  if (values.length === 0) return noPercentiles;
  const [minNs, p50Ns, p95Ns, p99Ns] = findRanks(values, ranksOf(values.length));
  return { minNs, p50Ns, p95Ns, p99Ns };
}
