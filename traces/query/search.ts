import { categoryOf, durationOf, noCategory, type Trace, type Track } from "../model/trace.ts";
import { createHitSet, type HitSet } from "./hit-set.ts";
import { rowOfSpan } from "./rows-of.ts";
import { isOpenEnded, kindMask } from "./scope.ts";
import { parseSearchQuery, type SearchQuery } from "./search-query.ts";
import { spansPerSlice, type Sliced } from "./sliced.ts";

/** The spans that a query finds. Holds one bit a span, and the hits of rows that were asked for. */
export interface Search {
  readonly hitCount: number;
  /** Distinct names among the hits. */
  readonly nameCount: number;
  /** Sum over closed hits. */
  readonly totalNs: number;
  has(span: number): boolean;
  /** SpanIds of the hits in a row, in time order. */
  ofRow(row: number): Uint32Array;
  /**
   * The nearest hit behind or before a place, in time order (start, then SpanId) over all tracks. The place is a span,
   * or else a time: next finds hits that start at it, too. Null at either end.
   */
  step(from: SearchStart, direction: "next" | "previous"): { readonly span: number; readonly index: number } | null;
}

export interface SearchStart {
  readonly fromSpan: number | null;
  readonly fromNs: number;
}

/**
 * Tells which names an expression matches: 1 or 0 a name. The host gives it, because only the host can stop an
 * expression that backtracks for ever; it throws UserFacingError then.
 */
export type MatchNames = (pattern: RegExp, names: readonly string[]) => Uint8Array;

/** Runs a query over all spans. An empty query finds nothing. Throws UserFacingError for one that cannot be read. */
export function* searchSpans(trace: Trace, query: string, matchNames: MatchNames): Sliced<Search> {
  const parsed = parseSearchQuery(query);
  const hits = createHitSet(trace);
  const names = new Uint8Array(trace.strings.length);
  let nameCount = 0;
  let totalNs = 0;
  if (parsed !== null) {
    const matches = yield* createMatcher(trace, parsed, matchNames);
    let budget = spansPerSlice;
    for (const track of trace.tracks) {
      if (!matches.track(track)) continue;
      for (let span: number = track.firstSpan; span < track.firstSpan + track.spanCount; span++) {
        if (matches.span(span)) {
          hits.add(span);
          const name = trace.spans.name[span];
          if (names[name] === 0) nameCount++;
          names[name] = 1;
          if (!isOpenEnded(trace, span)) totalNs += durationOf(trace.spans, span);
        }
        if (--budget > 0) continue;
        yield;
        budget = spansPerSlice;
      }
    }
  }
  hits.close();
  return {
    hitCount: hits.count,
    nameCount,
    totalNs,
    has: hits.has,
    ofRow: createRowHits(trace, hits),
    step: (from, direction) => stepTo(trace, hits, from, direction),
  };
}

/** Names are texts, so fewer of them than spans fit into a slice. */
const namesPerSlice = spansPerSlice / 4;

interface Matcher {
  track(track: Track): boolean;
  span(span: number): boolean;
}

function* createMatcher(trace: Trace, query: SearchQuery, matchNames: MatchNames): Sliced<Matcher> {
  const { spans } = trace;
  const names = yield* maskOfMatchingNames(trace, query, matchNames);
  const categories =
    query.categories.length === 0
      ? null
      : trace.categories.map((id) => includesAll(trace.strings[id], query.categories));
  const kinds =
    query.kinds.length === 0
      ? null
      : query.kinds.map(kindMask).reduce((all, mask) => all.map((is, kind) => is & mask[kind]));
  const { duration } = query;
  return {
    track: (track) => query.tracks.every((text) => trackContains(trace, track, text)),
    span(span) {
      if (names[spans.name[span]] === 0) return false;
      if (kinds !== null && kinds[spans.kind[span]] === 0) return false;
      if (categories !== null && (categoryOf(spans, span) === noCategory || !categories[spans.category[span]]))
        return false;
      if (duration === null) return true;
      if (isOpenEnded(trace, span)) return false;
      const durationNs = durationOf(spans, span);
      return durationNs >= duration.leastNs && durationNs <= duration.mostNs;
    },
  };
}

