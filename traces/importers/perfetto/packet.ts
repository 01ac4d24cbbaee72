import { type FieldReader, messageEnd, WireType } from "../../io/protobuf.ts";
import { Packet, SequenceFlag } from "./schema.ts";

/** A message in memory: the bytes [start, end) of the file. */
export interface MessageRange {
  readonly start: number;
  readonly end: number;
}

/** Fields that every packet may have; all others are what it carries. */
const commonFields: ReadonlySet<number> = new Set([
  3, // user of the producer
  Packet.timestamp,
  Packet.sequenceId,
  Packet.sequenceFlags,
  Packet.incrementalStateCleared,
  Packet.previousPacketDropped,
  Packet.timestampClockId,
  79, // process of the producer
  87, // first packet of its sequence
  98, // machine
]);

/** Where the messages stand that a packet carries, by field number; of equal ones the last counts. Makes no objects. */
class CarriedFields {
  #count = 0;
  readonly #fields: number[] = [];
  readonly #starts: number[] = [];
  readonly #ends: number[] = [];

  clear(): void {
    this.#count = 0;
  }

  add(field: number, start: number, end: number): void {
    const at = this.#count++;
    this.#fields[at] = field;
    this.#starts[at] = start;
    this.#ends[at] = end;
  }

  has(field: number): boolean {
    return this.#find(field) >= 0;
  }

  get(field: number): MessageRange | undefined {
    const at = this.#find(field);
    return at < 0 ? undefined : { start: this.#starts[at], end: this.#ends[at] };
  }

  /** As `get`, when the packet carries nothing else. */
  only(field: number): MessageRange | undefined {
    return this.#count === 1 ? this.get(field) : undefined;
  }

  /** Field numbers in the order of the file. */
  numbers(): readonly number[] {
    return this.#fields.slice(0, this.#count);
  }

  #find(field: number): number {
    let at = this.#count - 1;
    while (at >= 0 && this.#fields[at] !== field) at--;
    return at;
  }
}

/** One packet as read; overwritten by the next. */
export class PacketFields {
  timestamp: number | bigint | null = null;
  clockId: number | null = null;
  sequenceId = 0;
  clearsState = false;
  needsState = false;
  lostPackets = false;
  /** What the packet carries. */
  readonly carried: CarriedFields = new CarriedFields();

  read(reader: FieldReader, start: number, end: number): void {
    this.timestamp = null;
    this.clockId = null;
    this.sequenceId = 0;
    this.clearsState = false;
    this.needsState = false;
    this.lostPackets = false;
    this.carried.clear();
    for (let at = reader.step(start, end); at !== messageEnd; at = reader.step(at, end)) {
      const { field } = reader;
      if (!commonFields.has(field)) {
        if (reader.wire === WireType.bytes) this.carried.add(field, reader.start, reader.end);
      } else this.#readCommon(reader, field);
    }
  }

  #readCommon(reader: FieldReader, field: number): void {
    switch (field) {
      case Packet.timestamp:
        this.timestamp = reader.uint64();
        break;
      case Packet.timestampClockId:
        this.clockId = reader.number;
        break;
      case Packet.sequenceId:
        this.sequenceId = reader.number;
        break;
      case Packet.sequenceFlags:
        this.clearsState ||= (reader.number & SequenceFlag.stateCleared) !== 0;
        this.needsState = (reader.number & SequenceFlag.needsState) !== 0;
        break;
      case Packet.incrementalStateCleared:
        this.clearsState ||= reader.number !== 0;
        break;
      case Packet.previousPacketDropped:
        this.lostPackets = reader.number !== 0;
        break;
    }
  }
}

/** What packets are called that carry something which is not shown, by field number. */
const unshownKinds: ReadonlyMap<number, string> = new Map([
  [4, "inode file maps"],
  [5, "Chrome events of the old format"],
  [7, "system statistics"],
  [9, "process statistics"],
  [34, "ftrace statistics"],
  [37, "heap profiles"],
  [38, "battery counters"],
  [39, "Android log"],
  [40, "power rails"],
  [46, "triggers"],
  [47, "Android packages"],
  [48, "Chrome benchmark metadata"],
  [49, "events of Perfetto itself"],
  [51, "Chrome metadata"],
  [54, "Chrome CPU samples"],
  [56, "heap graphs"],
  [57, "graphics frames"],
  [61, "module symbols"],
  [62, "Vulkan memory events"],
  [63, "GPU log"],
  [64, "deobfuscation tables"],
  [65, "Vulkan API events"],
  [66, "CPU samples (perf)"],
  [67, "CPU descriptions"],
  [68, "memory maps"],
  [71, "GPU memory totals"],
  [72, "extension descriptors"],
  [73, "memory tracker snapshots"],
  [74, "streamed allocations"],
  [75, "streamed frees"],
  [76, "Android frame timeline"],
  [77, "Android energy estimates"],
  [84, "statsd atoms"],
  [88, "network packets"],
  [92, "network packet bundles"],
  [95, "Windows kernel events (ETW)"],
]);

export function nameUnshown(field: number): string {
  return unshownKinds.get(field) ?? `packets of kind ${field}`;
}
