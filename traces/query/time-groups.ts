import type { Column } from "../model/column.ts";
import { entriesOf, type TimeGroup } from "../model/time-group.ts";
import { durationOf, flagsOf, SpanFlag, type Trace } from "../model/trace.ts";

/** A stretch of time is looked at in so many cells. */
const cellCount = 4096;
/** Groups fill at most so many of them, a hundredth: more can be seen as it is. */
const mostFilled = 40;
/** More stretches than these are how the program works. */
const mostGroups = 6;
/** Where no group has so many spans, instants and samples, none of them is crowded. */
const leastEntries = 16;

/**
 * The groups of a trace whose spans, instants and samples lie so far apart, compared with how long they last, that the
 * whole of it looks empty: those of several clocks, or a few that strayed. In time order; none for all other traces.
 * An open-ended span counts where it begins, frames do not count. Cost: a search for each row and cell; a trace that is
 * no such one is known by its first filled cells.
 */
export function findTimeGroups(trace: Trace): readonly TimeGroup[] {
  const ranges = splitRange(trace, { startNs: 0, endNs: trace.meta.durationNs }, mostGroups);
  if (ranges.length < 2) return [];
  const groups = ranges.map((range) => ({ ...range, ...countEntries(trace, range) }));
  return groups.some((group) => entriesOf(group) >= leastEntries) ? groups : [];
}

interface Range {
  readonly startNs: number;
  readonly endNs: number;
}

/** The range itself where it is no such one, else its groups, and theirs. */
function splitRange(trace: Trace, range: Range, most: number): readonly Range[] {
  const parts = findParts(trace, range, most);
  if (parts.length < 2) return [range];
  let groups: readonly Range[] = parts;
  for (const part of parts) {
    const own = splitRange(trace, part, most - groups.length + 1);
    if (own.length > 1) groups = groups.flatMap((group) => (group === part ? own : group));
  }
  return groups;
}

/** What the widest gaps leave, when that is next to nothing of the range. */
function findParts(trace: Trace, range: Range, most: number): readonly Range[] {
  const { startNs, endNs } = range;
  const lengthNs = endNs - startNs;
  if (!(lengthNs > 0) || most < 2) return [];
  const cells = { filled: new Uint8Array(cellCount), cellNs: lengthNs / cellCount, range };
  let left = mostFilled;
  for (const series of seriesOf(trace)) {
    left -= fill(cells, series, left);
    if (left < 0) return [];
  }
  const gaps = widestGaps(cells.filled, most - 1);
  const edges = gaps.map((gap) => startNs + ((gap.first + gap.end) / 2) * cells.cellNs);
  return [startNs, ...edges].map((from, index) => extentOf(trace, from, edges[index] ?? endNs + 1));
}

interface Gap {
  readonly first: number;
  /** The cell behind it. */
  readonly end: number;
}

/** The fewest gaps without which so few cells are left, in order; none when `most` of them leave more. */
function widestGaps(filled: Uint8Array, most: number): readonly Gap[] {
  const gaps: Gap[] = [];
  for (let first = filled.indexOf(0); first >= 0;) {
    const next = filled.indexOf(1, first);
    const end = next < 0 ? filled.length : next;
    gaps.push({ first, end });
    first = filled.indexOf(0, end);
  }
  const byLength = gaps.toSorted((a, b) => b.end - b.first - (a.end - a.first));
  let left = filled.length;
  for (let count = 0; count < Math.min(most, byLength.length); count++) {
    const gap = byLength[count];
    if (gap !== undefined) left -= gap.end - gap.first;
    if (left <= mostFilled) return byLength.slice(0, count + 1).toSorted((a, b) => a.first - b.first);
  }
  return [];
}

