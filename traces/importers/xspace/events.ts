import { type FieldReader, messageEnd } from "../../io/protobuf.ts";
import { Event, Stat } from "./schema.ts";
import type { Picoseconds } from "./picoseconds.ts";

/** Stats that mean something to the trace, each with its place in `EventFields`. */
export const MeaningfulStat = {
  correlationId: 0,
  producer: 1,
  producerType: 2,
  consumer: 3,
  consumerType: 4,
  flow: 5,
  step: 6,
  counterValue: 7,
  module: 8,
} as const;
export type MeaningfulStat = (typeof MeaningfulStat)[keyof typeof MeaningfulStat];

const statsByName: ReadonlyMap<string, MeaningfulStat> = new Map([
  ["correlation_id", MeaningfulStat.correlationId],
  ["_p", MeaningfulStat.producer],
  ["_pt", MeaningfulStat.producerType],
  ["_c", MeaningfulStat.consumer],
  ["_ct", MeaningfulStat.consumerType],
  ["flow", MeaningfulStat.flow],
  ["step_num", MeaningfulStat.step],
  ["counter_value", MeaningfulStat.counterValue],
  ["hlo_module", MeaningfulStat.module],
]);

/** Ids of stats are numbered from 1; those beyond are few and in a map. */
const plainIds = 4096;

/** Which stat ids of a plane mean something. */
export class StatTable {
  /** MeaningfulStat + 1 by id; 0 for none. */
  readonly #byId = new Uint8Array(plainIds);
  readonly #others = new Map<number, MeaningfulStat>();
  #isEmpty = true;

  constructor(statNames: ReadonlyMap<number | bigint, string>) {
    for (const [id, name] of statNames) {
      const stat = statsByName.get(name);
      if (stat === undefined) continue;
      this.#isEmpty = false;
      if (id >= 0 && id < plainIds) this.#byId[Number(id)] = stat + 1;
      else this.#others.set(Number(id), stat);
    }
  }

  get isEmpty(): boolean {
    return this.#isEmpty;
  }

  /** -1 for none. */
  find(id: number): number {
    return id >= 0 && id < plainIds ? this.#byId[id] - 1 : (this.#others.get(id) ?? -1);
  }
}

/** One event as read; overwritten by the next. */
export class EventFields {
  metadataId: number | bigint = 0;
  offsetPs: Picoseconds = 0;
  durationPs: Picoseconds = 0;
  /** Not null: the event stands for so many, without a place on the time axis. */
  occurrences: number | bigint | null = null;
  /** Value of "counter_value", which may be a double. */
  counterValue: number = Number.NaN;
  /** Value of "hlo_module": its text, or the id of the stat that is named so. */
  module: string | number | bigint | null = null;
  /** A bit for each meaningful stat that the event has. */
  #present = 0;
  readonly #values: (number | bigint)[] = Array.from({ length: statsByName.size }, () => 0);

  get hasStats(): boolean {
    return this.#present !== 0;
  }

  has(stat: MeaningfulStat): boolean {
    return (this.#present & (1 << stat)) !== 0;
  }

  /** Exact value of a stat; 0 when the event does not have it. */
  valueOf(stat: MeaningfulStat): number | bigint {
    return this.has(stat) ? this.#values[stat] : 0;
  }

  read(reader: FieldReader, start: number, end: number, table: StatTable): void {
    this.metadataId = 0;
    this.offsetPs = 0;
    this.durationPs = 0;
    this.occurrences = null;
    this.module = null;
    this.#present = 0;
    for (let at = reader.step(start, end); at !== messageEnd; at = reader.step(at, end)) {
      switch (reader.field) {
        case Event.metadataId:
          this.metadataId = reader.int64();
          break;
        case Event.offsetPs:
          this.offsetPs = reader.int64();
          break;
        case Event.durationPs:
          this.durationPs = reader.int64();
          break;
        case Event.occurrences:
          this.occurrences = reader.int64();
          break;
        case Event.stats:
          if (!table.isEmpty) this.#readStat(reader, reader.start, reader.end, table);
          break;
      }
    }
  }

  #readStat(reader: FieldReader, start: number, end: number, table: StatTable): void {
    let stat = -1;
    for (let at = reader.step(start, end); at !== messageEnd; at = reader.step(at, end)) {
      if (reader.field === Stat.metadataId) {
        stat = table.find(reader.number);
        if (stat < 0) return;
      } else if (stat >= 0) this.#setStat(stat as MeaningfulStat, reader);
    }
  }

  #setStat(stat: MeaningfulStat, reader: FieldReader): void {
    this.#present |= 1 << stat;
    if (stat === MeaningfulStat.counterValue)
      this.counterValue = reader.field === Stat.double ? reader.float() : reader.number;
    else if (stat === MeaningfulStat.module) this.module = reader.field === Stat.text ? reader.text() : reader.int64();
    else this.#values[stat] = reader.field === Stat.uint64 ? reader.uint64() : reader.int64();
  }
}
