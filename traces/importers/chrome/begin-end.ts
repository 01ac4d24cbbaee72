import type { SpanExtras, TraceBuilder } from "../../model/trace-builder.ts";
import type { StringId } from "../../model/ids.ts";
import type { SpanKind } from "../../model/span-kind.ts";
import { NumberList, stableOrder } from "./growable.ts";
import { noBegin, OpenBegins } from "./open-begins.ts";
import type { Tally } from "./tally.ts";
import type { ThreadState, Tracks } from "./tracks.ts";

/** Name of an end that gives none. */
const noName = -1;
/** The events of a thread belong to that thread alone. */
const oneThread = 0;

/** Begin and end events of one thread in file order. */
export class BeginEndEvents {
  readonly timeNs: NumberList = new NumberList();
  /** StringId, or -1 for none; ends are stored as -2 - that. */
  readonly name: NumberList = new NumberList();
  /** Category index × 16 + kind; of ends: 1 when they have arguments. */
  readonly category: NumberList = new NumberList();
  readonly offset: NumberList = new NumberList();

  begin(timeNs: number, name: number, category: number, kind: SpanKind, offset: number): void {
    this.#push(timeNs, name, category * 16 + kind, offset);
  }

  end(timeNs: number, name: number, hasArguments: boolean, offset: number): void {
    this.#push(timeNs, -2 - name, hasArguments ? 1 : 0, offset);
  }

  #push(timeNs: number, name: number, category: number, offset: number): void {
    this.timeNs.push(timeNs);
    this.name.push(name);
    this.category.push(category);
    this.offset.push(offset);
  }
}

export interface BeginEndTallies {
  readonly endNameDiffers: Tally;
  readonly endBeforeBegin: Tally;
  readonly endBelowTop: Tally;
  readonly openEnded: Tally;
}

/**
 * Pairs begins and ends of a thread in time order (file order at one instant) and adds their spans.
 * An end closes the nearest open begin of its name; else a begin of its name that follows at the same time;
 * else the innermost open one. Begins that stay open become open-ended spans.
 */
export function pairBeginEnd(
  thread: ThreadState,
  tracks: Tracks,
  builder: TraceBuilder,
  tallies: BeginEndTallies,
): void {
  const events = thread.beginEnd;
  if (events === null) return;
  const track = tracks.trackOf(thread);
  builder.orderBySource(track);
  const order = stableOrder(events.timeNs.view());
  const ends = findEnds(events, order, builder, tallies);
  for (let position = 0; position < events.timeNs.length; position++) {
    const event = order === null ? position : order[position];
    const name = events.name.at(event);
    if (name <= noName) continue;
    const startNs = events.timeNs.at(event);
    const packed = events.category.at(event);
    const kind = (packed % 16) as SpanKind;
    const end = ends[event];
    const offset = events.offset.at(event);
    if (end === noEnd) tallies.openEnded.add(offset);
    builder.addSpan(
      track,
      startNs,
      end === noEnd ? 0 : events.timeNs.at(end) - startNs,
      name as StringId,
      kind,
      Math.floor(packed / 16),
      offset,
      extrasOf(events, end),
    );
  }
  thread.beginEnd = null;
}

/** No end. */
export const noEnd = -1;
const openEndedExtras: SpanExtras = { openEnded: true };

function extrasOf(events: BeginEndEvents, end: number): SpanExtras | undefined {
  if (end === noEnd) return openEndedExtras;
  return events.category.at(end) === 1 ? { endSource: events.offset.at(end) } : undefined;
}

/** Per begin event the event that ends it, `noEnd` where it stays open. `order`: as of `stableOrder` of the times. */
export function findEnds(
  events: BeginEndEvents,
  order: Uint32Array | null,
  builder: TraceBuilder,
  tallies: Omit<BeginEndTallies, "openEnded">,
): Int32Array {
  const count = events.timeNs.length;
  const at = (position: number): number => (order === null ? position : order[position]);
  const ends = new Int32Array(count).fill(noEnd);
  const open = new OpenBegins(count, oneThread + 1);
  const close = (begin: number, end: number): void => {
    open.remove(begin, oneThread);
    ends[begin] = end;
  };
  const later = new LaterBegins(events, at, ends);

  for (let position = 0; position < count; position++) {
    const event = at(position);
    const name = events.name.at(event);
    if (name > noName) {
      // Else it was paired with an end of the same instant that stands before it.
      if (ends[event] === noEnd) open.add(event, oneThread, name);
      continue;
    }
    const endName = -2 - name;
    const offset = events.offset.at(event);
    const ofName = endName === noName ? noBegin : open.innermostOfName(oneThread, endName);
    if (ofName !== noBegin) {
      if (ofName !== open.innermost(oneThread)) tallies.endBelowTop.add(offset);
      close(ofName, event);
    } else {
      const begin = endName === noName ? noBegin : later.take(position, endName);
      if (begin !== noBegin) {
        ends[begin] = event;
        tallies.endBeforeBegin.add(offset);
      } else if (open.innermost(oneThread) !== noBegin) {
        if (endName !== noName) tallies.endNameDiffers.add(offset);
        close(open.innermost(oneThread), event);
      } else {
        builder.ledger.dropped("endUnmatched", "end events without a begin", offset);
        continue;
      }
    }
    builder.ledger.foldedIn();
  }
  return ends;
}

/** Finds begins behind an end at the same time. Each instant is read once, when its first end asks. */
class LaterBegins {
  readonly #events: BeginEndEvents;
  readonly #at: (position: number) => number;
  readonly #ends: Int32Array;
  #timeNs = Number.NaN;
  /** Positions of the begins of a name, last one first. */
  readonly #ofName = new Map<number, number[]>();

  constructor(events: BeginEndEvents, at: (position: number) => number, ends: Int32Array) {
    this.#events = events;
    this.#at = at;
    this.#ends = ends;
  }

  /** The next free begin of `name` behind `position` at the time of that event; `noBegin` for none. */
  take(position: number, name: number): number {
    const timeNs = this.#events.timeNs.at(this.#at(position));
    if (timeNs !== this.#timeNs) this.#readInstant(position, timeNs);
    const positions = this.#ofName.get(name) ?? [];
    for (let next = positions.pop(); next !== undefined; next = positions.pop())
      if (next > position && this.#ends[this.#at(next)] === noEnd) return this.#at(next);
    return noBegin;
  }

  #readInstant(position: number, timeNs: number): void {
    this.#timeNs = timeNs;
    this.#ofName.clear();
    const events = this.#events;
    let last = position;
    while (last + 1 < events.timeNs.length && events.timeNs.at(this.#at(last + 1)) === timeNs) last++;
    for (let at = last; at > position; at--) {
      const name = events.name.at(this.#at(at));
      if (name <= noName) continue;
      const positions = this.#ofName.get(name);
      if (positions === undefined) this.#ofName.set(name, [at]);
      else positions.push(at);
    }
  }
}
