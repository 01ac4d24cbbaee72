import { type FieldReader, messageEnd } from "../../io/protobuf.ts";
import { Event, Stat } from "./schema.ts";
import type { Picoseconds } from "./picoseconds.ts";

/** Stats that mean something to the trace; the bit of each is its place in the list. */
export const meaningfulStats = [
  "correlation_id",
  "_p",
  "_pt",
  "_c",
  "_ct",
  "flow",
  "step_num",
  "counter_value",
  "hlo_module",
] as const;
export type MeaningfulStat = (typeof meaningfulStats)[number];

/** Which stat ids of a plane mean something. */
export class StatTable {
  readonly #byId = new Map<number | bigint, MeaningfulStat>();
  /** Lowest and highest meaningful id that is a number, so that most stats cost two comparisons. */
  #low = Infinity;
  #high = -Infinity;

  constructor(statNames: ReadonlyMap<number | bigint, string>) {
    for (const [id, name] of statNames) {
      const stat = meaningfulStats.find((each) => each === name);
      if (stat === undefined) continue;
      this.#byId.set(id, stat);
      this.#low = Math.min(this.#low, Number(id));
      this.#high = Math.max(this.#high, Number(id));
    }
  }

  get isEmpty(): boolean {
    return this.#byId.size === 0;
  }

  find(id: number): MeaningfulStat | undefined {
    return id < this.#low || id > this.#high ? undefined : this.#byId.get(id);
  }
}

/** One event as read; overwritten by the next. */
export class EventFields {
  metadataId: number | bigint = 0;
  offsetPs: Picoseconds = 0;
  durationPs: Picoseconds = 0;
  /** Not null: the event stands for so many, without a place on the time axis. */
  occurrences: number | bigint | null = null;
  /** Exact values of the stats that mean something; absent ones are undefined. */
  readonly stats: Map<MeaningfulStat, number | bigint> = new Map();
  /** Value of "counter_value", which may be a double. */
  counterValue: number = Number.NaN;
  /** Value of "hlo_module": its text, or the id of the stat that is named so. */
  module: string | number | bigint | null = null;

  read(reader: FieldReader, start: number, end: number, table: StatTable): void {
    this.metadataId = 0;
    this.offsetPs = 0;
    this.durationPs = 0;
    this.occurrences = null;
    this.module = null;
    if (this.stats.size > 0) this.stats.clear();
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
    let stat: MeaningfulStat | undefined;
    for (let at = reader.step(start, end); at !== messageEnd; at = reader.step(at, end)) {
      if (reader.field === Stat.metadataId) {
        stat = table.find(reader.number);
        if (stat === undefined) return;
      } else if (stat === "counter_value") {
        this.counterValue = reader.field === Stat.double ? reader.float() : reader.number;
        this.stats.set(stat, 0);
      } else if (stat === "hlo_module") {
        this.module = reader.field === Stat.text ? reader.text() : reader.int64();
      } else if (stat !== undefined) {
        this.stats.set(stat, reader.field === Stat.uint64 ? reader.uint64() : reader.int64());
      }
    }
  }
}
