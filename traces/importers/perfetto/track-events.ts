import type { FieldReader } from "../../io/protobuf.ts";
import type { StringId } from "../../model/ids.ts";
import type { SpanKind } from "../../model/span-kind.ts";
import { TextNumbers } from "../../model/text-numbers.ts";
import { noCategory } from "../../model/trace.ts";
import type { TraceBuilder } from "../../model/trace-builder.ts";
import { AsyncPairs, AsyncRole, asyncSortIndex } from "../chrome/async-pairs.ts";
import { type BeginEndEvents, type BeginEndTallies, findEnds, noEnd } from "../chrome/begin-end.ts";
import { stableOrder } from "../chrome/growable.ts";
import { CategorySide } from "../chrome/kinds.ts";
import { Tally } from "../chrome/tally.ts";
import { Closings } from "./closings.ts";
import { Counters } from "./counters.ts";
import type { EventClock } from "./event-clock.ts";
import { EventPlaces, noName, type PlacedEvent } from "./event-places.ts";
import { FlowPart, Flows } from "./flows.ts";
import { kindOf, sideOf } from "./kinds.ts";
import type { MessageRange, PacketFields } from "./packet.ts";
import { EventType } from "./schema.ts";
import type { Sequence } from "./sequences.ts";
import { TrackEventFields } from "./track-event.ts";
import { beginEndOf, statesOf, type Tracks, type TrackState } from "./tracks.ts";
import { dropBeyondLimit } from "../../model/limits.ts";

/** Phases of the old form that mean the same as a type. */
const typeOfPhase: Readonly<Record<string, number>> = {
  B: EventType.begin,
  E: EventType.end,
  i: EventType.instant,
  I: EventType.instant,
  R: EventType.instant,
};

const asyncRoles: Readonly<Record<string, { readonly role: AsyncRole; readonly nestable: boolean }>> = {
  b: { role: AsyncRole.begin, nestable: true },
  n: { role: AsyncRole.step, nestable: true },
  e: { role: AsyncRole.end, nestable: true },
  S: { role: AsyncRole.begin, nestable: false },
  T: { role: AsyncRole.step, nestable: false },
  p: { role: AsyncRole.step, nestable: false },
  F: { role: AsyncRole.end, nestable: false },
};

const flowRoles: Readonly<Record<string, "start" | "step" | "end">> = { s: "start", t: "step", f: "end" };

/** Gives track events their meaning, into a builder. */
export class TrackEvents {
  readonly #builder: TraceBuilder;
  readonly #tracks: Tracks;
  readonly #places: EventPlaces;
  readonly #maxSpans: number;
  readonly #fields = new TrackEventFields();
  readonly #counters: Counters;
  readonly #flows: Flows;
  readonly #asyncPairs: AsyncPairs;
  readonly #asyncKeys = new TextNumbers();
  readonly #asyncTracks = new TextNumbers();
  /** By category and name. */
  readonly #kinds = new Map<number, SpanKind>();
  /** Whether work of a category is that of a device. */
  readonly #isDevice = new Map<number, boolean>();
  /** Flows of begin and end events, by track: the event (index in its list) of each. */
  readonly #flowsOfEvents = new Map<TrackState, { readonly event: number; readonly flow: number }[]>();
  /** Links of begin events, by track. */
  readonly #linksOfEvents = new Map<TrackState, Map<number, number>>();
  readonly #tallies: Record<"endNameDiffers" | "endBeforeBegin" | "endBelowTop" | "openEnded", Tally>;

