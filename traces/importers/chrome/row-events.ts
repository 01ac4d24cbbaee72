import type { StringId } from "../../model/ids.ts";
import { SpanKind } from "../../model/span-kind.ts";
import { SpanBatch, type TraceBuilder } from "../../model/trace-builder.ts";
import { batchEvents, type EventRows, RowType } from "../json-scan/event-rows.ts";
import { type EventClock, TimeOutcome } from "./clock.ts";
import type { Flows } from "./flows.ts";
import { CategorySide } from "./kinds.ts";
import type { LinkTable } from "./links.ts";
import type { NameTable } from "./name-table.ts";
import type { Tally } from "./tally.ts";
import { countSide, type ThreadState, type Tracks } from "./tracks.ts";
import type { WarmUp } from "./warm-up.ts";
import { dropBeyondLimit } from "../span-limit.ts";

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
  /** Tells of an event whose time is out of range. */
  readonly refuseTime: (offset: number) => void;
}

const unknown = -1;
const unknownKind = 255;
const roles = { [RowType.flowStart]: "start", [RowType.flowStep]: "step" } as const;

/** Gives ordinary spans and arrows their meaning, as `TraceEvents` does event by event, without an object for each. */
export class RowEvents {
  readonly #parts: RowParts;
  readonly #batch = new SpanBatch(batchEvents);
  /** Spans of the builder before those of the batch. */
  #spansBefore = 0;
  /** By number of a thread in the rows. */
  readonly #threads: ThreadState[] = [];
  /* By number of a pair of name and category: what is not known yet is -1, a kind 255. */
  #name = new Int32Array(0);
  #categoryName = new Int32Array(0);
  #category = new Int32Array(0);
  #kind = new Uint8Array(0);
  #side = new Uint8Array(0);
  #family = new Int32Array(0);

  constructor(parts: RowParts) {
    this.#parts = parts;
  }

  read(rows: EventRows, from: number, to: number): void {
    const { builder, clock, inversions } = this.#parts;
    this.#spansBefore = builder.spanCount;
    const { type, micros, nanos, start, pair: pairs, offset: base } = rows;
    for (let i = from; i < to; i++) {
      const pair = pairs[i];
      if (pair >= this.#name.length || this.#name[pair] === unknown) this.#meetPair(rows, pair);
      const offset = base + start[i];
      if (clock.readWholeStart(micros[i], nanos[i]) !== TimeOutcome.ok) {
        this.#parts.refuseTime(offset);
        continue;
      }
      if (clock.wentBack) inversions.add(offset);
      if (type[i] === RowType.span) this.#span(rows, i, pair, offset);
      else this.#flow(rows, i, pair);
    }
    this.#flush();
  }

  #span(rows: EventRows, i: number, pair: number, offset: number): void {
    const parts = this.#parts;
    const { clock } = parts;
    const batch = this.#batch;
    if (clock.readWholeEnd(rows.value[i], rows.valueNanos[i]) !== TimeOutcome.ok) return parts.refuseTime(offset);
    if (this.#spansBefore + batch.length >= parts.maxSpans)
      return dropBeyondLimit(parts.builder.ledger, parts.maxSpans, offset);
    if (this.#category[pair] === unknown) this.#meetCategory(pair);
    const thread = this.#threads[rows.thread[i]] ?? this.#meetThread(rows, rows.thread[i]);
    const track = thread.track ?? parts.tracks.trackOf(thread);
    const known = thread.line === null ? this.#kind[pair] : unknownKind;
    let kind = known === unknownKind ? this.#findKind(thread, pair) : (known as SpanKind);
    const side = this.#side[pair] as CategorySide;
    countSide(thread, side);
    if (parts.warmUp.isAwaited && parts.warmUp.isMetBy(this.#categoryName[pair])) kind = SpanKind.compile;
    const link = rows.link[i];
    if (side !== CategorySide.unknown) parts.links.see(side, link, kind);
    const duration = clock.endNs - clock.startNs;
    if (duration === 0) parts.zeroDuration.add(offset);
    // What the builder may refuse or tell of is told in the order of the file.
    if (!(duration >= 0)) this.#flush();
    const at = batch.length++;
    batch.track[at] = track;
    batch.startNs[at] = clock.startNs;
    batch.durationNs[at] = duration;
    batch.name[at] = this.#name[pair];
    batch.category[at] = this.#category[pair];
    batch.kind[at] = kind;
    batch.sourceOffset[at] = offset;
    batch.link[at] = link;
    if (!(duration >= 0)) this.#flush();
  }

  #flow(rows: EventRows, i: number, pair: number): void {
    const { clock, flows, tracks } = this.#parts;
    const type = rows.type[i];
    const thread = this.#threads[rows.thread[i]] ?? this.#meetThread(rows, rows.thread[i]);
    if (this.#family[pair] === unknown) this.#family[pair] = flows.familyOf(this.#categoryName[pair], this.#name[pair]);
    flows.addPlain(
      this.#family[pair],
      rows.value[i],
      type === RowType.flowStart || type === RowType.flowStep ? roles[type] : "end",
      thread.track ?? tracks.trackOf(thread),
      clock.startNs,
      this.#name[pair] as StringId,
      type === RowType.flowEnd ? "next" : "enclosing",
    );
  }

  #flush(): void {
    if (this.#batch.length === 0) return;
    this.#parts.builder.addSpans(this.#batch);
    this.#batch.length = 0;
    this.#spansBefore = this.#parts.builder.spanCount;
  }

  #findKind(thread: ThreadState, pair: number): SpanKind {
    const { names } = this.#parts;
    if (thread.line !== null) return names.kindOnLine(thread.line, this.#name[pair]);
    const kind = names.kind(this.#category[pair], this.#categoryName[pair], this.#name[pair]);
    this.#kind[pair] = kind;
    return kind;
  }

  #meetPair(rows: EventRows, pair: number): void {
    if (pair >= this.#name.length) this.#makeRoom(pair + 1);
    this.#name[pair] = rows.nameOf(pair);
    this.#categoryName[pair] = rows.categoryOf(pair);
  }

  #meetCategory(pair: number): void {
    const { names } = this.#parts;
    const category = names.category(this.#categoryName[pair]);
    this.#category[pair] = category;
    this.#side[pair] = names.side(category);
  }

  #meetThread(rows: EventRows, thread: number): ThreadState {
    return (this.#threads[thread] = this.#parts.tracks.thread(rows.pidOf(thread), rows.tidOf(thread)));
  }

  #makeRoom(count: number): void {
    const size = Math.max(512, 2 ** Math.ceil(Math.log2(count)));
    this.#name = enlarge(this.#name, new Int32Array(size).fill(unknown));
    this.#categoryName = enlarge(this.#categoryName, new Int32Array(size));
    this.#category = enlarge(this.#category, new Int32Array(size).fill(unknown));
    this.#kind = enlarge(this.#kind, new Uint8Array(size).fill(unknownKind));
    this.#side = enlarge(this.#side, new Uint8Array(size));
    this.#family = enlarge(this.#family, new Int32Array(size).fill(unknown));
  }
}

function enlarge<T extends { set(values: T): void }>(values: T, larger: T): T {
  larger.set(values);
  return larger;
}
