import { findStepNames, type StepNames } from "./step-names.ts";
import { type Column, lowerBound } from "../model/column.ts";
import { SpanKind, spanKindNames, type SpanKindName } from "../model/span-kind.ts";
import { flagsOf, durationOf, endOf, SpanFlag, type Trace } from "../model/trace.ts";
import { firstMeeting, firstStartingAt, isNextDepth, positionInRow, rowOfSpan } from "./rows-of.ts";
import { spansPerSlice, type Sliced } from "../model/sliced.ts";
import { createTextMatch, endOfSlice } from "./text-match.ts";

/** Which spans a question is about. Absent = no limit, but that frames take part only where tracks, rows or a span are named; all limits hold together. */
export interface Scope {
  /** Spans that meet [startNs, endNs): they overlap it, or start in it. Both or none; an empty range meets nothing. */
  readonly startNs?: number;
  readonly endNs?: number;
  readonly tracks?: readonly number[];
  readonly rows?: readonly number[];
  readonly kinds?: readonly SpanKindName[];
  /** A span and everything below it. */
  readonly below?: number;
  /** Case-insensitive part of the name. */
  readonly nameContains?: string;
}

/**
 * A scope as ranges of row positions, in row order: spans [begin, end) of `trace.rows.span` for each slice.
 * Finding them costs a binary search per row; walking them touches no other span.
 */
export interface Selection {
  readonly trace: Trace;
  readonly length: number;
  /** Spans in all slices. */
  readonly spanCount: number;
  readonly row: Column;
  readonly begin: Column;
  readonly end: Column;
  /** 0: the slice only holds ancestors of spans further down (asked for by `withAncestors`). */
  readonly selected: Column;
  /** Whether all rows of the trace are, without a range: nothing has to be looked up track by track. */
  readonly wholeTrace: boolean;
  /** Whether every row of a track is selected or none: its spans may then be taken in the order of their ids. */
  readonly wholeTracks: boolean;
  /** 1 for wanted SpanKinds; null = all. */
  readonly kinds: Uint8Array | null;
  /** 1 for wanted StringIds; null = all. */
  readonly names: Uint8Array | null;
  /** Names that are one where spans are grouped by their names. */
  readonly stepNames: StepNames | null;
  /** The asked range; −∞ and ∞ without one. */
  readonly startNs: number;
  readonly endNs: number;
}

export interface SelectionOptions {
  /** Adds slices for the ancestors of everything selected, so that each slice of depth d > 0 follows its parents' slice. */
  readonly withAncestors?: boolean;
}

/** Rows of a scope looked up between two pauses. */
const rowsPerSlice = 1 << 13;

/** Finds the row ranges of a scope. Unknown tracks, rows and spans select nothing. */
export function* resolveScope(trace: Trace, scope: Scope, options: SelectionOptions = {}): Sliced<Selection> {
  const startNs = scope.startNs ?? -Infinity;
  const endNs = scope.endNs ?? Infinity;
  const subtree = scope.below === undefined ? null : createSubtree(trace, scope.below);
  const wholeTrace = isOfAllRows(trace, scope);
  const slices = wholeTrace
    ? yield* takeAllRows(trace)
    : yield* findSlices(trace, scope, { startNs, endNs, subtree }, options.withAncestors === true);
  return {
    trace,
    ...slices,
    wholeTrace,
    wholeTracks: subtree === null && scope.rows === undefined,
    kinds: scope.kinds === undefined ? null : kindMask(scope.kinds),
    names: yield* maskOfNames(trace, scope.nameContains ?? ""),
    stepNames: yield* findStepNames(trace),
    startNs,
    endNs,
  };
}

interface Limits {
  readonly startNs: number;
  readonly endNs: number;
  readonly subtree: Subtree | null;
}

type Slices = Pick<Selection, "length" | "spanCount" | "row" | "begin" | "end" | "selected">;

const isOfAllRows = ({ frames }: Trace, { startNs, endNs, tracks, rows, below }: Scope): boolean =>
  frames.length === 0 && [startNs, endNs, tracks, rows, below].every((limit) => limit === undefined);

