import { categoryOf, durationOf, noCategory, type Trace, type Track } from "../model/trace.ts";
import { createHitSet, type HitSet } from "./hit-set.ts";
import { rowOfSpan } from "./rows-of.ts";
import { createTextMatch, endOfSlice } from "./text-match.ts";
import { isOpenEnded, kindMask } from "./scope.ts";
import { isNarrower, parseSearchQuery, type SearchQuery } from "./search-query.ts";
import { spansPerSlice, type Sliced } from "../model/sliced.ts";
import { cutTexts, textOf, textsOf } from "../model/text-table.ts";

/** The spans that a query finds. Holds one bit a span, and the hits of rows that were asked for. */
export interface Search {
  readonly hitCount: number;
  /** Distinct names among the hits. */
  readonly nameCount: number;
  /** Sum over closed hits. */
  readonly totalNs: number;
  /** What was looked for; null for nothing. */
  readonly query: SearchQuery | null;
  has(span: number): boolean;
  /** First hit in [span, end), or -1. */
  nextFrom(span: number, end: number): number;
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

/**
 * Runs a query over all spans. An empty query finds nothing. Throws UserFacingError for one that cannot be read.
 * `known`: earlier searches in this very trace. A query that only narrows one of them, as while it is being typed, looks
 * at the hits of that one alone.
 */
export function* searchSpans(
  trace: Trace,
  query: string,
  matchNames: MatchNames,
  known: Iterable<Search> = [],
): Sliced<Search> {
  const parsed = parseSearchQuery(query);
  const hits = createHitSet(trace);
  const found = { nameCount: 0, totalNs: 0 };
  if (parsed !== null) {
    const wider = narrowestOf(known, parsed);
    const names = createNames(trace, wider === null ? parsed : { ...parsed, patterns: [] });
    if (wider === null) yield* names.matchAll(matchNames);
    const { state } = names;
    yield* lookAtSpans({ trace, names, matches: createMatcher(trace, parsed), wider }, (span) => {
      const name = trace.spans.name[span];
      hits.add(span);
      if (state[name] !== NameState.found) found.nameCount++;
      state[name] = NameState.found;
      if (!isOpenEnded(trace, span)) found.totalNs += durationOf(trace.spans, span);
    });
  }
  hits.close();
  return {
    hitCount: hits.count,
    ...found,
    query: parsed,
    has: hits.has,
    nextFrom: hits.nextFrom,
    ofRow: createRowHits(trace, hits),
    step: (from, direction) => stepTo(trace, hits, from, direction),
  };
}

interface Look {
  readonly trace: Trace;
  readonly names: Names;
  readonly matches: Matcher;
  /** Null: all spans are looked at, and all names have been. */
  readonly wider: Search | null;
}

/** Calls `add` with every span that matches. */
function* lookAtSpans({ trace, names, matches, wider }: Look, add: (span: number) => void): Sliced<void> {
  const { state } = names;
  const { name: nameOf } = trace.spans;
  let budget = spansPerSlice;
  const lookAtRange = (begin: number, end: number): number => {
    for (let span = begin; span < end; span++)
      if (state[nameOf[span]] >= NameState.matches && matches.span(span)) add(span);
    budget -= end - begin;
    return end;
  };
  const lookAtHit = (span: number): number => {
    budget -= state[nameOf[span]] === NameState.unknown ? spansPerName : 1;
    if (names.matches(nameOf[span]) && matches.span(span)) add(span);
    return span + 1;
  };
  for (const { first, end } of trackRanges(trace, matches.tracks)) {
    for (let span = first; span < end;) {
      const hit = wider === null ? span : wider.nextFrom(span, end);
      if (hit < 0) break;
      span = wider === null ? lookAtRange(span, Math.min(end, span + budget)) : lookAtHit(hit);
      if (budget > 0) continue;
      yield;
      budget = spansPerSlice;
    }
  }
}

/** Spans of the tracks that match, as ids [first, end). */
function* trackRanges(
  { tracks, spans }: Trace,
  matches: Matcher["tracks"],
): Generator<{ readonly first: number; readonly end: number }, void, undefined> {
  if (matches === null) yield { first: 0, end: spans.length };
  else
    for (const track of tracks)
      if (matches(track)) yield { first: track.firstSpan, end: track.firstSpan + track.spanCount };
}

/** The search with the fewest hits among those that hold all hits of the query. */
function narrowestOf(known: Iterable<Search>, query: SearchQuery): Search | null {
  let narrowest: Search | null = null;
  for (const search of known)
    if (
      search.query !== null &&
      isNarrower(query, search.query) &&
      !(search.hitCount >= (narrowest?.hitCount ?? Infinity))
    )
      narrowest = search;
  return narrowest;
}

/** A name is a text: matching it costs as much as looking at so many spans. */
const spansPerName = 4;
/** Names that the host is given at once: it takes a while to get ready for them. */
export const namesPerPattern: number = 1 << 16;
const bytesPerPattern = 1 << 21;

const NameState = { unknown: 0, other: 1, matches: 2, found: 3 } as const;

/** Which names a query matches; each is looked at once. */
interface Names {
  /** `NameState` by StringId. */
  readonly state: Uint8Array;
  /** Patterns are not looked at: who has some asks for all names first. */
  matches(id: number): boolean;
  matchAll(matchNames: MatchNames): Sliced<void>;
}

function createNames({ strings }: Trace, { texts, patterns }: Pick<SearchQuery, "texts" | "patterns">): Names {
  const state = new Uint8Array(strings.length);
  const parts = texts.map((text) => createTextMatch(strings, text));
  const markNames = (first: number, end: number): void => {
    state.fill(NameState.matches, first, end);
    for (const markOthers of parts) markOthers(first, end, state, NameState.other);
  };
  const matches = (id: number): boolean => {
    if (state[id] === NameState.unknown) markNames(id, id + 1);
    return state[id] >= NameState.matches;
  };
  return {
    state,
    matches,
    *matchAll(matchNames) {
      for (let first = 0, end = 0; first < strings.length; first = end) {
        end = endOfSlice(strings, first);
        markNames(first, end);
        if (parts.length > 0) yield;
      }
      for (const pattern of patterns) {
        for (let first = 0, end = 0; first < strings.length; first = end) {
          end = cutTexts(strings, first, namesPerPattern, bytesPerPattern);
          const are = matchNames(pattern, textsOf(strings, first, end));
          for (let i = 0; i < are.length; i++) if (are[i] === 0) state[first + i] = NameState.other;
          yield;
        }
      }
    },
  };
}

interface Matcher {
  /** Null: all of them. */
  readonly tracks: ((track: Track) => boolean) | null;
  /** All but the name. */
  span(span: number): boolean;
}

function createMatcher(trace: Trace, query: SearchQuery): Matcher {
  const { spans } = trace;
  const categories =
    query.categories.length === 0
      ? null
      : trace.categories.map((id) => includesAll(textOf(trace.strings, id), query.categories));
  const kinds =
    query.kinds.length === 0
      ? null
      : query.kinds.map(kindMask).reduce((all, mask) => all.map((is, kind) => is & mask[kind]));
  const { duration } = query;
  return {
    tracks:
      query.tracks.length === 0 ? null : (track) => query.tracks.every((text) => trackContains(trace, track, text)),
    span(span) {
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
