import { FlowBind, FlowRole } from "../../model/flow-ends.ts";
import { SpanKind } from "../../model/span-kind.ts";
import { largestTimeNs, type TraceBuilder } from "../../model/trace-builder.ts";
import { batchEvents, type EventRows, RowType } from "../json-scan/event-rows.ts";
import { LinkList, notKnown, type RowPlacer } from "../json-scan/row-placer.ts";
import { type EventClock, TimeOutcome } from "./clock.ts";
import type { Flows } from "./flows.ts";
import { CategorySide } from "./kinds.ts";
import type { LinkTable } from "./links.ts";
import type { NameTable } from "./name-table.ts";
import type { Tally } from "./tally.ts";
import { countSide, type ThreadState, type Tracks } from "./tracks.ts";
import type { WarmUp } from "./warm-up.ts";
import { dropBeyondLimit } from "../../model/limits.ts";

/** What the rows share with the events that come one by one. */
export interface RowParts {
  readonly builder: TraceBuilder;
  readonly maxSpans: number;
  readonly names: NameTable;
  readonly tracks: Tracks;
  readonly clock: EventClock;
  readonly flows: Flows;
  readonly links: LinkTable;
  readonly warmUp: WarmUp;
  readonly inversions: Tally;
  readonly zeroDuration: Tally;
  /** Tells of an event whose start is too far from the first event. */
  readonly refuseStart: (micros: number, offset: number) => void;
  /** Tells of an event whose duration is out of range. */
  readonly refuseTime: (offset: number) => void;
}

/** In place of the name of a pair: seen, but not numbered yet. */
const met = -2;
// Pairs that are new in a batch: the first row of each, and its entries of name and category.
const newRows = new Uint32Array(batchEvents);
const newEntries = new Int32Array(2 * batchEvents);
/** Most rows that are read one by one before `place` is tried again. */
const mostSkipped = 64;

/**
 * Gives ordinary spans and arrows their meaning, as `TraceEvents` does event by event, without an object for each.
 * Nearly all are placed by `RowPlacer`. Read here, by the same rules: a row of which something is to be told or that is
 * the first of its name or thread, and those whose kind hangs on their thread.
 */
export class RowEvents {
  readonly #parts: RowParts;
  /** Spans of the builder before those of the batch. */
  #spansBefore = 0;
  #rows: EventRows | null = null;
  /** By number of a thread in the rows. */
  readonly #threads: ThreadState[] = [];

  constructor(parts: RowParts) {
    this.#parts = parts;
  }

  read(rows: EventRows, from: number, to: number): void {
    const { builder, tracks } = this.#parts;
    this.#rows = rows;
    const { placer } = rows;
    for (const { rowNumber } of tracks.takeNewLines()) if (rowNumber !== null) placer.setTrack(rowNumber, null);
    this.#spansBefore = builder.spanCount;
    let skipped = 1;
    for (let i = from; i < to;) {
      const stopped = this.#place(rows, placer, i, to);
      if (stopped < to && placer.nameOf(rows.pair[stopped]) === notKnown) {
        this.#meetPairs(rows, placer, stopped, to);
        i = stopped;
        continue;
      }
      // Rows that are left to us come in runs.
      skipped = stopped > i ? 1 : Math.min(skipped * 2, mostSkipped);
      const end = Math.min(to, stopped + skipped);
      for (i = stopped; i < end; i++) {
        if (placer.nameOf(rows.pair[i]) === notKnown) this.#meetPairs(rows, placer, i, to);
        this.#row(rows, placer, i);
      }
    }
    this.#flush(placer);
  }

