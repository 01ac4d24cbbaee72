import { durationOf, selfOf } from "../model/trace.ts";
import { enlarge } from "./enlarge.ts";
import { createPiece, type GroupedSpans, type Grouping } from "./grouping.ts";
import { addToRows, createRowSums, growRows, roomFor } from "./row-sums.ts";
import { clippedDuration, isOpenEnded, type Selection } from "./scope.ts";
import type { Sliced } from "../model/sliced.ts";

const groupsPerSlice = 1 << 14;
/** With fewer spans than this for each group that there may be, groups of an only span have no row. */
const spansOfGroup = 4;
/** Row of all only spans together, and of groups without spans. */
const onlySpans = 0;
const noSpans = 1;

/**
 * Sums of the spans of each group, by row. Where there may be about as many groups as spans, a group gets its row with
 * its second span and is its only span until then: a million names of their own take four bytes each, in one place of
 * memory.
 */
export class GroupSums {
  spanCount = 0;
  /** Groups with a span, and the self time of all; after `finish`. */
  groupCount = 0;
  selfNs = 0;
  readonly #selection: Selection;
  readonly #grouping: Grouping;
  readonly #rows = createRowSums();
  /** By group: 0 without spans, SpanId + 1 of an only span, −row. Null: each group is a row. */
  #entries: Int32Array | null;
  /** Where groups have entries. */
  #rowCount = 2;
  readonly #ofRows = createPiece();

  /** `keepsApart`: whether groups of an only span have no row; whichever takes less, unless it is said. */
  constructor(
    selection: Selection,
    grouping: Grouping,
    keepsApart: boolean = grouping.most * spansOfGroup > selection.spanCount,
  ) {
    this.#selection = selection;
    this.#grouping = grouping;
    this.#entries = keepsApart ? new Int32Array(0) : null;
  }

