import type { Column } from "../model/column.ts";
import { TraceFormatError } from "../model/errors.ts";
import { isLinkTable } from "../model/link-table.ts";
import { spanKindNames } from "../model/span-kind.ts";
import { areDifferent } from "../model/text-numbers.ts";
import { isText, longestTextBytes } from "../model/text-table.ts";
import { categoryOf, endOf, longDuration, noCategory, type Trace, type Track } from "../model/trace.ts";

/**
 * What queries rely on so that they end and stay inside the columns, whoever wrote the file: ids in range, parents
 * before children, tracks and rows that cover their tables. One pass over the columns. Throws TraceFormatError.
 */
export function checkContents(trace: Trace): void {
  checkStrings(trace);
  checkTracks(trace);
  checkSpans(trace);
  checkRows(trace);
  checkLinks(trace);
  const { instants, counters, flows, strings, spans } = trace;
  within("instants.name", instants.name, strings.length);
  checkCategories("instants.category", instants.category, trace);
  within("instants.scope", instants.scope, 3);
  checkTimes("instants.timeNs", instants.timeNs, trace.meta.durationNs);
  checkTimes("counters.timeNs", counters.timeNs, trace.meta.durationNs);
  within("flows.name", flows.name, strings.length);
  within("flows.from", flows.from, spans.length);
  within("flows.to", flows.to, spans.length);
}

function refuse(what: string, found: string): never {
  throw new TraceFormatError(`expected ${what} in the container, found ${found}`, {
    format: "deltaflame",
    byteOffset: 0,
  });
}

function within(name: string, column: Column, limit: number): void {
  let largest = -1;
  for (let i = 0; i < column.length; i++) if (column[i] > largest) largest = column[i];
  if (largest >= limit) refuse(`values below ${limit} in column "${name}"`, String(largest));
}

function checkTimes(name: string, column: Column, durationNs: number): void {
  for (let i = 0; i < column.length; i++) {
    const time = column[i];
    if (!(time >= 0 && time <= durationNs)) refuse(`times from 0 to ${durationNs} in column "${name}"`, String(time));
  }
}

function checkCategories(name: string, column: Column, { categories }: Trace): void {
  for (let i = 0; i < column.length; i++)
    if (column[i] >= categories.length && column[i] !== noCategory)
      refuse(`categories below ${categories.length} in column "${name}"`, String(column[i]));
}

function checkStrings({ strings }: Trace): void {
  const { bytes, ends, length } = strings;
  let start = 0;
  for (let id = 0; id < length; id++) {
    if (ends[id] < start || ends[id] > bytes.length) refuse("texts that follow one another", `a gap at text ${id}`);
    if (ends[id] - start > longestTextBytes)
      refuse(`texts of at most ${longestTextBytes} bytes`, `${ends[id] - start} bytes at text ${id}`);
    if (!isText(bytes, start, ends[id])) refuse("texts in UTF-8", `other bytes at text ${id}`);
    start = ends[id];
  }
  if (start !== bytes.length) refuse("texts that follow one another", "bytes of no text");
  if (!areDifferent(strings)) refuse("different strings", "equal ones");
}

/** Each table is covered by the tracks, one after another. */
function checkTracks({ tracks, spans, rows, instants, counters, strings, categories }: Trace): void {
  for (const category of categories)
    if (category >= strings.length) refuse("categories that are strings", String(category));
  let span = 0;
  let row = 0;
  let instant = 0;
  let sample = 0;
  for (const track of tracks) {
    if (
      track.firstSpan !== span ||
      track.firstRow !== row ||
      track.firstInstant !== instant ||
      track.firstSample !== sample
    )
      refuse("tracks that follow one another", `a gap at track ${track.id}`);
    if (track.parent !== null && !(track.parent < tracks.length))
      refuse("parents that are tracks", String(track.parent));
    span += track.spanCount;
    row += track.rowCount;
    instant += track.instantCount;
    sample += track.sampleCount;
  }
  if (span !== spans.length || row !== rows.length || instant !== instants.length || sample !== counters.length)
    refuse("tracks that cover all tables", "entries of no track");
  checkTree(tracks);
}

/** Follows each track up to one that is known to reach the top, so that every track is passed once or twice. */
function checkTree(tracks: readonly Track[]): void {
  const reachesTop = new Uint8Array(tracks.length);
  for (const track of tracks) {
    const way: number[] = [];
    let up: number | null = track.id;
    while (up !== null && reachesTop[up] === 0) {
      if (way.length > tracks.length) refuse("a tree of tracks", `a circle at track ${track.id}`);
      way.push(up);
      up = tracks[up].parent;
    }
    for (const passed of way) reachesTop[passed] = 1;
  }
}

function checkSpans({ spans, strings, tracks, meta, categories }: Trace): void {
  const { startNs, parent, name, category, kind, packedDurationNs, longDurations } = spans;
  within("spans.kind", kind, spanKindNames.length);
  let long = 0;
  for (const track of tracks) {
    const first: number = track.firstSpan;
    const end = first + track.spanCount;
    let before = 0;
    for (let i = first; i < end; i++) {
      const start = startNs[i];
      // Written so that NaN is refused.
      if (!(start >= before && start <= meta.durationNs)) refuse("spans in order of time", `${start} ns at span ${i}`);
      before = start;
      if (parent[i] !== -1 && !(parent[i] >= first && parent[i] < i))
        refuse("parents before their children", `${parent[i]} at span ${i}`);
      if (name[i] >= strings.length) refuse(`names below ${strings.length}`, `${name[i]} at span ${i}`);
      if (category[i] >= categories.length && categoryOf(spans, i) !== noCategory)
        refuse(`categories below ${categories.length}`, `${category[i]} at span ${i}`);
      const isLong = packedDurationNs[i] === longDuration;
      if (isLong && longDurations.span[long++] !== i)
        refuse("long durations of the spans that have one", `another list at span ${i}`);
    }
  }
  if (long !== longDurations.span.length) refuse("long durations of the spans that have one", "further ones");
  checkTimes("spans.longDurations.durationNs", longDurations.durationNs, meta.durationNs);
}

function checkLinks({ spans: { links, length } }: Trace): void {
  if (links !== undefined && !isLinkTable(links, length))
    refuse("correlation ids of the spans that have one", "others");
}

function checkRows({ rows, spans, tracks }: Trace): void {
  within("rows.span", rows.span, spans.length);
  within("rows.track", rows.track, Math.max(tracks.length, 1));
  if (rows.first[0] !== 0 || rows.first[rows.length] !== spans.length)
    refuse("rows that cover all spans", "entries of no row");
  for (let row = 0; row < rows.length; row++)
    if (rows.first[row] > rows.first[row + 1]) refuse("rows that follow one another", `a gap at row ${row}`);
  for (const { id, firstRow, rowCount } of tracks)
    for (let row: number = firstRow; row < firstRow + rowCount; row++)
      if (rows.track[row] !== id) refuse("rows of the tracks that hold them", `row ${row} of track ${rows.track[row]}`);
}

/** Spans of a row follow one another: what makes the level of detail anew relies on it, so that it ends. */
export function checkDisjointRows({ rows, spans }: Trace): void {
  for (let row = 0; row < rows.length; row++) {
    let reachedNs = 0;
    for (let at = rows.first[row]; at < rows.first[row + 1]; at++) {
      const span = rows.span[at];
      if (spans.startNs[span] < reachedNs) refuse("rows whose spans follow one another", `an overlap at span ${span}`);
      reachedNs = endOf(spans, span);
    }
  }
}
