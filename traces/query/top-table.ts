import { spanKindNames, type SpanKindName } from "../model/span-kind.ts";
import { durationOf, type Trace } from "../model/trace.ts";
import { createGrouping, type Grouping } from "./grouping.ts";
import { GroupSums } from "./group-sums.ts";
import { orderPaths } from "./path-order.ts";
import { createPercentiles, type Percentiles } from "./percentiles.ts";
import { isOpenEnded, resolveScope, type Scope } from "./scope.ts";
import { createLazyOrder, type LazyOrder } from "./lazy-order.ts";
import type { Sliced } from "../model/sliced.ts";
import { computeBusyNs } from "./union.ts";
import { type StepNames, textOfGroup } from "./step-names.ts";
import { compareTexts } from "../model/text-table.ts";

export type TopColumn = "name" | "count" | "totalNs" | "selfNs" | "meanNs" | "p50Ns" | "p99Ns" | "share";
export type TopGroup = "name" | "path";

export interface TopPageRequest {
  readonly sort: TopColumn;
  readonly descending: boolean;
  readonly first: number;
  readonly count: number;
}

/**
 * One group of spans. Open-ended spans count in `count` and `openEnded`, and in no time.
 * Percentiles are exact, by nearest rank: the smallest duration that at least p % of the closed spans do not exceed.
 */
export interface TopRow {
  /** Name, or names from outermost inwards: of more than 1,000 the innermost, behind a "…". */
  readonly path: readonly string[];
  /** Kind of the longest span. */
  readonly kind: SpanKindName;
  readonly count: number;
  readonly openEnded: number;
  readonly totalNs: number;
  readonly selfNs: number;
  readonly meanNs: number;
  readonly minNs: number;
  readonly p50Ns: number;
  readonly p95Ns: number;
  readonly p99Ns: number;
  readonly maxNs: number;
  /** Part of the self time of the scope, 0–1. */
  readonly share: number;
  readonly longestSpan: number;
  /** Time of the part inside the asked range; equals `totalNs` without a range. */
  readonly clippedNs: number;
}

export interface TopPage {
  readonly rowCount: number;
  readonly rows: readonly TopRow[];
  readonly spanCount: number;
  /** End of the last closed span less start of the first, cut to the range. */
  readonly wallNs: number;
  /** Time in which at least one closed span of the scope runs, cut to the range. */
  readonly busyNs: number;
  readonly selfNs: number;
}

const groupsPerSlice = 1 << 14;

/** The groups of a scope. Holds its sums; a page in a known order costs its rows. */
export interface TopTable {
  readonly rowCount: number;
  page(request: TopPageRequest): Sliced<TopPage>;
}

/** Groups the spans of a scope by name, or by the chain of names they lie in. Steps that differ in their number are one name. */
export function* createTopTable(trace: Trace, scope: Scope, group: TopGroup): Sliced<TopTable> {
  const selection = yield* resolveScope(trace, scope, { withAncestors: group === "path" });
  const grouping = createGrouping(selection, group);
  const sums = new GroupSums(selection, grouping);
  yield* grouping.visit((spans) => sums.add(spans), { makeRoom: (spans) => sums.makeRoom(spans) });
  yield* sums.finish();
  const busyNs = yield* computeBusyNs(selection);
  const percentiles = createPercentiles(selection, grouping, sums);
  const shared: TableParts = { trace, stepNames: selection.stepNames, grouping, sums, percentiles };
  const totals = {
    rowCount: sums.groupCount,
    spanCount: sums.spanCount,
    wallNs: sums.wallNs,
    busyNs,
    selfNs: sums.selfNs,
  };
  const orders = new Map<string, LazyOrder>();
  return {
    rowCount: sums.groupCount,
    *page({ sort, descending, first, count }) {
      const key = `${sort} ${descending}`;
      const order = orders.get(key) ?? (yield* orderGroups(shared, sort, descending));
      orders.set(key, order);
      const shown = yield* order.range(first, first + count);
      yield* shared.percentiles.prepare(shown);
      return { ...totals, rows: Array.from(shown, (id) => toTopRow(shared, id)) };
    },
  };
}

