import type { TraceBuilder } from "../../model/trace-builder.ts";
import type { StringId } from "../../model/ids.ts";
import type { SpanKind } from "../../model/span-kind.ts";
import { NumberList, stableOrder } from "./growable.ts";
import type { Tally } from "./tally.ts";
import type { ThreadState, Tracks } from "./tracks.ts";

/** Name of an end that gives none. */
const noName = -1;

/** How far a partner is looked for among events of the same instant. */
const lookAhead = 4096;

/** Begin and end events of one thread in file order. */
export class BeginEndEvents {
  readonly timeNs: NumberList = new NumberList();
  /** StringId, or -1 for none; ends are stored as -2 - that. */
  readonly name: NumberList = new NumberList();
  /** Category index × 16 + kind. */
  readonly category: NumberList = new NumberList();
  readonly offset: NumberList = new NumberList();

  begin(timeNs: number, name: number, category: number, kind: SpanKind, offset: number): void {
    this.#push(timeNs, name, category * 16 + kind, offset);
  }

  end(timeNs: number, name: number, offset: number): void {
    this.#push(timeNs, -2 - name, 0, offset);
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
  const order = stableOrder(events.timeNs.view());
  const endNs = findEnds(events, order, builder, tallies);
  for (let position = 0; position < events.timeNs.length; position++) {
    const event = order === null ? position : order[position];
    const name = events.name.at(event);
    if (name <= noName) continue;
    const startNs = events.timeNs.at(event);
    const packed = events.category.at(event);
    const kind = (packed % 16) as SpanKind;
    const isOpen = Number.isNaN(endNs[event]);
    const offset = events.offset.at(event);
    if (isOpen) tallies.openEnded.add(offset);
    const extras = isOpen ? openEndedExtras : undefined;
    builder.addSpan(
      track,
      startNs,
      isOpen ? 0 : endNs[event] - startNs,
      name as StringId,
      kind,
      Math.floor(packed / 16),
      offset,
      extras,
    );
  }
  thread.beginEnd = null;
}

const openEndedExtras = { openEnded: true } as const;

/** Per begin event the time of its end, NaN where it stays open. */
function findEnds(
  events: BeginEndEvents,
  order: Uint32Array | null,
  builder: TraceBuilder,
  tallies: BeginEndTallies,
): Float64Array {
  const count = events.timeNs.length;
  const at = (position: number): number => (order === null ? position : order[position]);
  const endNs = new Float64Array(count).fill(Number.NaN);
  const open: number[] = [];
  const openByName = new Map<number, number>();
  const close = (index: number, timeNs: number): void => {
    const [begin] = open.splice(index, 1);
    const name = events.name.at(begin);
    openByName.set(name, (openByName.get(name) ?? 1) - 1);
    endNs[begin] = timeNs;
  };

  for (let position = 0; position < count; position++) {
    const event = at(position);
    const name = events.name.at(event);
    if (name > noName) {
      // It was paired with an end of the same instant that stands before it.
      if (!Number.isNaN(endNs[event])) continue;
      open.push(event);
      openByName.set(name, (openByName.get(name) ?? 0) + 1);
      continue;
    }
    const endName = -2 - name;
    const timeNs = events.timeNs.at(event);
    const offset = events.offset.at(event);
    if (endName !== noName && (openByName.get(endName) ?? 0) > 0) {
      const index = open.findLastIndex((begin) => events.name.at(begin) === endName);
      if (index < open.length - 1) tallies.endBelowTop.add(offset);
      close(index, timeNs);
    } else {
      const later = endName === noName ? -1 : findLaterBegin(events, at, position, endNs);
      if (later >= 0) {
        endNs[later] = timeNs;
        tallies.endBeforeBegin.add(offset);
      } else if (open.length > 0) {
        if (endName !== noName) tallies.endNameDiffers.add(offset);
        close(open.length - 1, timeNs);
      } else {
        builder.ledger.dropped("endUnmatched", "end events without a begin", offset);
        continue;
      }
    }
    builder.ledger.foldedIn();
  }
  return endNs;
}

/** A begin of the name of the end at `position` that follows at the same time; -1 for none. */
function findLaterBegin(
  events: BeginEndEvents,
  at: (position: number) => number,
  position: number,
  endNs: Float64Array,
): number {
  const end = at(position);
  const timeNs = events.timeNs.at(end);
  const name = -2 - events.name.at(end);
  const last = Math.min(events.timeNs.length, position + lookAhead);
  for (let next = position + 1; next < last && events.timeNs.at(at(next)) === timeNs; next++) {
    const begin = at(next);
    if (events.name.at(begin) === name && Number.isNaN(endNs[begin])) return begin;
  }
  return -1;
}