  constructor(builder: TraceBuilder, tracks: Tracks, clock: EventClock, maxSpans: number) {
    this.#builder = builder;
    this.#tracks = tracks;
    this.#places = new EventPlaces(builder, tracks, clock);
    this.#maxSpans = maxSpans;
    this.#counters = new Counters(builder, tracks);
    this.#flows = new Flows(builder);
    this.#asyncPairs = new AsyncPairs(builder);
    const tally = (code: string, message: string, level: "info" | "warning"): Tally =>
      new Tally(builder.ledger, code, message, level);
    this.#tallies = {
      endNameDiffers: tally(
        "endNameDiffers",
        "end events whose name differs from that of the span they close",
        "warning",
      ),
      endBeforeBegin: tally("endBeforeBegin", "end events that stand before their begin, at the same time", "info"),
      endBelowTop: tally("endBelowTop", "end events that close a span while spans inside it stay open", "info"),
      openEnded: tally(
        "openEnded",
        "spans without an end in the file; drawn to the end of the trace, kept out of all sums",
        "warning",
      ),
    };
  }

  /** Reads the track event of a packet. */
  read(reader: FieldReader, range: MessageRange, packet: PacketFields, sequence: Sequence, offset: number): void {
    const fields = this.#fields;
    fields.read(reader, range.start, range.end);
    const event = this.#places.find(fields, packet, sequence, offset);
    if (event === null) {
      this.#builder.ledger.dropped("badTime", "events without a time, or with one beyond 64 bits", offset);
      return;
    }
    this.#counters.addExtra(fields, sequence, event.state, event.timeNs);
    this.#add(event, sequence);
  }

  /** Pairs begins with ends, closes states and binds arrows; `finishOthers` adds spans that are counted with them. */
  finish(finishOthers: (tallies: BeginEndTallies, refuseSpan: (offset: number) => boolean) => void): void {
    for (const state of this.#tracks.all) {
      this.#finishBeginEnd(state);
      this.#finishStates(state);
    }
    finishOthers(this.#tallies, (offset) => this.#refuseSpan(offset));
    this.#asyncPairs.finish(this.#tallies.openEnded);
    this.#flows.finish();
    for (const tally of Object.values(this.#tallies)) tally.flush();
  }

  #add(event: PlacedEvent, sequence: Sequence): void {
    const { legacy, hasLegacy, type } = this.#fields;
    const phase = hasLegacy && legacy.phase > 0 ? String.fromCharCode(legacy.phase) : "";
    switch (type !== 0 ? type : (typeOfPhase[phase] ?? 0)) {
      case EventType.begin:
        return this.#addBegin(event);
      case EventType.end:
        return this.#addEnd(event);
      case EventType.instant:
        return this.#addInstant(event);
      case EventType.counter:
        return this.#counters.addEvent(this.#fields, sequence, event.state, event.timeNs, event.offset);
      case EventType.state:
        return this.#addState(event);
    }
    if (phase === "X") return this.#addComplete(event);
    const asyncRole = asyncRoles[phase];
    if (asyncRole !== undefined) return this.#addAsync(event, asyncRole.role, asyncRole.nestable);
    const flowRole = flowRoles[phase];
    if (flowRole !== undefined) return this.#addLegacyFlow(event, flowRole);
    this.#builder.ledger.dropped("unknownType", "events of a type or phase that is not known", event.offset);
  }

  #addBegin(event: PlacedEvent): void {
    const { state } = event;
    if (!state.isNamed) this.#tracks.nameByEvent(state, this.#places.nameText(event));
    const events = beginEndOf(state);
    const index = events.timeNs.length;
    const name = event.name === noName ? this.#builder.intern(state.name ?? "") : (event.name as StringId);
    events.begin(event.timeNs, name, event.category, this.#kindOf(event), event.offset);
    this.#countSide(event);
    const link = this.#link();
    if (link !== 0) {
      const links = this.#linksOfEvents.get(state) ?? new Map<number, number>();
      this.#linksOfEvents.set(state, links.set(index, link));
    }
    this.#keepFlows(state, index, event.timeNs);
  }

  #addEnd(event: PlacedEvent): void {
    const events = beginEndOf(event.state);
    const index = events.timeNs.length;
    events.end(event.timeNs, event.name, this.#fields.hasAnnotations, event.offset);
    this.#keepFlows(event.state, index, event.timeNs);
  }

  #addComplete(event: PlacedEvent): void {
    const { legacy } = this.#fields;
    if (!event.state.isNamed) this.#tracks.nameByEvent(event.state, this.#places.nameText(event));
    this.#countSide(event);
    const durationNs = legacy.durationUs === null ? null : Number(BigInt(legacy.durationUs) * 1000n);
    if (durationNs === null) this.#tallies.openEnded.add(event.offset);
    this.#bindFlows(event, this.#addSpan(event, durationNs));
  }

  /** An instant that arrows begin or end at is a span of no duration: arrows join spans. */
  #addInstant(event: PlacedEvent): void {
    const { legacy, hasLegacy, flowIds, terminatingFlowIds } = this.#fields;
    const scope = hasLegacy ? legacy.instantScope : 0;
    const state =
      scope === 2 && event.state.thread !== null ? this.#tracks.process(event.state.thread.pid) : event.state;
    if (!state.isNamed) this.#tracks.nameByEvent(state, this.#places.nameText(event));
    if (flowIds.length + terminatingFlowIds.length > 0) {
      event.state = state;
      return this.#bindFlows(event, this.#addSpan(event, 0));
    }
    const name = event.name === noName ? this.#builder.intern(state.name ?? "") : (event.name as StringId);
    this.#builder.addInstant(
      this.#tracks.trackOf(state),
      event.timeNs,
      name,
      event.category,
      scope === 1 ? 2 : scope === 2 ? 1 : 0,
      event.offset,
    );
  }

  #addState(event: PlacedEvent): void {
    if (event.isFallback) {
      this.#builder.ledger.dropped("stateOnThread", "states on the track of a thread or process", event.offset);
      return;
    }
    statesOf(event.state).add(event.timeNs, event.name, event.category, event.offset);
  }

  #addAsync(event: PlacedEvent, role: AsyncRole, nestable: boolean): void {
    const { legacy } = this.#fields;
    const id = legacy.localId ?? legacy.globalId ?? legacy.unscopedId;
    if (id === null) {
      this.#builder.ledger.dropped("asyncWithoutId", "asynchronous events without an id", event.offset);
      return;
    }
    const { state, timeNs, name, category, offset } = event;
    const categoryText = this.#places.categoryText(category);
    const pid = state.process?.pid ?? state.thread?.pid ?? null;
    const scope = legacy.localId !== null ? `local ${pid}` : legacy.globalId !== null ? "global" : "id";
    const names = `${categoryText} ${nestable ? "" : this.#places.nameText(event)}`;
    const key = this.#asyncKeys.of(`${scope} ${legacy.idScope} ${names} ${id}`);
    const parent = legacy.localId === null || pid === null ? null : this.#tracks.process(pid);
    const track = this.#asyncPairs.track(this.#asyncTracks.of(`${scope} ${categoryText}`), () =>
      this.#builder.addTrack({
        kind: "async",
        name: categoryText === "" ? "async" : `async ${categoryText}`,
        detail: categoryText,
        parent: parent === null ? null : this.#tracks.trackOf(parent),
        sortIndex: asyncSortIndex,
      }),
    );
    const endHasArguments = this.#fields.hasAnnotations;
    this.#asyncPairs.add({ timeNs, role, key, track, name, category, offset, endHasArguments });
  }

  #addLegacyFlow(event: PlacedEvent, role: "start" | "step" | "end"): void {
    const { legacy } = this.#fields;
    const id = legacy.localId ?? legacy.globalId ?? legacy.unscopedId;
    if (id === null) {
      this.#builder.ledger.dropped("flowWithoutId", "flow events without an id", event.offset);
      return;
    }
    const bind = role === "end" && !legacy.bindToEnclosing ? "next" : "enclosing";
    const track = this.#tracks.trackOf(event.state);
    const nameText = this.#places.nameText(event);
    const name = this.#builder.intern(nameText);
    const categoryText = this.#places.categoryText(event.category);
    this.#flows.addLegacy(`${categoryText} ${nameText} ${id}`, role, track, event.timeNs, name, bind);
  }

  #addSpan(event: PlacedEvent, durationNs: number | null): number {
    const name = event.name === noName ? this.#builder.intern(event.state.name ?? "") : (event.name as StringId);
    if (this.#refuseSpan(event.offset)) return -1;
    return this.#builder.addSpan(
      this.#tracks.trackOf(event.state),
      event.timeNs,
      durationNs ?? 0,
      name,
      this.#kindOf(event),
      event.category,
      event.offset,
      { link: this.#link(), openEnded: durationNs === null },
    );
  }

  #refuseSpan(offset: number): boolean {
    if (this.#builder.spanCount < this.#maxSpans) return false;
    dropBeyondLimit(this.#builder.ledger, this.#maxSpans, offset);
    return true;
  }

  /** Calls `add` for each arrow that the event names. */
  #forEachFlow(add: (id: number | bigint | string, part: FlowPart) => void): void {
    const { flowIds, terminatingFlowIds, hasLegacy, legacy } = this.#fields;
    for (const id of flowIds) add(id, FlowPart.passing);
    for (const id of terminatingFlowIds) add(id, FlowPart.terminating);
    if (!hasLegacy || legacy.bindId === null || legacy.flowDirection === 0) return;
    const parts = [FlowPart.passing, FlowPart.end, FlowPart.start, FlowPart.passing];
    add(`bind ${legacy.bindId}`, parts[legacy.flowDirection] ?? FlowPart.passing);
  }

  #bindFlows(event: PlacedEvent, span: number): void {
    if (span < 0) return;
    const track = this.#tracks.trackOf(event.state);
    this.#forEachFlow((id, part) => this.#flows.setSpan(this.#flows.add(id, part, event.timeNs), span, track));
  }

  #keepFlows(state: TrackState, event: number, timeNs: number): void {
    this.#forEachFlow((id, part) => {
      const list = this.#flowsOfEvents.get(state) ?? [];
      list.push({ event, flow: this.#flows.add(id, part, timeNs) });
      this.#flowsOfEvents.set(state, list);
    });
  }

  #finishBeginEnd(state: TrackState): void {
    const events = state.beginEnd;
    if (events === null) return;
    const order = stableOrder(events.timeNs.view());
    const ends = findEnds(events, order, this.#builder, this.#tallies);
    const flows = this.#flowsOfEvents.get(state) ?? [];
    /** Per event the span that it begins or ends; only where arrows ask for it. */
    const spans = flows.length > 0 ? new Int32Array(events.timeNs.length).fill(-1) : null;
    for (let position = 0; position < events.timeNs.length; position++) {
      const begin = order === null ? position : order[position];
      if (events.name.at(begin) < 0 || this.#refuseSpan(events.offset.at(begin))) continue;
      const end = ends[begin];
      const span = this.#addPair(state, events, begin, end);
      if (spans === null) continue;
      spans[begin] = span;
      if (end !== noEnd) spans[end] = span;
    }
    for (const { event, flow } of flows) this.#flows.setSpan(flow, spans?.[event] ?? -1, this.#tracks.trackOf(state));
    if (state.annotations !== null) state.closings = new Closings(events, order, ends);
    state.beginEnd = null;
  }

  #addPair(state: TrackState, events: BeginEndEvents, begin: number, end: number): number {
    const startNs = events.timeNs.at(begin);
    const packed = events.category.at(begin);
    const offset = events.offset.at(begin);
    if (end === noEnd) this.#tallies.openEnded.add(offset);
    return this.#builder.addSpan(
      this.#tracks.trackOf(state),
      startNs,
      end === noEnd ? 0 : events.timeNs.at(end) - startNs,
      events.name.at(begin) as StringId,
      (packed % 16) as SpanKind,
      Math.floor(packed / 16),
      offset,
      {
        link: this.#linksOfEvents.get(state)?.get(begin) ?? 0,
        openEnded: end === noEnd,
        ...(end !== noEnd && events.category.at(end) === 1 && { endSource: events.offset.at(end) }),
      },
    );
  }

  #finishStates(state: TrackState): void {
    if (state.states === null) return;
    const track = this.#tracks.trackOf(state);
    state.states.forEach((name, startNs, durationNs, category, offset) => {
      if (name === noName) {
        this.#builder.ledger.foldedIn();
        return;
      }
      if (this.#refuseSpan(offset)) return;
      if (durationNs === null) this.#tallies.openEnded.add(offset);
      const kind = this.#kindOfName(noCategory, name);
      this.#builder.addSpan(track, startNs, durationNs ?? 0, name as StringId, kind, category, offset, {
        openEnded: durationNs === null,
      });
    });
    state.states = null;
  }

  #link(): number {
    const { correlationId } = this.#fields;
    return typeof correlationId === "number" && correlationId < 2 ** 32 ? correlationId : 0;
  }

  #kindOf({ name, category }: PlacedEvent): SpanKind {
    return this.#kindOfName(category, name);
  }

  #kindOfName(category: number, name: number): SpanKind {
    const key = category * 2 ** 32 + name;
    let kind = this.#kinds.get(key);
    if (kind === undefined) {
      const nameText = name === noName ? "" : this.#builder.text(name as StringId);
      kind = kindOf(this.#places.categoryText(category), nameText);
      this.#kinds.set(key, kind);
    }
    return kind;
  }

  #countSide({ state, category }: PlacedEvent): void {
    let isDevice = this.#isDevice.get(category);
    if (isDevice === undefined) {
      isDevice = sideOf(this.#places.categoryText(category)) === CategorySide.device;
      this.#isDevice.set(category, isDevice);
    }
    if (isDevice) state.deviceSpans++;
    else state.hostSpans++;
  }
}