interface TableParts {
  readonly trace: Trace;
  readonly stepNames: StepNames | null;
  readonly grouping: Grouping;
  readonly sums: GroupSums;
  readonly percentiles: Percentiles;
}

function* orderGroups(parts: TableParts, sort: TopColumn, descending: boolean): Sliced<LazyOrder> {
  const { sums, percentiles } = parts;
  const groups = yield* sums.groups();
  if (sort === "name") return yield* orderByName(parts, groups, descending);
  if (sort === "p50Ns" || sort === "p99Ns") yield* percentiles.prepare(groups);
  const valueOf = (id: number): number => {
    switch (sort) {
      case "count":
        return sums.countOf(id);
      case "totalNs":
        return sums.totalNsOf(id);
      case "selfNs":
      case "share":
        return sums.selfNsOf(id);
      case "meanNs":
        return meanOf(sums, id);
      case "p50Ns":
        return percentiles.of(id).p50Ns;
      case "p99Ns":
        return percentiles.of(id).p99Ns;
    }
  };
  const values = new Float64Array(groups.length === 0 ? 0 : groups[groups.length - 1] + 1);
  for (let i = 0; i < groups.length; i++) {
    values[groups[i]] = valueOf(groups[i]);
    if (i % groupsPerSlice === groupsPerSlice - 1) yield;
  }
  return createLazyOrder(groups, (a, b) => (descending ? values[b] - values[a] : values[a] - values[b]) || a - b);
}

/** By innermost name, then by the whole path; UTF-16 order, so that it is the same everywhere. */
function* orderByName({ trace, grouping }: TableParts, groups: Uint32Array, descending: boolean): Sliced<LazyOrder> {
  const { strings } = trace;
  const sign = descending ? -1 : 1;
  if (grouping.paths !== null) {
    const { ofName, ofPath } = yield* orderPaths(grouping.paths, strings);
    return createLazyOrder(groups, (a, b) => sign * (ofName[a] - ofName[b] || ofPath[a] - ofPath[b]));
  }
  const nameOf = new Uint32Array(grouping.length);
  for (let group = 0; group < nameOf.length; group++) {
    nameOf[group] = grouping.pathOf(group, 1)[0];
    if (group % groupsPerSlice === groupsPerSlice - 1) yield;
  }
  return createLazyOrder(groups, (a, b) => sign * compareTexts(strings, nameOf[a], nameOf[b]));
}

/** Names of a path that a row shows. */
const mostNames = 1000;
const cutMark = "…";

function namesOf({ trace, stepNames, grouping }: TableParts, id: number): string[] {
  const names = grouping.pathOf(id, mostNames + 1).map((name) => textOfGroup(trace, stepNames, name));
  if (names.length > mostNames) names[0] = cutMark;
  return names;
}

function toTopRow(parts: TableParts, id: number): TopRow {
  const { trace, sums, percentiles } = parts;
  const longestSpan = sums.longestOf(id);
  return {
    path: namesOf(parts, id),
    kind: spanKindNames[trace.spans.kind[longestSpan]],
    count: sums.countOf(id),
    openEnded: sums.openEndedOf(id),
    totalNs: sums.totalNsOf(id),
    selfNs: sums.selfNsOf(id),
    meanNs: meanOf(sums, id),
    ...percentiles.of(id),
    maxNs: isOpenEnded(trace, longestSpan) ? 0 : durationOf(trace.spans, longestSpan),
    share: sums.selfNs > 0 ? sums.selfNsOf(id) / sums.selfNs : 0,
    longestSpan,
    clippedNs: sums.clippedNsOf(id),
  };
}

function meanOf(sums: GroupSums, id: number): number {
  const closed = sums.closedOf(id);
  return closed > 0 ? sums.totalNsOf(id) / closed : 0;
}
