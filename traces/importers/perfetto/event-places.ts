import { noCategory } from "../../model/trace.ts";
import type { TraceBuilder } from "../../model/trace-builder.ts";
import type { EventClock } from "./event-clock.ts";
import type { PacketFields } from "./packet.ts";
import type { Sequence } from "./sequences.ts";
import type { TrackEventFields } from "./track-event.ts";
import type { Tracks, TrackState } from "./tracks.ts";

/** Name of an event that has none. */
export const noName = -1;

/** An event whose place is known. */
export interface PlacedEvent {
  readonly state: TrackState;
  /** The track follows from a process and thread, not from a uuid. */
  readonly isFallback: boolean;
  readonly timeNs: number;
  readonly offset: number;
  /** StringId; `noName` for none. */
  readonly name: number;
  readonly nameText: string;
  readonly categoryText: string;
  readonly category: number;
}

/** Finds when and where events happen, and what they are called. */
export class EventPlaces {
  readonly #builder: TraceBuilder;
  readonly #tracks: Tracks;
  readonly #clock: EventClock;

  constructor(builder: TraceBuilder, tracks: Tracks, clock: EventClock) {
    this.#builder = builder;
    this.#tracks = tracks;
    this.#clock = clock;
  }

  /** Null when the event has no time. */
  find(fields: TrackEventFields, packet: PacketFields, sequence: Sequence, offset: number): PlacedEvent | null {
    const timeNs = this.#timeOf(fields, packet, sequence, offset);
    if (timeNs === null) return null;
    const nameText = this.#nameOf(fields, sequence);
    const categoryText = this.#categoryOf(fields, sequence);
    return {
      ...this.#placeOf(fields, sequence),
      timeNs,
      offset,
      name: nameText === null ? noName : this.#builder.intern(nameText),
      nameText: nameText ?? "",
      categoryText,
      category: categoryText === "" ? noCategory : this.#builder.category(categoryText),
    };
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
  #placeOf(fields: TrackEventFields, sequence: Sequence): Pick<PlacedEvent, "state" | "isFallback"> {
    const { trackUuid, type, hasLegacy, legacy } = fields;
    const uuid = trackUuid ?? sequence.defaultTrack ?? 0;
    if (uuid !== 0) return { state: this.#tracks.byUuid(uuid), isFallback: false };
    const pid = hasLegacy ? legacy.pidOverride : null;
    const tid = hasLegacy ? legacy.tidOverride : null;
    if (pid !== null)
      return { state: tid === null ? this.#tracks.process(pid) : this.#tracks.thread(pid, tid), isFallback: true };
    const namesNoTrack = trackUuid === null || type === 0 || tid !== null;
    if (sequence.pid === null || sequence.tid === null || !namesNoTrack)
      return { state: this.#tracks.byUuid(0), isFallback: false };
    return { state: this.#tracks.thread(sequence.pid, tid ?? sequence.tid), isFallback: true };
  }

  #nameOf({ name, nameIid, hasLegacy, legacy }: TrackEventFields, sequence: Sequence): string | null {
    if (name !== null) return name;
    const iid = nameIid ?? (hasLegacy ? legacy.nameIid : null);
    if (iid === null || iid === 0) return null;
    const id = sequence.names.get(iid);
    return id === undefined ? `name ${iid}` : this.#builder.text(id);
  }

  #categoryOf({ categories, categoryIids }: TrackEventFields, sequence: Sequence): string {
    if (categories.length === 0 && categoryIids.length === 1) {
      const [iid] = categoryIids;
      return sequence.categories.get(iid) ?? "";
    }
    return [...categoryIids.map((iid) => sequence.categories.get(iid) ?? ""), ...categories]
      .filter((text) => text !== "")
      .join(",");
  }
}
