import { spanKindNames, type SpanKindName } from "../model/span-kind.ts";
import { durationOf, longDuration, selfOf, type Trace } from "../model/trace.ts";
import { createGrouping, type GroupedSpans, type Grouping } from "./grouping.ts";
import { orderPaths } from "./path-order.ts";
import { createPercentiles, type Percentiles } from "./percentiles.ts";
import { isOpenEnded, resolveScope, type Scope, type Selection } from "./scope.ts";
import { createLazyOrder, type LazyOrder } from "./lazy-order.ts";
import type { Sliced } from "../model/sliced.ts";
import { enlarge } from "./enlarge.ts";
import { computeBusyNs } from "./union.ts";
import { compareTexts, textOf } from "../model/text-table.ts";

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

/** Groups the spans of a scope by name, or by the chain of names they lie in. */
export function* createTopTable(trace: Trace, scope: Scope, group: TopGroup): Sliced<TopTable> {
  const selection = yield* resolveScope(trace, scope, { withAncestors: group === "path" });
  const grouping = createGrouping(selection, group);
  const sums = createSums();
  const clips = hasRange(selection);
  const opens = trace.spans.flags !== undefined;
  yield* grouping.visit((spans) => addSpans(selection, sums, spans), {
    makeRoom: (spans) => growSums(sums, { groups: grouping.length + spans, most: grouping.most, clips, opens }),
  });
  if (!clips) sums.clippedNs = sums.totalNs;
  // Fresh memory that nobody writes to takes none.
  if (!opens) sums.openEnded = new Uint32Array(sums.count.length);
  const busyNs = yield* computeBusyNs(selection);

  const groups = yield* groupsOf(sums, grouping.length);
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
  const orders = new Map<string, LazyOrder>();
  return {
    rowCount: groups.length,
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

/** Those with an accepted span. */
function* groupsOf(sums: Sums, length: number): Sliced<Uint32Array> {
  const groups = new Uint32Array(length);
  const { count: countOf, selfNs } = sums;
  let count = 0;
  let allSelfNs = 0;
  for (let first = 0; first < length; first += groupsPerSlice) {
    if (first > 0) yield;
    const end = Math.min(first + groupsPerSlice, length);
    for (let id = first; id < end; id++) {
      if (countOf[id] > 0) groups[count++] = id;
      // Whole ns below 2^53: exact in any order.
      allSelfNs += selfNs[id];
    }
  }
  sums.allSelfNs = allSelfNs;
  return groups.subarray(0, count);
}

interface TableParts {
  readonly trace: Trace;
  readonly grouping: Grouping;
  readonly sums: Sums;
  readonly groups: Uint32Array;
  readonly percentiles: Percentiles;
}

/** Sums by group; `count` includes open-ended spans, nothing else does. Columns have room for more groups than there are. */
interface Sums {
  count: Uint32Array;
  openEnded: Uint32Array;
  totalNs: Float64Array;
  selfNs: Float64Array;
  /** Without a range, the same as `totalNs`. */
  clippedNs: Float64Array;
  /** SpanId + 1 of the first longest closed span, or of an open-ended one where all are; 0 for none. */
  longest: Uint32Array;
  /** Packed duration of that one, if closed: spans below it are passed without a look at its columns. */
  longestPacked: Uint32Array;
  spanCount: number;
  allSelfNs: number;
  firstNs: number;
  lastNs: number;
}

function createSums(): Sums {
  return {
    count: new Uint32Array(0),
    openEnded: new Uint32Array(0),
    totalNs: new Float64Array(0),
    selfNs: new Float64Array(0),
    clippedNs: new Float64Array(0),
    longest: new Uint32Array(0),
    longestPacked: new Uint32Array(0),
    spanCount: 0,
    allSelfNs: 0,
    firstNs: Infinity,
    lastNs: -Infinity,
  };
}

/** `groups` to make room for; there will be `most` at most. */
interface Room {
  readonly groups: number;
  readonly most: number;
  /** For times cut to a range, too. */
  readonly clips: boolean;
  /** For open-ended spans, too. */
  readonly opens: boolean;
}

function* growSums(sums: Sums, { groups, most, clips, opens }: Room): Sliced<void> {
  const before = sums.count.length;
  const needed = Math.min(groups, most);
  if (needed <= before) return;
  const fourfold = Math.max(needed, 4 * before);
  // What is left behind is cleared away at the cost of a look at all names, so near the end in one step.
  const room = 4 * fourfold >= most ? most : fourfold;
  sums.count = yield* enlarge(sums.count, new Uint32Array(room));
  yield;
  if (opens) sums.openEnded = yield* enlarge(sums.openEnded, new Uint32Array(room));
  yield;
  sums.longest = yield* enlarge(sums.longest, new Uint32Array(room));
  yield;
  sums.longestPacked = yield* enlarge(sums.longestPacked, new Uint32Array(room));
  yield;
  sums.totalNs = yield* enlarge(sums.totalNs, new Float64Array(room));
  yield;
  sums.selfNs = yield* enlarge(sums.selfNs, new Float64Array(room));
  yield;
  if (clips) sums.clippedNs = yield* enlarge(sums.clippedNs, new Float64Array(room));
}

const hasRange = ({ startNs, endNs }: Selection): boolean => startNs !== -Infinity || endNs !== Infinity;

function addSpans(selection: Selection, sums: Sums, { span: spanOf, group: groupOf, length }: GroupedSpans): void {
  const { spans } = selection.trace;
  const { startNs, packedDurationNs, packedSelfNs } = spans;
  const { count, totalNs, selfNs, clippedNs, longest, longestPacked } = sums;
  const { startNs: from, endNs: to } = selection;
  const clips = hasRange(selection);
  // A column that is not there says so for all spans at once.
  const isAnyOpen = spans.flags !== undefined;
  let { firstNs, lastNs } = sums;
  for (let i = 0; i < length; i++) {
    const span = spanOf[i];
    const group = groupOf[i];
    count[group]++;
    if (isAnyOpen && isOpenEnded(selection.trace, span)) {
      sums.openEnded[group]++;
      if (longest[group] === 0) longest[group] = span + 1;
      continue;
    }
    const packed = packedDurationNs[span];
    const packedSelf = packedSelfNs[span];
    const duration = packed === longDuration ? durationOf(spans, span) : packed;
    totalNs[group] += duration;
    selfNs[group] += packedSelf === longDuration ? selfOf(spans, span) : packedSelf;
    if (packed >= longestPacked[group]) {
      const best = longest[group] - 1;
      if (best < 0 || duration > durationOf(spans, best) || (isAnyOpen && isOpenEnded(selection.trace, best))) {
        longest[group] = span + 1;
        longestPacked[group] = packed;
      }
    }
    let start = startNs[span];
    let end = start + duration;
    if (clips) {
      start = Math.max(start, from);
      end = Math.min(end, to);
      clippedNs[group] += end - start;
    }
    if (start < firstNs) firstNs = start;
    if (end > lastNs) lastNs = end;
  }
  sums.spanCount += length;
  sums.firstNs = firstNs;
  sums.lastNs = lastNs;
}

function* orderGroups(parts: TableParts, sort: TopColumn, descending: boolean): Sliced<LazyOrder> {
  const { groups, sums, percentiles } = parts;
  if (sort === "name") return yield* orderByName(parts, descending);
  if (sort === "p50Ns" || sort === "p99Ns") yield* percentiles.prepare(groups);
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
  const values = new Float64Array(groups.length === 0 ? 0 : groups[groups.length - 1] + 1);
  for (let i = 0; i < groups.length; i++) {
    values[groups[i]] = valueOf(groups[i]);
    if (i % groupsPerSlice === groupsPerSlice - 1) yield;
  }
  return createLazyOrder(
    groups.slice(),
    (a, b) => (descending ? values[b] - values[a] : values[a] - values[b]) || a - b,
  );
}

/** By innermost name, then by the whole path; UTF-16 order, so that it is the same everywhere. */
function* orderByName({ trace, grouping, groups }: TableParts, descending: boolean): Sliced<LazyOrder> {
  const { strings } = trace;
  const sign = descending ? -1 : 1;
  if (grouping.paths !== null) {
    const { ofName, ofPath } = yield* orderPaths(grouping.paths, strings);
    return createLazyOrder(groups.slice(), (a, b) => sign * (ofName[a] - ofName[b] || ofPath[a] - ofPath[b]));
  }
  const nameOf = new Uint32Array(grouping.length);
  for (let group = 0; group < nameOf.length; group++) {
    nameOf[group] = grouping.pathOf(group, 1)[0];
    if (group % groupsPerSlice === groupsPerSlice - 1) yield;
  }
  return createLazyOrder(groups.slice(), (a, b) => sign * compareTexts(strings, nameOf[a], nameOf[b]));
}

/** Names of a path that a row shows. */
const mostNames = 1000;
const cutMark = "…";

function namesOf({ trace, grouping }: TableParts, id: number): string[] {
  const names = grouping.pathOf(id, mostNames + 1).map((name) => textOf(trace.strings, name));
  if (names.length > mostNames) names[0] = cutMark;
  return names;
}

function toTopRow(parts: TableParts, id: number): TopRow {
  const { trace, sums, percentiles } = parts;
  const longestSpan = sums.longest[id] - 1;
  return {
    path: namesOf(parts, id),
    kind: spanKindNames[trace.spans.kind[longestSpan]],
    count: sums.count[id],
    openEnded: sums.openEnded[id],
    totalNs: sums.totalNs[id],
    selfNs: sums.selfNs[id],
    meanNs: meanOf(sums, id),
    ...percentiles.of(id),
    maxNs: isOpenEnded(trace, longestSpan) ? 0 : durationOf(trace.spans, longestSpan),
    share: sums.allSelfNs > 0 ? sums.selfNs[id] / sums.allSelfNs : 0,
    longestSpan,
    clippedNs: sums.clippedNs[id],
  };
}

function meanOf(sums: Sums, id: number): number {
  const closed = sums.count[id] - sums.openEnded[id];
  return closed > 0 ? sums.totalNs[id] / closed : 0;
}