/** The whole trace, for whose rows nothing has to be found. */
function* takeAllRows({ rows, spans }: Trace): Sliced<Slices> {
  const row = new Uint32Array(rows.length);
  for (let at = 0; at < rows.length; at++) {
    if (at % spansPerSlice === spansPerSlice - 1) yield;
    row[at] = at;
  }
  return {
    length: rows.length,
    spanCount: spans.length,
    row,
    begin: rows.first.subarray(0, rows.length),
    end: rows.first.subarray(1),
    selected: new Uint8Array(rows.length).fill(1),
  };
}

/** Slices of the wanted rows that are not empty. */
function* findSlices(
  trace: Trace,
  scope: Scope,
  { startNs, endNs, subtree }: Limits,
  withAncestors: boolean,
): Sliced<Slices> {
  const wanted = startNs < endNs ? wantedRows(trace, scope, subtree) : new Uint8Array(trace.rows.length);
  yield;
  const isSelected = wanted.slice();
  if (withAncestors) addAncestorRows(trace, wanted);
  yield;
  const { first } = trace.rows;
  const isWhole = subtree === null && startNs === -Infinity && endNs === Infinity;
  let most = 0;
  for (let at = 0; at < wanted.length; at++) most += wanted[at];
  const row = new Uint32Array(most);
  const begin = new Uint32Array(most);
  const end = new Uint32Array(most);
  const selected = new Uint8Array(most);
  let length = 0;
  let spanCount = 0;
  for (let at = 0; at < wanted.length; at++) {
    if (at % rowsPerSlice === rowsPerSlice - 1) yield;
    if (wanted[at] === 0) continue;
    let firstIn = first[at];
    let lastIn = first[at + 1];
    if (!isWhole)
      [firstIn, lastIn] =
        subtree === null ? rangeInRow(trace, at, startNs, endNs) : subtree.rangeInRow(at, startNs, endNs);
    if (firstIn >= lastIn) continue;
    row[length] = at;
    begin[length] = firstIn;
    end[length] = lastIn;
    selected[length] = isSelected[at];
    length++;
    spanCount += lastIn - firstIn;
  }
  return {
    length,
    spanCount,
    row: row.subarray(0, length),
    begin: begin.subarray(0, length),
    end: end.subarray(0, length),
    selected: selected.subarray(0, length),
  };
}

/** Whether a span of the selection's ranges also has a wanted kind and name. */
export function isAccepted({ trace, kinds, names }: Selection, span: number): boolean {
  return (
    (kinds === null || kinds[trace.spans.kind[span]] === 1) && (names === null || names[trace.spans.name[span]] === 1)
  );
}

export function isOpenEnded(trace: Trace, span: number): boolean {
  return (flagsOf(trace.spans, span) & SpanFlag.openEnded) !== 0;
}

/** Whether a span of the selection's ranges takes part in sums of time. */
export function isTimed(selection: Selection, span: number): boolean {
  return !isOpenEnded(selection.trace, span) && isAccepted(selection, span);
}

/** Part of the span's duration inside the asked range, ns. */
export function clippedDuration({ trace, startNs, endNs }: Selection, span: number): number {
  const start = trace.spans.startNs[span];
  const end = start + durationOf(trace.spans, span);
  if (start >= startNs && end <= endNs) return end - start;
  return Math.min(end, endNs) - Math.max(start, startNs);
}

/** Is told how many spans follow at most before it is asked again. */
export type MakeRoom = (spans: number) => Sliced<void>;

/**
 * Calls `visit` with piece after piece of the slices, pausing between pieces. `onlySelected` leaves ancestors out.
 * `makeRoom` is asked before anything and after each pause.
 */
export function* visitSlices(
  selection: Selection,
  onlySelected: boolean,
  visit: (slice: number, begin: number, end: number) => void,
  makeRoom: MakeRoom | null = null,
): Sliced<void> {
  const most = Math.min(spansPerSlice, selection.spanCount);
  let budget = spansPerSlice;
  if (makeRoom !== null) yield* makeRoom(most);
  for (let slice = 0; slice < selection.length; slice++) {
    if (onlySelected && selection.selected[slice] === 0) continue;
    const last = selection.end[slice];
    const cost = costOfSpan(selection.trace, selection.row[slice]);
    for (let begin = selection.begin[slice]; begin < last;) {
      const end = Math.min(last, begin + Math.ceil(budget / cost));
      visit(slice, begin, end);
      budget -= (end - begin) * cost;
      begin = end;
      if (budget > 0) continue;
      yield;
      budget = spansPerSlice;
      if (makeRoom !== null) yield* makeRoom(most);
    }
  }
}

