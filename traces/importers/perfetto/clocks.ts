import { type FieldReader, messageEnd } from "../../io/protobuf.ts";
import type { MessageRange } from "./packet.ts";
import { Clock, ClockId, ClockSnapshot } from "./schema.ts";

/** One snapshot: what each clock showed, ns. */
type Snapshot = ReadonlyMap<number, bigint>;

/** A clock that counts in its own unit, or from its last value. */
interface ClockForm {
  readonly unitNs: bigint;
  readonly isIncremental: boolean;
  lastNs: bigint;
}

/** What turns a clock into another from some of its times on. */
interface Offset {
  readonly fromNs: bigint;
  readonly addNs: bigint;
}

/** Sequences have clocks of their own, 64 to 127. */
const clocksPerSequence = 128;

/** Where a clock is looked for that two snapshots share. */
const searchedSnapshots = 64;

/** Converts the times of all clocks of a trace to that of the trace. */
export class Clocks {
  readonly #snapshots: Snapshot[] = [];
  readonly #forms = new Map<number, ClockForm>();
  readonly #offsets = new Map<number, readonly Offset[]>();
  #traceClock: number = ClockId.boottime;
  #hasPrimary = false;

  addSnapshot(reader: FieldReader, { start, end }: MessageRange, sequence: number): void {
    const clocks = new Map<number, bigint>();
    for (let at = reader.step(start, end); at !== messageEnd; at = reader.step(at, end)) {
      if (reader.field === ClockSnapshot.primaryTraceClock && !this.#hasPrimary) {
        this.#hasPrimary = true;
        this.#traceClock = reader.number;
      } else if (reader.field === ClockSnapshot.clocks) this.#readClock(reader, sequence, clocks);
    }
    this.#snapshots.push(clocks);
    this.#offsets.clear();
  }

  #readClock(reader: FieldReader, sequence: number, clocks: Map<number, bigint>): void {
    const { start, end } = reader;
    let id = 0;
    let timestamp = 0n;
    let unitNs = 1n;
    let isIncremental = false;
    for (let at = reader.step(start, end); at !== messageEnd; at = reader.step(at, end)) {
      if (reader.field === Clock.id) id = reader.number;
      else if (reader.field === Clock.timestamp) timestamp = BigInt(reader.uint64());
      else if (reader.field === Clock.isIncremental) isIncremental = reader.number !== 0;
      else if (reader.field === Clock.unitMultiplierNs) unitNs = BigInt(reader.uint64());
    }
    const key = clockKey(id, sequence);
    const ns = timestamp * unitNs;
    clocks.set(key, ns);
    if (isIncremental || unitNs !== 1n) this.#forms.set(key, { unitNs, isIncremental, lastNs: ns });
  }

  /** A time of a clock on the clock of the trace, ns; null when no snapshot tells how they relate. */
  toTraceNs(clock: number, sequence: number, timestamp: number | bigint): number | bigint | null {
    const key = clockKey(clock, sequence);
    const form = this.#forms.get(key);
    if (form === undefined && key === this.#traceClock) return timestamp;
    const ns = form === undefined ? BigInt(timestamp) : advance(form, BigInt(timestamp));
    if (key === this.#traceClock) return narrow(ns);
    const offset = this.#offsetAt(key, ns);
    return offset === null ? null : narrow(ns + offset);
  }

  /** What makes Unix time of the clock of the trace; null when no snapshot tells. */
  get unixOffsetNs(): bigint | null {
    if (this.#traceClock === ClockId.realtime) return 0n;
    for (const snapshot of this.#snapshots) {
      const unix = snapshot.get(ClockId.realtime);
      const own = snapshot.get(this.#traceClock);
      if (unix !== undefined && own !== undefined) return unix - own;
    }
    return null;
  }

  /** By the last snapshot at or before the time; before the first one, by that. */
  #offsetAt(key: number, ns: bigint): bigint | null {
    let offsets = this.#offsets.get(key);
    if (offsets === undefined) {
      offsets = this.#listOffsets(key);
      this.#offsets.set(key, offsets);
    }
    for (let i = offsets.length - 1; i >= 0; i--) if (offsets[i].fromNs <= ns || i === 0) return offsets[i].addNs;
    return null;
  }

  #listOffsets(key: number): Offset[] {
    const offsets: Offset[] = [];
    for (const snapshot of this.#snapshots) {
      const fromNs = snapshot.get(key);
      if (fromNs === undefined) continue;
      const traceNs = snapshot.get(this.#traceClock) ?? this.#traceTimeOf(snapshot);
      if (traceNs !== null) offsets.push({ fromNs, addNs: traceNs - fromNs });
    }
    return offsets.sort((a, b) => (a.fromNs < b.fromNs ? -1 : a.fromNs > b.fromNs ? 1 : 0));
  }

  /** Time of a snapshot without the clock of the trace, through a clock that it shares with one that has it. */
  #traceTimeOf(snapshot: Snapshot): bigint | null {
    for (const [shared, ns] of snapshot)
      for (const other of this.#snapshots.slice(0, searchedSnapshots)) {
        const otherNs = other.get(shared);
        const traceNs = other.get(this.#traceClock);
        if (otherNs !== undefined && traceNs !== undefined) return ns + traceNs - otherNs;
      }
    return null;
  }
}

function clockKey(clock: number, sequence: number): number {
  const isOfSequence = clock >= ClockId.firstOfSequence && clock <= ClockId.lastOfSequence;
  return isOfSequence ? (sequence + 1) * clocksPerSequence + clock : clock;
}

function advance(form: ClockForm, timestamp: bigint): bigint {
  const ns = timestamp * form.unitNs + (form.isIncremental ? form.lastNs : 0n);
  if (form.isIncremental) form.lastNs = ns;
  return ns;
}

function narrow(ns: bigint): number | bigint {
  const value = Number(ns);
  return Number.isSafeInteger(value) ? value : ns;
}