  /** Brings the counts of the threads up to date. */
  countSides(): void {
    if (this.#rows === null) return;
    const { placer } = this.#rows;
    this.#threads.forEach((thread, number) => {
      placer.takeCounts(number).forEach((count, side) => countSide(thread, side as CategorySide, count));
    });
  }

  #place(rows: EventRows, placer: RowPlacer, from: number, to: number): number {
    const { clock, inversions, links, maxSpans, warmUp, zeroDuration } = this.#parts;
    const { baseMicros } = clock;
    if (baseMicros === null || warmUp.isAwaited) return from;
    const stopped = placer.place(from, to, {
      offset: rows.offset,
      baseMicros,
      lastNanos: clock.lastNanos,
      lastRemainder: clock.lastRemainder,
      mostSpans: maxSpans - this.#spansBefore,
      tellsInversions: !inversions.hasTold,
      tellsZeroDurations: !zeroDuration.hasTold,
    });
    if (stopped === from) return from;
    clock.passTo(placer.lastNanos);
    inversions.addUntold(placer.inversions);
    zeroDuration.addUntold(placer.zeroDurations);
    links.seeAll(placer.hostLinks, placer.deviceLinks);
    return stopped;
  }

  #row(rows: EventRows, placer: RowPlacer, i: number): void {
    const { clock, inversions, refuseStart } = this.#parts;
    const pair = rows.pair[i];
    const offset = rows.offset + rows.start[i];
    const micros = rows.micros[i];
    if (clock.readWholeStart(micros, rows.nanos[i]) !== TimeOutcome.ok) return refuseStart(micros, offset);
    if (clock.wentBack) inversions.add(offset);
    if (rows.type[i] === RowType.span) this.#span(rows, placer, i, pair, offset);
    else this.#flow(rows, placer, i, pair);
  }

  #span(rows: EventRows, placer: RowPlacer, i: number, pair: number, offset: number): void {
    const parts = this.#parts;
    const { clock, names } = parts;
    const { spans } = placer;
    if (clock.readWholeEnd(rows.value[i], rows.valueNanos[i]) !== TimeOutcome.ok) return parts.refuseTime(offset);
    if (this.#spansBefore + spans.length >= parts.maxSpans)
      return dropBeyondLimit(parts.builder.ledger, parts.maxSpans, offset);
    const name = placer.nameOf(pair);
    const categoryName = rows.nameOf(placer.categoryEntryOf(pair));
    const category = names.category(categoryName);
    const side = names.side(category);
    const thread = this.#threadOf(rows, placer, i);
    let kind: SpanKind;
    if (thread.line === null) kind = this.#noteSpans(placer, pair, categoryName);
    else kind = names.kindOnLine(thread.line, name);
    countSide(thread, side);
    if (parts.warmUp.isAwaited && parts.warmUp.isMetBy(categoryName)) kind = SpanKind.compile;
    const link = rows.link[i];
    if (side !== CategorySide.unknown) parts.links.see(side, link, kind);
    const duration = clock.endNs - clock.startNs;
    if (duration === 0) parts.zeroDuration.add(offset);
    // What the builder may refuse or tell of is told in the order of the file, and counts as a span only if it becomes one.
    const isOrdinary = duration >= 0 && duration <= largestTimeNs && clock.endNs <= largestTimeNs;
    if (!isOrdinary) this.#flush(placer);
    const at = spans.length++;
    spans.track[at] = parts.tracks.trackOf(thread);
    spans.startNs[at] = clock.startNs;
    spans.durationNs[at] = duration;
    spans.name[at] = name;
    spans.category[at] = category;
    spans.kind[at] = kind;
    spans.sourceOffset[at] = offset;
    spans.link[at] = link;
    if (!isOrdinary) this.#flush(placer);
  }

  #flow(rows: EventRows, placer: RowPlacer, i: number, pair: number): void {
    const { clock, flows, tracks } = this.#parts;
    const { arrows } = placer;
    const type = rows.type[i];
    const thread = this.#threadOf(rows, placer, i);
    const name = placer.nameOf(pair);
    let family = placer.familyOf(pair);
    if (family === notKnown) {
      family = flows.familyOf(rows.nameOf(placer.categoryEntryOf(pair)), name);
      placer.setFamily(pair, family);
    }
    const at = arrows.length++;
    arrows.key[at] = flows.keyOf(family, rows.value[i]);
    arrows.role[at] =
      type === RowType.flowStart ? FlowRole.start : type === RowType.flowStep ? FlowRole.step : FlowRole.end;
    arrows.track[at] = tracks.trackOf(thread);
    arrows.timeNs[at] = clock.startNs;
    arrows.name[at] = name;
    arrows.bind[at] = type === RowType.flowEnd ? FlowBind.next : FlowBind.enclosing;
  }

  #flush({ spans, arrows }: RowPlacer): void {
    const { builder } = this.#parts;
    if (spans.length > 0) builder.addSpans(spans);
    if (arrows.length > 0) builder.addFlowEnds(arrows);
    spans.length = 0;
    arrows.length = 0;
    this.#spansBefore = builder.spanCount;
  }

  /** Numbers names and categories of all new pairs in rows [from, to) together, and says what they mean where it can. */
  #meetPairs(rows: EventRows, placer: RowPlacer, from: number, to: number): void {
    const { pair: pairOf } = rows;
    let count = 0;
    for (let i = from; i < to; i++) {
      const pair = pairOf[i];
      if (placer.nameOf(pair) !== notKnown) continue;
      placer.setName(pair, met);
      newRows[count] = i;
      newEntries[2 * count] = placer.nameEntryOf(pair);
      newEntries[2 * count++ + 1] = placer.categoryEntryOf(pair);
    }
    rows.defineNames(newEntries.subarray(0, 2 * count));
    for (let k = 0; k < count; k++) {
      const pair = pairOf[newRows[k]];
      const categoryName = rows.nameOf(newEntries[2 * k + 1]);
      placer.setName(pair, rows.nameOf(newEntries[2 * k]));
      // A category gets its number in the order of the file, and none from a row that is refused.
      if (rows.type[newRows[k]] === RowType.span && this.#parts.names.knowsCategory(categoryName))
        this.#noteSpans(placer, pair, categoryName);
    }
  }

  /** Notes what spans of a pair are on ordinary threads; returns their kind. */
  #noteSpans(placer: RowPlacer, pair: number, categoryName: number): SpanKind {
    const { names } = this.#parts;
    const category = names.category(categoryName);
    const kind = names.kind(category, categoryName, placer.nameOf(pair));
    const side = names.side(category);
    placer.setSpanFacts(pair, { category, kind, side, list: listOf(side, kind) });
    return kind;
  }

  #threadOf(rows: EventRows, placer: RowPlacer, i: number): ThreadState {
    const number = rows.thread[i];
    const known = this.#threads[number];
    if (known !== undefined) return known;
    const { tracks } = this.#parts;
    const thread = tracks.thread(rows.pidOf(number), rows.tidOf(number));
    thread.rowNumber = number;
    this.#threads[number] = thread;
    placer.setTrack(number, thread.line === null ? tracks.trackOf(thread) : null);
    return thread;
  }
}

/** Where links of spans of ordinary threads go: as `LinkTable.see`. */
function listOf(side: CategorySide, kind: SpanKind): LinkList {
  if (side === CategorySide.host) return LinkList.host;
  return side === CategorySide.device && kind !== SpanKind.phase ? LinkList.device : LinkList.none;
}