/** What a span of the row costs to look at: where few lie among many others, each column is a cache miss. */
export function costOfSpan({ rows, spans: { firstOfTrack } }: Trace, row: number): number {
  const track = rows.track[row];
  const spanCount = firstOfTrack[track + 1] - firstOfTrack[track];
  return (rows.first[row + 1] - rows.first[row]) * 16 > spanCount ? 1 : 8;
}

/**
 * Calls `visit` with all selected spans, ids [begin, end) at a time, pausing between pieces. Whole tracks are taken by
 * id, as the columns lie in memory, others row by row. `makeRoom`: as for `visitSlices`.
 */
export function* visitSpans(
  selection: Selection,
  visit: (begin: number, end: number) => void,
  makeRoom: MakeRoom | null = null,
): Sliced<void> {
  const { rows } = selection.trace;
  if (!selection.wholeTracks) {
    yield* visitSlices(
      selection,
      true,
      (_slice, begin, end) => {
        for (let position = begin; position < end; position++) visit(rows.span[position], rows.span[position] + 1);
      },
      makeRoom,
    );
    return;
  }
  const most = Math.min(spansPerSlice, selection.spanCount);
  let budget = spansPerSlice;
  if (makeRoom !== null) yield* makeRoom(most);
  for (let slice = 0; slice < selection.length;) {
    const { begin, end, nextSlice } = nextTracks(selection, slice);
    // Of those that start before the range, at most one a row reaches into it.
    if (selection.startNs === -Infinity) slice = nextSlice;
    for (; slice < nextSlice; slice++) {
      const first = rows.span[selection.begin[slice]];
      if (first < begin) visit(first, first + 1);
      if (--budget > 0) continue;
      yield;
      budget = spansPerSlice;
      if (makeRoom !== null) yield* makeRoom(most);
    }
    for (let span = begin; span < end;) {
      const pieceEnd = Math.min(end, span + budget);
      visit(span, pieceEnd);
      budget -= pieceEnd - span;
      span = pieceEnd;
      if (budget > 0) continue;
      yield;
      budget = spansPerSlice;
      if (makeRoom !== null) yield* makeRoom(most);
    }
  }
}

/** Spans of tracks that follow each other, as ids [begin, end). */
interface TracksRange {
  readonly begin: number;
  readonly end: number;
  /** The first slice behind theirs. */
  readonly nextSlice: number;
}

/** Tracks put together at once: a moment of work, and no less than a slice of spans. */
const mostTracksAtOnce = spansPerSlice;

/** Those of the track of a slice that start in the range; without a range, of the tracks behind it too. */
function nextTracks(selection: Selection, slice: number): TracksRange {
  const { trace, row, length, startNs, endNs } = selection;
  if (selection.wholeTrace) return { begin: 0, end: trace.spans.length, nextSlice: length };
  const { firstOfTrack } = trace.spans;
  let track = trace.rows.track[row[slice]];
  let nextSlice = endOfTrack(selection, slice, track);
  if (startNs !== -Infinity || endNs !== Infinity) return { ...trackRange(selection, track), nextSlice };
  const begin = firstOfTrack[track];
  const lastTrack = track + mostTracksAtOnce;
  while (nextSlice < length && track < lastTrack) {
    const next = trace.rows.track[row[nextSlice]];
    if (firstOfTrack[next] !== firstOfTrack[track + 1]) break;
    track = next;
    nextSlice = endOfTrack(selection, nextSlice, track);
  }
  return { begin, end: firstOfTrack[track + 1], nextSlice };
}

/** The first slice behind those of the track of a slice. */
export function endOfTrack({ trace: { rows }, row, length }: Selection, slice: number, track: number): number {
  const nextRow = rows.firstOfTrack[track + 1];
  // Rows without a slice are few where there are many rows.
  let end = Math.min(length, slice + nextRow - rows.firstOfTrack[track]);
  while (row[end - 1] >= nextRow) end--;
  return end;
}

/** Spans that start in the range, on a track. */
export function trackRange(
  { trace: { spans }, startNs, endNs }: Selection,
  track: number,
): { readonly begin: number; readonly end: number } {
  const first = spans.firstOfTrack[track];
  const last = spans.firstOfTrack[track + 1];
  const begin = startNs === -Infinity ? first : lowerBound(spans.startNs, startNs, first, last);
  return { begin, end: endNs === Infinity ? last : lowerBound(spans.startNs, endNs, begin, last) };
}

