import type { StringId } from "../../model/ids.ts";
import { noCategory } from "../../model/trace.ts";
import type { TraceBuilder } from "../../model/trace-builder.ts";
import type { EventClock } from "./event-clock.ts";
import type { PacketFields } from "./packet.ts";
import type { Sequence } from "./sequences.ts";
import type { TrackEventFields } from "./track-event.ts";
import type { Tracks, TrackState } from "./tracks.ts";

/** Name of an event that has none. */
export const noName = -1;

/** An event whose place is known; overwritten by the next. */
export class PlacedEvent {
  state: TrackState;
  /** The track follows from a process and thread, not from a uuid. */
  isFallback = false;
  timeNs = 0;
  offset = 0;
  /** StringId; `noName` for none. */
  name: number = noName;
  /** Index in the trace; `noCategory` for none. */
  category: number = noCategory;

  constructor(state: TrackState) {
    this.state = state;
  }
}

/** Finds when and where events happen, and what they are called. */
export class EventPlaces {
  readonly #builder: TraceBuilder;
  readonly #tracks: Tracks;
  readonly #clock: EventClock;
  readonly #event: PlacedEvent;
  /** Texts of categories by index. */
  readonly #categoryTexts: string[] = [];

  constructor(builder: TraceBuilder, tracks: Tracks, clock: EventClock) {
    this.#builder = builder;
    this.#tracks = tracks;
    this.#clock = clock;
    this.#event = new PlacedEvent(tracks.byUuid(0));
  }

  /** Null when the event has no time. */
  find(fields: TrackEventFields, packet: PacketFields, sequence: Sequence, offset: number): PlacedEvent | null {
    const timeNs = this.#timeOf(fields, packet, sequence, offset);
    if (timeNs === null) return null;
    const event = this.#event;
    event.timeNs = timeNs;
    event.offset = offset;
    event.name = this.#nameOf(fields, sequence);
    event.category = this.#categoryOf(fields, sequence);
    this.#place(event, fields, sequence);
    return event;
  }

  /** Text of a name or category; "" for none. */
  nameText({ name }: PlacedEvent): string {
    return name === noName ? "" : this.#builder.text(name as StringId);
  }

  categoryText(category: number): string {
    return category === noCategory ? "" : this.#categoryTexts[category];
  }

  #timeOf(fields: TrackEventFields, packet: PacketFields, sequence: Sequence, offset: number): number | null {
    const { timestampDeltaUs, timestampAbsoluteUs } = fields;
    if (timestampDeltaUs !== null) {
      if (sequence.timestampUs === null) return null;
      sequence.timestampUs += BigInt(timestampDeltaUs);
      return this.#clock.timeOfMicros(sequence.timestampUs, sequence, offset);
    }
    if (timestampAbsoluteUs !== null) return this.#clock.timeOfMicros(timestampAbsoluteUs, sequence, offset);
    return this.#clock.timeOf(packet, sequence, offset);
  }

  /**
   * The track of an event: its own uuid, else that of the defaults. Where both are 0, events of the old form, and those
   * that name no track at all, belong to the thread of their sequence or to the one they name.
   */
  #place(event: PlacedEvent, fields: TrackEventFields, sequence: Sequence): void {
    const { trackUuid, type, hasLegacy, legacy } = fields;
    const uuid = trackUuid ?? sequence.defaultTrack ?? 0;
    event.isFallback = false;
    if (uuid !== 0) {
      event.state = this.#tracks.byUuid(uuid);
      return;
    }
    const pid = hasLegacy ? legacy.pidOverride : null;
    const tid = hasLegacy ? legacy.tidOverride : null;
    const namesNoTrack = trackUuid === null || type === 0 || tid !== null;
    event.isFallback = true;
    if (pid !== null) event.state = tid === null ? this.#tracks.process(pid) : this.#tracks.thread(pid, tid);
    else if (sequence.pid !== null && sequence.tid !== null && namesNoTrack)
      event.state = this.#tracks.thread(sequence.pid, tid ?? sequence.tid);
    else {
      event.isFallback = false;
      event.state = this.#tracks.byUuid(0);
    }
  }

  #nameOf({ name, nameIid, hasLegacy, legacy }: TrackEventFields, sequence: Sequence): number {
    if (name !== null) return this.#builder.intern(name);
    const iid = nameIid ?? (hasLegacy ? legacy.nameIid : null);
    if (iid === null || iid === 0) return noName;
    return sequence.names.get(iid) ?? this.#builder.intern(`name ${iid}`);
  }

  #categoryOf({ categories, categoryIids }: TrackEventFields, sequence: Sequence): number {
    if (categoryIids.length === 0 && categories.length === 0) return noCategory;
    if (categories.length === 0 && categoryIids.length === 1) {
      const [iid] = categoryIids;
      let index = sequence.categoryIndexes.get(iid);
      if (index === undefined) {
        index = this.#indexOf(sequence.categories.get(iid) ?? "");
        sequence.categoryIndexes.set(iid, index);
      }
      return index;
    }
    const texts = [...categoryIids.map((iid) => sequence.categories.get(iid) ?? ""), ...categories];
    return this.#indexOf(texts.filter((text) => text !== "").join(","));
  }

  #indexOf(text: string): number {
    if (text === "") return noCategory;
    const index = this.#builder.category(text);
    if (index !== noCategory) this.#categoryTexts[index] = text;
    return index;
  }
}
