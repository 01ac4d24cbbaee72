import type { TrackId } from "../../model/ids.ts";
import type { TraceBuilder } from "../../model/trace-builder.ts";
import { parseDecimal } from "../json-scan/decimal.ts";
import { type EventFields, FieldState, IdentitySlot } from "../json-scan/event-fields.ts";
import { JsonNumber, objectOf, parseJson } from "../json-scan/json-value.ts";
import type { Tracks } from "./tracks.ts";

/** Counters come below the threads of their process. */
const counterSortIndex = 2 ** 31;

interface Counter {
  readonly title: string;
  readonly parent: TrackId;
  readonly series: Map<string, TrackId>;
}

/** What became of a counter event. */
export interface CounterOutcome {
  readonly samples: number;
  /** Values that are no finite number. */
  readonly rejected: number;
}

/** Counter tracks: every numeric argument is a series of (pid, name, id). */
export class Counters {
  readonly #builder: TraceBuilder;
  readonly #tracks: Tracks;
  readonly #counters = new Map<string, Counter>();

  constructor(builder: TraceBuilder, tracks: Tracks) {
    this.#builder = builder;
    this.#tracks = tracks;
  }

  add(fields: EventFields, bytes: Uint8Array, timeNs: number, name: string): CounterOutcome {
    const args = fields.argsEnd > 0 ? objectOf(parseJson(bytes, fields.argsStart, fields.argsEnd)) : null;
    let samples = 0;
    let rejected = 0;
    let counter: Counter | null = null;
    for (const [series, value] of args ?? []) {
      // Numeric strings count; booleans, texts and nested values are no samples.
      const number =
        value instanceof JsonNumber ? parseDecimal(value.text) : typeof value === "string" ? parseDecimal(value) : null;
      if (number === null) {
        rejected++;
        continue;
      }
      counter ??= this.#counterOf(fields, name);
      this.#builder.addSample(this.#seriesOf(counter, series), timeNs, number);
      samples++;
    }
    return { samples, rejected };
  }

  #counterOf(fields: EventFields, name: string): Counter {
    const process = this.#tracks.processOf(fields);
    const hasId = fields.identityStates[IdentitySlot.id] !== FieldState.absent;
    const id = hasId ? this.#tracks.textOf(fields.identities[IdentitySlot.id]) : "";
    const key = `${process.pid} ${hasId ? 1 : 0}${id} ${name}`;
    let counter = this.#counters.get(key);
    if (counter === undefined) {
      counter = {
        title: hasId ? `${name} [${id}]` : name,
        parent: this.#tracks.processTrack(process),
        series: new Map(),
      };
      this.#counters.set(key, counter);
    }
    return counter;
  }

  #seriesOf(counter: Counter, series: string): TrackId {
    let track = counter.series.get(series);
    if (track === undefined) {
      const name =
        series === "value" || series === "" || series === counter.title ? counter.title : `${counter.title} ${series}`;
      track = this.#builder.addTrack({
        kind: "counter",
        name,
        detail: series,
        parent: counter.parent,
        sortIndex: counterSortIndex,
      });
      counter.series.set(series, track);
    }
    return track;
  }
}
