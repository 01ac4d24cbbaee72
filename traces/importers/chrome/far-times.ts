import { formatDuration } from "../../model/format-units.ts";
import { maxMicros } from "./clock.ts";

/** Further clocks than these are one with the last. */
const mostClocks = 8;

/** The start of one event of a clock, and how many events tell its times. */
interface FarClock {
  readonly micros: number;
  count: number;
}

/** Counts the times that lie too far from the first event to be told beside it: those of other clocks. */
export class FarTimes {
  readonly #clocks: FarClock[] = [];
  #message = "";
  /** Events so far. */
  total = 0;

  /** Of the clock with most events; null where all are of the first one. */
  get most(): FarClock | null {
    return this.#clocks.reduce<FarClock | null>(
      (most, clock) => (most === null || clock.count > most.count ? clock : most),
      null,
    );
  }

  /** Counts one; what the ledger says of all of them. */
  add(micros: number, baseMicros: number): string {
    this.total++;
    const known = this.#clocks.find((clock) => Math.abs(clock.micros - micros) <= maxMicros);
    if (known !== undefined) known.count++;
    else if (this.#clocks.length < mostClocks) this.#clocks.push({ micros, count: 1 });
    if (this.#message === "") {
      const distance = formatDuration(Math.abs(micros - baseMicros) * 1000);
      this.#message = `events of another clock, ${distance} ${micros < baseMicros ? "before" : "after"} the others`;
    }
    return this.#message;
  }
}