/** From the first start to the last end of what starts in [fromNs, toNs). */
function extentOf(trace: Trace, fromNs: number, toNs: number): Range {
  let startNs = Infinity;
  let endNs = -Infinity;
  for (const series of seriesOf(trace)) {
    const first = firstFrom(series, fromNs, -1);
    const end = firstFrom(series, toNs, first - 1);
    if (first === end) continue;
    startNs = Math.min(startNs, startOf(series, first));
    endNs = Math.max(endNs, endOf(series, end - 1));
  }
  return { startNs, endNs };
}

function countEntries(trace: Trace, { startNs, endNs }: Range): Omit<TimeGroup, keyof Range> {
  const counts = { spanCount: 0, instantCount: 0, sampleCount: 0 };
  for (const series of seriesOf(trace)) {
    const first = firstFrom(series, startNs, -1);
    counts[series.counted] += firstFrom(series, endNs + 1, first - 1) - first;
  }
  return counts;
}

/** Things in time order, of which none begins before the one before it has ended. */
interface Series {
  readonly trace: Trace;
  readonly counted: "spanCount" | "instantCount" | "sampleCount";
  readonly first: number;
  readonly count: number;
  /** Of points. */
  readonly timeNs: Column | null;
}

function* seriesOf(trace: Trace): Generator<Series> {
  const { rows, instants, counters } = trace;
  for (const track of trace.tracks) {
    const { kind, firstRow, rowCount, firstInstant, instantCount, firstSample, sampleCount } = track;
    if (kind !== "frame")
      for (let row: number = firstRow; row < firstRow + rowCount; row++) {
        const first = rows.first[row];
        yield { trace, counted: "spanCount", first, count: rows.first[row + 1] - first, timeNs: null };
      }
    if (instantCount > 0)
      yield {
        trace,
        counted: "instantCount",
        first: firstInstant,
        count: instantCount,
        timeNs: instants.timeNs,
      };
    if (sampleCount > 0)
      yield { trace, counted: "sampleCount", first: firstSample, count: sampleCount, timeNs: counters.timeNs };
  }
}

function startOf({ trace: { spans, rows }, first, timeNs }: Series, position: number): number {
  return timeNs === null ? spans.startNs[rows.span[first + position]] : timeNs[first + position];
}

function endOf(series: Series, position: number): number {
  const { trace, first, timeNs } = series;
  const startNs = startOf(series, position);
  if (timeNs !== null) return startNs;
  const span = trace.rows.span[first + position];
  const isOpen = (flagsOf(trace.spans, span) & SpanFlag.openEnded) !== 0;
  return isOpen ? startNs : startNs + durationOf(trace.spans, span);
}

/** First position behind `behind` that starts at a time or later, by doubling steps, then bisection. */
function firstFrom(series: Series, timeNs: number, behind: number): number {
  let low = behind;
  let width = 1;
  while (low + width < series.count && startOf(series, low + width) < timeNs) {
    low += width;
    width *= 2;
  }
  let high = Math.min(low + width, series.count);
  while (low + 1 < high) {
    const middle = (low + high) >>> 1;
    if (startOf(series, middle) < timeNs) low = middle;
    else high = middle;
  }
  return high;
}

interface Cells {
  readonly filled: Uint8Array;
  readonly cellNs: number;
  readonly range: Range;
}

/** Fills the cells that a series meets; how many more there are now, at most one more than `most`. */
function fill({ filled, cellNs, range: { startNs, endNs } }: Cells, series: Series, most: number): number {
  const cellAt = (timeNs: number): number => Math.min(cellCount - 1, Math.floor((timeNs - startNs) / cellNs));
  let more = 0;
  let position = firstFrom(series, startNs, -1);
  while (position < series.count && startOf(series, position) <= endNs) {
    const last = cellAt(endOf(series, position));
    for (let cell = cellAt(startOf(series, position)); cell <= last; cell++) {
      if (filled[cell] === 1) continue;
      filled[cell] = 1;
      more++;
      if (more > most) return more;
    }
    // All that start in this cell lie in it, but for the last one.
    const next = firstFrom(series, startNs + (last + 1) * cellNs, position);
    position = Math.max(position + 1, next - 1);
  }
  return more;
}
