import type { LedgerBook } from "../../model/trace-builder.ts";
import type { Clocks } from "./clocks.ts";
import type { PacketFields } from "./packet.ts";
import { ClockId } from "./schema.ts";
import type { Sequence } from "./sequences.ts";

type Time = number | bigint;

const largestInt64 = 2n ** 63n - 1n;

/** Times of packets as ns since the first of them. */
export class EventClock {
  readonly #clocks: Clocks;
  readonly #ledger: LedgerBook;
  #baseNs: Time | null = null;

  constructor(clocks: Clocks, ledger: LedgerBook) {
    this.#clocks = clocks;
    this.#ledger = ledger;
  }

  /** Time 0 of all times, on the clock of the trace. */
  get baseClockNs(): bigint {
    return BigInt(this.#baseNs ?? 0);
  }

  get unixOffsetNs(): bigint | null {
    return this.#clocks.unixOffsetNs;
  }

  /** Time of a packet; null when it has none. Without a clock of its own or of its sequence it is on that of the trace. */
  timeOf(packet: PacketFields, sequence: Sequence, byteOffset: number): number | null {
    if (packet.timestamp === null) return null;
    const clock = packet.clockId ?? sequence.defaultClock;
    return clock === null
      ? this.#sinceBase(packet.timestamp)
      : this.#convert(clock, sequence, packet.timestamp, byteOffset);
  }

  /** Time in the old form, µs of the monotonic clock; null when it is beyond what 64 bits of ns hold. */
  timeOfMicros(micros: Time, sequence: Sequence, byteOffset: number): number | null {
    const ns = BigInt(micros) * 1000n;
    if (ns > largestInt64 || ns < -largestInt64 - 1n) return null;
    return this.#convert(ClockId.monotonic, sequence, ns, byteOffset);
  }

  #convert(clock: number, sequence: Sequence, time: Time, byteOffset: number): number {
    const ns = this.#clocks.toTraceNs(clock, sequence.id, time);
    if (ns === null)
      this.#ledger.note(
        "clockUnknown",
        `times of clock ${clock}, which no snapshot relates to the others; they are shown as if they were of the clock of the trace`,
        byteOffset,
      );
    return this.#sinceBase(ns ?? time);
  }

  #sinceBase(ns: Time): number {
    this.#baseNs ??= ns;
    if (typeof ns === "number" && typeof this.#baseNs === "number") return ns - this.#baseNs;
    return Number(BigInt(ns) - BigInt(this.#baseNs));
  }
}