/** 1 for each string that contains `part`, compared without case; null for an empty part. */
function* maskOfNames({ strings }: Trace, part: string): Sliced<Uint8Array | null> {
  if (part === "") return null;
  const markOthers = createTextMatch(strings, part.toLowerCase());
  const mask = new Uint8Array(strings.length).fill(1);
  for (let first = 0, end = 0; first < strings.length; first = end) {
    end = endOfSlice(strings, first);
    markOthers(first, end, mask, 0);
    yield;
  }
  return mask;
}

export function kindMask(kinds: readonly SpanKindName[]): Uint8Array {
  const mask = new Uint8Array(spanKindNames.length);
  for (const kind of kinds) mask[SpanKind[kind]] = 1;
  return mask;
}

function wantedRows(trace: Trace, scope: Scope, subtree: Subtree | null): Uint8Array {
  const wanted = new Uint8Array(trace.rows.length);
  if (scope.below !== undefined && subtree === null) return wanted;
  if (subtree !== null) wanted.fill(1, subtree.firstRow, subtree.endRow);
  else if (scope.rows === undefined && scope.tracks === undefined) markWorkRows(trace, wanted);
  else wanted.fill(1);
  if (scope.rows !== undefined) keepOnly(wanted, maskOf(scope.rows, trace.rows.length));
  if (scope.tracks !== undefined) {
    const tracks = maskOf(scope.tracks, trace.tracks.length);
    for (let row = 0; row < wanted.length; row++) wanted[row] &= tracks[trace.rows.track[row]];
  }
  return wanted;
}

/** All rows but those of frames: the window of a record is no work, and would be the largest entry of every sum. */
function markWorkRows({ frames, rows: { firstOfTrack } }: Trace, wanted: Uint8Array): void {
  wanted.fill(1);
  for (const track of frames) wanted.fill(0, firstOfTrack[track], firstOfTrack[track + 1]);
}

function maskOf(indices: readonly number[], length: number): Uint8Array {
  const mask = new Uint8Array(length);
  for (const index of indices) mask[index] = 1;
  return mask;
}

function keepOnly(target: Uint8Array, mask: Uint8Array): void {
  for (let i = 0; i < target.length; i++) target[i] &= mask[i];
}

function addAncestorRows({ rows }: Trace, wanted: Uint8Array): void {
  for (let row = wanted.length - 1; row > 0; row--) if (wanted[row] === 1 && rows.depth[row] > 0) wanted[row - 1] = 1;
}

function rangeInRow(trace: Trace, row: number, startNs: number, endNs: number): [begin: number, end: number] {
  const { first } = trace.rows;
  const begin = startNs === -Infinity ? first[row] : firstMeeting(trace, row, startNs);
  return [begin, endNs === Infinity ? first[row + 1] : firstStartingAt(trace, row, endNs)];
}

interface Subtree {
  /** Row of the span and the rows below it in its lane. */
  readonly firstRow: number;
  readonly endRow: number;
  /** In rows above `firstRow`: the ancestor only. */
  rangeInRow(row: number, startNs: number, endNs: number): [begin: number, end: number];
}

function createSubtree(trace: Trace, span: number): Subtree | null {
  if (!(span >= 0 && span < trace.spans.length)) return null;
  const { rows, spans } = trace;
  const firstRow = rowOfSpan(trace, span);
  let endRow = firstRow + 1;
  while (isNextDepth(rows, endRow - 1)) endRow++;
  const start = spans.startNs[span];
  const end = endOf(spans, span);
  const meets = (startNs: number, endNs: number): boolean => start < endNs && (end > startNs || start >= startNs);
  return {
    firstRow,
    endRow,
    rangeInRow(row, startNs, endNs) {
      if (!meets(startNs, endNs)) return [0, 0];
      if (row <= firstRow) {
        let ancestor = span;
        for (let r = firstRow; r > row; r--) ancestor = spans.parent[ancestor];
        const position = positionInRow(rows, row, ancestor);
        return [position, position + 1];
      }
      const begin = Math.max(start, startNs);
      return start === end ? [0, 0] : rangeInRow(trace, row, begin, Math.min(end, endNs));
    },
  };
}
