import { spanKindNames, type SpanKindName } from "../model/span-kind.ts";
import { flagsOf, durationOf, SpanFlag, selfOf, type Trace } from "../model/trace.ts";
import { createGrouping, type Grouping } from "./grouping.ts";
import { createPercentiles, type Percentiles } from "./percentiles.ts";
import { clippedDuration, isAccepted, resolveScope, type Scope, type Selection } from "./scope.ts";
import { spansPerSlice, type Sliced } from "./sliced.ts";
import { sortSliced } from "./sliced-sort.ts";
import { computeBusyNs } from "./union.ts";

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
  /** Name, or names from outermost inwards. */
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

/** The groups of a scope. Holds its sums; a page in a known order costs its rows. */
export interface TopTable {
  readonly rowCount: number;
  page(request: TopPageRequest): Sliced<TopPage>;
}

/** Groups the spans of a scope by name, or by the chain of names they lie in. */
export function* createTopTable(trace: Trace, scope: Scope, group: TopGroup): Sliced<TopTable> {
  const selection = resolveScope(trace, scope, { withAncestors: group === "path" });
  const grouping = createGrouping(selection, group);
  const sums = createSums();
  yield* grouping.visit((span, id) => {
    if (!isAccepted(selection, span)) return;
    if (id >= sums.length) growSums(sums, id + 1);
    addSpan(selection, sums, span, id);
  });
  const busyNs = yield* computeBusyNs(selection);

  const groups: number[] = [];
  for (let id = 0; id < sums.length; id++) if (sums.count[id] > 0) groups.push(id);
  const shared: TableParts = {
    trace,
    grouping,
    sums,
    groups,
    percentiles: createPercentiles(selection, grouping, sums),
  };
  const totals = {
    rowCount: groups.length,
    spanCount: sums.spanCount,
    wallNs: Math.max(0, sums.lastNs - sums.firstNs),
    busyNs,
    selfNs: sums.allSelfNs,
  };
  const orders = new Map<string, Uint32Array>();
  return {
    rowCount: groups.length,
    *page({ sort, descending, first, count }) {
      const key = `${sort} ${descending}`;
      const order = orders.get(key) ?? (yield* sortGroups(shared, sort, descending));
      orders.set(key, order);
      const shown = order.subarray(first, first + count);
      yield* shared.percentiles.prepare(shown);
      return { ...totals, rows: Array.from(shown, (id) => toTopRow(shared, id)) };
    },
  };
}

interface TableParts {
  readonly trace: Trace;
  readonly grouping: Grouping;
  readonly sums: Sums;
  readonly groups: readonly number[];
  readonly percentiles: Percentiles;
}

/** Sums by group; `count` includes open-ended spans, nothing else does. */
interface Sums {
  length: number;
  count: Float64Array;
  openEnded: Float64Array;
  totalNs: Float64Array;
  selfNs: Float64Array;
  clippedNs: Float64Array;
  minNs: Float64Array;
  maxNs: Float64Array;
  longest: Float64Array;
  spanCount: number;
  allSelfNs: number;
  firstNs: number;
  lastNs: number;
}

function createSums(): Sums {
  const empty = (): Float64Array => new Float64Array(256);
  return {
    length: 0,
    count: empty(),
    openEnded: empty(),
    totalNs: empty(),
    selfNs: empty(),
    clippedNs: empty(),
    minNs: empty(),
    maxNs: empty(),
    longest: empty(),
    spanCount: 0,
    allSelfNs: 0,
    firstNs: Infinity,
    lastNs: -Infinity,
  };
}

function growSums(sums: Sums, length: number): void {
  if (length > sums.count.length) {
    const more = (column: Float64Array): Float64Array => {
      const grown = new Float64Array(Math.max(length, column.length * 2));
      grown.set(column);
      return grown;
    };
    sums.count = more(sums.count);
    sums.openEnded = more(sums.openEnded);
    sums.totalNs = more(sums.totalNs);
    sums.selfNs = more(sums.selfNs);
    sums.clippedNs = more(sums.clippedNs);
    sums.minNs = more(sums.minNs);
    sums.maxNs = more(sums.maxNs);
    sums.longest = more(sums.longest);
  }
  sums.minNs.fill(Infinity, sums.length, length);
  sums.maxNs.fill(-1, sums.length, length);
  sums.longest.fill(-1, sums.length, length);
  sums.length = length;
}