/** Each distinct string is matched once. */
function* maskOfMatchingNames(
  { strings }: Trace,
  { texts, patterns }: SearchQuery,
  matchNames: MatchNames,
): Sliced<Uint8Array> {
  const mask = new Uint8Array(strings.length);
  if (texts.length === 0) mask.fill(1);
  else {
    for (let id = 0; id < strings.length; id++) {
      if (includesAll(strings[id], texts)) mask[id] = 1;
      if (id % namesPerSlice === namesPerSlice - 1) yield;
    }
  }
  for (const pattern of patterns) {
    const matches = matchNames(pattern, strings);
    for (let id = 0; id < mask.length; id++) mask[id] &= matches[id];
  }
  return mask;
}

function includesAll(text: string, parts: readonly string[]): boolean {
  if (parts.length === 0) return true;
  const lower = text.toLowerCase();
  return parts.every((part) => lower.includes(part));
}

function trackContains(trace: Trace, track: Track, text: string): boolean {
  const seen = new Set<Track>();
  for (
    let at: Track | null = track;
    at !== null && !seen.has(at);
    at = at.parent === null ? null : trace.tracks[at.parent]
  ) {
    if (at.name.toLowerCase().includes(text) || at.detail.toLowerCase().includes(text)) return true;
    seen.add(at);
  }
  return false;
}

/** Hits by row, found for a whole track when one of its rows is asked for. Costs the hits of the track, not its spans. */
function createRowHits(trace: Trace, hits: HitSet): (row: number) => Uint32Array {
  const known = new Map<number, Uint32Array>();
  const none = new Uint32Array(0);
  const knownTracks = new Set<number>();
  return (row) => {
    const track = trace.tracks[trace.rows.track[row]];
    if (!knownTracks.has(track.id)) {
      knownTracks.add(track.id);
      for (const [trackRow, found] of hitsByRow(trace, hits, track)) known.set(trackRow, Uint32Array.from(found));
    }
    return known.get(row) ?? none;
  };
}

function hitsByRow(
  trace: Trace,
  hits: HitSet,
  { firstSpan, spanCount }: Track,
): ReadonlyMap<number, readonly number[]> {
  const byRow = new Map<number, number[]>();
  const end = firstSpan + spanCount;
  for (let span = hits.nextFrom(firstSpan, end); span >= 0; span = hits.nextFrom(span + 1, end)) {
    const row = rowOfSpan(trace, span);
    const found = byRow.get(row);
    if (found === undefined) byRow.set(row, [span]);
    else found.push(span);
  }
  return byRow;
}

/** Every track is in time order, so the answer is the best of one candidate a track, and the index a sum of ranks. */
function stepTo(
  trace: Trace,
  hits: HitSet,
  { fromSpan, fromNs }: SearchStart,
  direction: "next" | "previous",
): { span: number; index: number } | null {
  const { startNs } = trace.spans;
  const timeNs = fromSpan === null ? fromNs : startNs[fromSpan];
  // From a time, "next" includes what starts at it: the place lies before span 0.
  const place = fromSpan ?? -1;
  let best = -1;
  let hitsBefore = 0;
  for (const { firstSpan, spanCount } of trace.tracks) {
    if (spanCount === 0) continue;
    const end = firstSpan + spanCount;
    const cut = firstAfter(startNs, firstSpan, end, { timeNs, place: direction === "next" ? place : place - 1 });
    hitsBefore += hits.rank(cut) - hits.rank(firstSpan);
    const candidate = direction === "next" ? hits.nextFrom(cut, end) : hits.previousBefore(cut, firstSpan);
    if (candidate < 0) continue;
    const isBetter =
      best < 0 || (direction === "next" ? isEarlier(startNs, candidate, best) : isEarlier(startNs, best, candidate));
    if (isBetter) best = candidate;
  }
  return best < 0 ? null : { span: best, index: direction === "next" ? hitsBefore : hitsBefore - 1 };
}

function isEarlier(startNs: Trace["spans"]["startNs"], a: number, b: number): boolean {
  return startNs[a] < startNs[b] || (startNs[a] === startNs[b] && a < b);
}

/** First span of [begin, end) behind (timeNs, place): it starts later, or at that time with an id above `place`. */
function firstAfter(
  startNs: Trace["spans"]["startNs"],
  begin: number,
  end: number,
  after: { timeNs: number; place: number },
): number {
  let low = begin;
  let high = end;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const start = startNs[middle];
    if (start > after.timeNs || (start === after.timeNs && middle > after.place)) high = middle;
    else low = middle + 1;
  }
  return low;
}