  /** From the start of the first closed span to the end of the last, cut to the range. */
  get wallNs(): number {
    return Math.max(0, this.#rows.lastNs - this.#rows.firstNs);
  }

  /** Lets so many further spans come. */
  *makeRoom(spans: number): Sliced<void> {
    const { length, most } = this.#grouping;
    if (this.#entries === null) {
      yield* growRows(this.#selection, this.#rows, length + spans, most);
      return;
    }
    const room = roomFor(length + spans, this.#entries.length, most);
    if (room > this.#entries.length) this.#entries = yield* enlarge(this.#entries, new Int32Array(room));
    yield* growRows(this.#selection, this.#rows, this.#rowCount + spans, 2 + (this.#selection.spanCount >>> 1));
  }

  /** There must be room for them. */
  add(spans: GroupedSpans): void {
    this.spanCount += spans.length;
    if (this.#entries === null) {
      addToRows(this.#selection, this.#rows, spans);
      return;
    }
    this.#noteOnlySpans(this.#entries, spans);
    addToRows(this.#selection, this.#rows, this.#ofRows);
  }

  /** Leaves the spans of groups that have a row in `#ofRows`. */
  #noteOnlySpans(entries: Int32Array, { span: spanOf, group: groupOf, length }: GroupedSpans): void {
    const { trace, startNs: from, endNs: to } = this.#selection;
    const { startNs, flags } = trace.spans;
    const sums = this.#rows;
    const ofRows = this.#ofRows;
    let { firstNs, lastNs } = sums;
    // From a column, so that the first sum is a double as the last one will be.
    let onlySelfNs = sums.selfNs[noSpans];
    let listed = 0;
    for (let i = 0; i < length; i++) {
      const span = spanOf[i];
      const group = groupOf[i];
      const entry = entries[group];
      if (entry !== 0) {
        ofRows.span[listed] = span;
        ofRows.group[listed++] = entry < 0 ? -entry : this.#makeRow(entries, group, entry - 1);
        continue;
      }
      entries[group] = span + 1;
      if (flags !== undefined && isOpenEnded(trace, span)) continue;
      const start = startNs[span];
      const end = start + durationOf(trace.spans, span);
      if (start < firstNs) firstNs = start;
      if (end > lastNs) lastNs = end;
      onlySelfNs += selfOf(trace.spans, span);
    }
    ofRows.length = listed;
    sums.count[onlySpans] += length - listed;
    sums.selfNs[onlySpans] += onlySelfNs;
    // Cut once: the first of cut times is the first time, cut.
    sums.firstNs = firstNs < from ? from : firstNs;
    sums.lastNs = lastNs > to ? to : lastNs;
  }

  /** Takes the only span of a group out of those, which may be before it is added to them. */
  #makeRow(entries: Int32Array, group: number, span: number): number {
    const row = this.#rowCount++;
    const sums = this.#rows;
    entries[group] = -row;
    sums.count[row] = 1;
    sums.count[onlySpans]--;
    sums.longest[row] = span + 1;
    if (isOpenEnded(this.#selection.trace, span)) {
      sums.openEnded[row] = 1;
      return row;
    }
    const { spans } = this.#selection.trace;
    sums.totalNs[row] = durationOf(spans, span);
    sums.selfNs[row] = selfOf(spans, span);
    sums.selfNs[onlySpans] -= selfOf(spans, span);
    sums.clippedNs[row] = clippedDuration(this.#selection, span);
    sums.longestPacked[row] = spans.packedDurationNs[span];
    return row;
  }

  /** After the last span. */
  *finish(): Sliced<void> {
    const { count, selfNs } = this.#rows;
    const rowCount = this.#entries === null ? this.#grouping.length : this.#rowCount;
    for (let row = 0; row < rowCount; row++) {
      if (row % groupsPerSlice === groupsPerSlice - 1) yield;
      // Whole ns below 2^53: exact in any order.
      this.selfNs += selfNs[row];
      if (this.#entries !== null && row === onlySpans) this.groupCount += count[row];
      else if (count[row] > 0) this.groupCount++;
    }
  }

  /** Those with a span, ascending. */
  *groups(): Sliced<Uint32Array> {
    const groups = new Uint32Array(this.groupCount);
    for (let group = 0, count = 0; count < groups.length; group++) {
      if (this.countOf(group) > 0) groups[count++] = group;
      if (group % groupsPerSlice === groupsPerSlice - 1) yield;
    }
    return groups;
  }

  countOf(group: number): number {
    const place = this.#placeOf(group);
    return place < 0 ? 1 : this.#rows.count[place];
  }

  openEndedOf(group: number): number {
    const place = this.#placeOf(group);
    return place < 0 ? Number(isOpenEnded(this.#selection.trace, ~place)) : this.#rows.openEnded[place];
  }

  closedOf(group: number): number {
    return this.countOf(group) - this.openEndedOf(group);
  }

  totalNsOf(group: number): number {
    const place = this.#placeOf(group);
    if (place >= 0) return this.#rows.totalNs[place];
    return this.openEndedOf(group) > 0 ? 0 : durationOf(this.#selection.trace.spans, ~place);
  }

  selfNsOf(group: number): number {
    const place = this.#placeOf(group);
    if (place >= 0) return this.#rows.selfNs[place];
    return this.openEndedOf(group) > 0 ? 0 : selfOf(this.#selection.trace.spans, ~place);
  }

  /** Part of the total inside the range; all of it without one. */
  clippedNsOf(group: number): number {
    const place = this.#placeOf(group);
    if (place >= 0) return this.#rows.clippedNs[place];
    return this.openEndedOf(group) > 0 ? 0 : clippedDuration(this.#selection, ~place);
  }

  /** The first longest closed span, or an open-ended one where all are; of a group with a span. */
  longestOf(group: number): number {
    const place = this.#placeOf(group);
    return place < 0 ? ~place : this.#rows.longest[place] - 1;
  }

  /** Row of a group, or the complement of its only span. */
  #placeOf(group: number): number {
    if (this.#entries === null) return group;
    const entry = this.#entries[group];
    return entry === 0 ? noSpans : -entry;
  }
}
