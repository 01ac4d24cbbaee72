import type { EventFields } from "../json-scan/event-fields.ts";
import { FieldState, TimeSlot } from "../json-scan/event-fields.ts";
import { remainderScale, roundHalfEven } from "../json-scan/decimal.ts";

/** Whole microseconds whose nanoseconds the trace model holds on either side of the first event. */
export const maxMicros: number = 2 ** 52 / 1000 - 1;

/** How reading a time went. */
export const TimeOutcome = { ok: 0, rounded: 1, bad: 2, outOfRange: 3 } as const;
export type TimeOutcome = (typeof TimeOutcome)[keyof typeof TimeOutcome];

/**
 * Turns the exact times of events into integer ns since the first event's whole microsecond, so that 19-digit
 * timestamps keep every digit: (I - base) · 1000 + F is exact where 1000 · I is not.
 */
export class EventClock {
  /** Times of the file are to be multiplied by 10 to this power: see `parseExactTime`. */
  readonly timeExponent: number;
  #hasBase = false;
  #baseMicros = 0;
  /** Start of the event last read, ns. */
  startNs = 0;
  /** End of the event last read by `readEnd`, ns. */
  endNs = 0;
  /** The exact start of the event last read went back behind that of the one before. */
  wentBack = false;
  #nanos = -Infinity;
  #remainder = 0;

  /** `baseMicros`: time 0; null for that of the first event. */
  constructor(timeExponent = 0, baseMicros: number | null = null) {
    this.timeExponent = timeExponent;
    if (baseMicros === null) return;
    this.#hasBase = true;
    this.#baseMicros = baseMicros;
  }

  /** Time 0 of all times, on the clock of the file. */
  get baseClockNs(): bigint {
    return BigInt(this.#baseMicros) * 1000n;
  }

  /** Null before the first event with a time. */
  get baseMicros(): number | null {
    return this.#hasBase ? this.#baseMicros : null;
  }

  /** Exact start of the event last read: ns since the base and a rest, see `ExactTime`. */
  get lastNanos(): number {
    return this.#nanos;
  }

  get lastRemainder(): number {
    return this.#remainder;
  }

  /** Events up to one that starts at `nanos` were read elsewhere. */
  passTo(nanos: number): void {
    this.#nanos = nanos;
    this.#remainder = 0;
    this.startNs = nanos;
  }

  readStart(fields: EventFields): TimeOutcome {
    const state = fields.timeStates[TimeSlot.ts];
    if (state !== FieldState.number) return state === FieldState.outOfRange ? TimeOutcome.outOfRange : TimeOutcome.bad;
    const times = fields.times;
    if (!this.#hasBase) {
      this.#hasBase = true;
      this.#baseMicros = times[0] + 0;
    }
    const micros = times[0] - this.#baseMicros;
    if (micros > maxMicros || micros < -maxMicros) return TimeOutcome.outOfRange;
    const nanos = micros * 1000 + times[1] + 0;
    const remainder = times[2];
    this.wentBack = nanos < this.#nanos || (nanos === this.#nanos && remainder < this.#remainder);
    this.#nanos = nanos;
    this.#remainder = remainder;
    if (remainder === 0) {
      this.startNs = nanos;
      return TimeOutcome.ok;
    }
    this.startNs = roundHalfEven(nanos, remainder);
    return TimeOutcome.rounded;
  }

  /** As `readStart`, of a time without digits below 1 ns. */
  readWholeStart(wholeMicros: number, wholeNanos: number): TimeOutcome {
    if (!this.#hasBase) {
      this.#hasBase = true;
      this.#baseMicros = wholeMicros + 0;
    }
    const micros = wholeMicros - this.#baseMicros;
    if (micros > maxMicros || micros < -maxMicros) return TimeOutcome.outOfRange;
    const nanos = micros * 1000 + wholeNanos + 0;
    this.wentBack = nanos < this.#nanos || (nanos === this.#nanos && this.#remainder > 0);
    this.#nanos = nanos;
    this.#remainder = 0;
    this.startNs = nanos;
    return TimeOutcome.ok;
  }

  /** As `readEnd`, after `readWholeStart`. */
  readWholeEnd(micros: number, nanos: number): TimeOutcome {
    if (micros > maxMicros || micros < -maxMicros) return TimeOutcome.outOfRange;
    this.endNs = this.#nanos + (micros * 1000 + nanos);
    return TimeOutcome.ok;
  }

  /** To be called after `readStart` and only for events with `dur`: the end is added exactly, then rounded. */
  readEnd(fields: EventFields): TimeOutcome {
    const state = fields.timeStates[TimeSlot.dur];
    if (state !== FieldState.number) return state === FieldState.outOfRange ? TimeOutcome.outOfRange : TimeOutcome.bad;
    const times = fields.times;
    const micros = times[3];
    if (micros > maxMicros || micros < -maxMicros) return TimeOutcome.outOfRange;
    let nanos = this.#nanos + (micros * 1000 + times[4]);
    let remainder = this.#remainder + times[5];
    if (remainder === 0) {
      this.endNs = nanos;
      return TimeOutcome.ok;
    }
    if (remainder >= remainderScale) {
      remainder -= remainderScale;
      nanos++;
    }
    this.endNs = roundHalfEven(nanos, remainder);
    return TimeOutcome.rounded;
  }

  /** Ns since the base of another exact time of the file. */
  toNs(micros: number, nanos: number, remainder: number): number {
    if (!this.#hasBase) {
      this.#hasBase = true;
      this.#baseMicros = micros + 0;
    }
    return roundHalfEven((micros - this.#baseMicros) * 1000 + nanos, remainder) + 0;
  }
}