function addSpan(selection: Selection, sums: Sums, span: number, group: number): void {
  const { spans } = selection.trace;
  const { startNs: from, endNs: to } = selection;
  sums.count[group]++;
  sums.spanCount++;
  if ((flagsOf(spans, span) & SpanFlag.openEnded) !== 0) {
    sums.openEnded[group]++;
    if (sums.longest[group] < 0) sums.longest[group] = span;
    return;
  }
  const duration = durationOf(spans, span);
  const self = selfOf(spans, span);
  sums.totalNs[group] += duration;
  sums.selfNs[group] += self;
  sums.allSelfNs += self;
  sums.clippedNs[group] += clippedDuration(selection, span);
  if (duration < sums.minNs[group]) sums.minNs[group] = duration;
  if (duration > sums.maxNs[group]) {
    sums.maxNs[group] = duration;
    sums.longest[group] = span;
  }
  const start = Math.max(spans.startNs[span], from);
  const end = Math.min(spans.startNs[span] + duration, to);
  if (start < sums.firstNs) sums.firstNs = start;
  if (end > sums.lastNs) sums.lastNs = end;
}

function* sortGroups(parts: TableParts, sort: TopColumn, descending: boolean): Sliced<Uint32Array> {
  const { groups, sums, percentiles } = parts;
  const order = Uint32Array.from(groups);
  if (sort === "name") return yield* sortByName(parts, order, descending);
  if (sort === "p50Ns" || sort === "p99Ns") yield* percentiles.prepare(order);
  const valueOf = (id: number): number => {
    switch (sort) {
      case "count":
        return sums.count[id];
      case "totalNs":
        return sums.totalNs[id];
      case "selfNs":
      case "share":
        return sums.selfNs[id];
      case "meanNs":
        return meanOf(sums, id);
      case "p50Ns":
        return percentiles.of(id).p50Ns;
      case "p99Ns":
        return percentiles.of(id).p99Ns;
    }
  };
  const values = new Float64Array(sums.length);
  for (const id of groups) values[id] = valueOf(id);
  return yield* sortSliced(order, (a, b) => (descending ? values[b] - values[a] : values[a] - values[b]) || a - b);
}

/** By innermost name, then by the whole path; UTF-16 order, so that it is the same everywhere. */
function* sortByName({ trace, grouping }: TableParts, order: Uint32Array, descending: boolean): Sliced<Uint32Array> {
  const texts: string[] = [];
  for (let i = 0; i < order.length; i++) {
    const path = grouping.pathOf(order[i]);
    texts[order[i]] = [path[path.length - 1], ...path].map((name) => trace.strings[name]).join("\0");
    if (i % spansPerSlice === spansPerSlice - 1) yield;
  }
  return yield* sortSliced(order, (a, b) => {
    const left = texts[a];
    const right = texts[b];
    const sign = left < right ? -1 : left > right ? 1 : 0;
    return (descending ? -sign : sign) || a - b;
  });
}

function toTopRow({ trace, grouping, sums, percentiles }: TableParts, id: number): TopRow {
  const hasClosed = sums.count[id] > sums.openEnded[id];
  return {
    path: grouping.pathOf(id).map((name) => trace.strings[name]),
    kind: spanKindNames[trace.spans.kind[sums.longest[id]]],
    count: sums.count[id],
    openEnded: sums.openEnded[id],
    totalNs: sums.totalNs[id],
    selfNs: sums.selfNs[id],
    meanNs: meanOf(sums, id),
    minNs: hasClosed ? sums.minNs[id] : 0,
    ...percentiles.of(id),
    maxNs: hasClosed ? sums.maxNs[id] : 0,
    share: sums.allSelfNs > 0 ? sums.selfNs[id] / sums.allSelfNs : 0,
    longestSpan: sums.longest[id],
    clippedNs: sums.clippedNs[id],
  };
}

function meanOf(sums: Sums, id: number): number {
  const closed = sums.count[id] - sums.openEnded[id];
  return closed > 0 ? sums.totalNs[id] / closed : 0;
}
