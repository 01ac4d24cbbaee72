import type { StringId } from "../../model/ids.ts";
import type { TraceBuilder } from "../../model/trace-builder.ts";
import { type FieldReader, messageEnd } from "../../io/protobuf.ts";
import type { MessageRange, PacketFields } from "./packet.ts";
import { readRepeatedInts } from "./repeated.ts";
import { Defaults, Interned, InternedEntry, Packet, TrackEvent } from "./schema.ts";

type Id = number | bigint;

/** What a sequence of packets says of a stage or queue of a GPU. */
export interface GpuSpecification {
  readonly name: string;
  /** 0 other, 1 graphics, 2 compute. */
  readonly category: number;
}

/** State that the packets of one writer share: it dies when the writer clears it. */
export class Sequence {
  readonly id: number;
  /** False before the state was cleared first, and after packets were lost. */
  isValid = false;
  readonly names: Map<Id, StringId> = new Map();
  readonly categories: Map<Id, string> = new Map();
  /** Indexes of categories in the trace, found out once. */
  readonly categoryIndexes: Map<Id, number> = new Map();
  readonly gpuSpecifications: Map<Id, GpuSpecification> = new Map();
  /** Values of counters that are told as differences, by track. */
  readonly counterValues: Map<Id, number> = new Map();
  defaultClock: number | null = null;
  defaultTrack: Id | null = null;
  defaultExtraTracks: readonly Id[] = [];
  defaultExtraDoubleTracks: readonly Id[] = [];
  /** Of the thread that the sequence describes; null before it does. */
  pid: number | null = null;
  tid: number | null = null;
  /** Reference of times told as differences, µs. */
  timestampUs: bigint | null = null;
  threadTimeUs = 0;
  instructions = 0;

  constructor(id: number) {
    this.id = id;
  }

  clear(): void {
    this.isValid = true;
    this.names.clear();
    this.categories.clear();
    this.categoryIndexes.clear();
    this.gpuSpecifications.clear();
    this.counterValues.clear();
    this.defaultClock = null;
    this.defaultTrack = null;
    this.defaultExtraTracks = [];
    this.defaultExtraDoubleTracks = [];
  }
}

/** The sequences of a trace, by id. */
export class Sequences {
  readonly #builder: TraceBuilder;
  readonly #sequences = new Map<number, Sequence>();

  constructor(builder: TraceBuilder) {
    this.#builder = builder;
  }

  /** Sequence of a packet, with what the packet itself changes of it. Null: the packet needs state that was lost. */
  update(packet: PacketFields, reader: FieldReader): Sequence | null {
    let sequence = this.#sequences.get(packet.sequenceId);
    if (sequence === undefined) {
      sequence = new Sequence(packet.sequenceId);
      this.#sequences.set(packet.sequenceId, sequence);
    }
    if (packet.lostPackets) sequence.isValid = false;
    if (packet.clearsState) sequence.clear();
    if (packet.needsState && !sequence.isValid) return null;
    const interned = packet.carried.get(Packet.internedData);
    if (interned !== undefined) this.#readInterned(sequence, reader, interned);
    const defaults = packet.carried.get(Packet.defaults);
    if (defaults !== undefined) readDefaults(sequence, reader, defaults);
    return sequence;
  }

  #readInterned(sequence: Sequence, reader: FieldReader, { start, end }: MessageRange): void {
    for (let at = reader.step(start, end); at !== messageEnd; at = reader.step(at, end)) {
      const { field } = reader;
      if (field !== Interned.eventNames && field !== Interned.eventCategories && field !== Interned.gpuSpecifications)
        continue;
      const entry = readEntry(reader, reader.start, reader.end);
      if (field === Interned.eventNames) sequence.names.set(entry.iid, this.#builder.intern(entry.name));
      else if (field === Interned.eventCategories) {
        sequence.categories.set(entry.iid, entry.name);
        sequence.categoryIndexes.delete(entry.iid);
      } else sequence.gpuSpecifications.set(entry.iid, entry);
    }
  }
}

/** One entry of an interned table. */
function readEntry(reader: FieldReader, start: number, end: number): GpuSpecification & { readonly iid: Id } {
  let iid: Id = 0;
  let name = "";
  let category = 0;
  for (let at = reader.step(start, end); at !== messageEnd; at = reader.step(at, end)) {
    if (reader.field === InternedEntry.iid) iid = reader.uint64();
    else if (reader.field === InternedEntry.name) name = reader.text();
    else if (reader.field === InternedEntry.gpuCategory) category = reader.number;
  }
  return { iid, name, category };
}

function readDefaults(sequence: Sequence, reader: FieldReader, { start, end }: MessageRange): void {
  for (let at = reader.step(start, end); at !== messageEnd; at = reader.step(at, end)) {
    if (reader.field === Defaults.timestampClockId) sequence.defaultClock = reader.number;
    else if (reader.field === Defaults.trackEvent) readEventDefaults(sequence, reader, reader.start, reader.end);
  }
}

function readEventDefaults(sequence: Sequence, reader: FieldReader, start: number, end: number): void {
  const extra: Id[] = [];
  const extraDouble: Id[] = [];
  for (let at = reader.step(start, end); at !== messageEnd; at = reader.step(at, end)) {
    if (reader.field === TrackEvent.trackUuid) sequence.defaultTrack = reader.uint64();
    else if (reader.field === TrackEvent.extraCounterTracks) readRepeatedInts(reader, extra);
    else if (reader.field === TrackEvent.extraDoubleCounterTracks) readRepeatedInts(reader, extraDouble);
  }
  sequence.defaultExtraTracks = extra;
  sequence.defaultExtraDoubleTracks = extraDouble;
}
