import type { MeasurementLedger } from "../../measure/measurement.ts";

/** Counts what becomes of the numbers of a file. */
export class NumberBook {
  #values = 0;
  #warmups = 0;
  #statistics = 0;
  #facts = 0;
  readonly #leftOut = new Map<string, number>();
  readonly #notes = new Set<string>();

  value(count = 1): void {
    this.#values += count;
  }

  warmup(count = 1): void {
    this.#warmups += count;
  }

  statistic(count = 1): void {
    this.#statistics += count;
  }

  fact(count = 1): void {
    this.#facts += count;
  }

  leftOut(reason: string, count = 1): void {
    if (count > 0) this.#leftOut.set(reason, (this.#leftOut.get(reason) ?? 0) + count);
  }

  note(text: string): void {
    this.#notes.add(text);
  }

  /** `numbersRead`: all numbers of the file, counted by itself; what no reader spoke of is told, not hidden. */
  close(numbersRead: number): MeasurementLedger {
    const told = this.#values + this.#warmups + this.#statistics + this.#facts + sumOf(this.#leftOut.values());
    this.leftOut("numbers that this reader does not know", numbersRead - told);
    return {
      numbersRead,
      values: this.#values,
      warmups: this.#warmups,
      statistics: this.#statistics,
      facts: this.#facts,
      leftOut: [...this.#leftOut].map(([reason, count]) => ({ reason, count })),
      notes: [...this.#notes],
    };
  }
}

/** All numbers of a JSON value, however deep. */
export function countNumbers(root: unknown): number {
  let count = 0;
  const waiting: unknown[] = [root];
  while (waiting.length > 0) {
    const value = waiting.pop();
    if (typeof value === "number") count++;
    else if (typeof value === "object" && value !== null) for (const item of Object.values(value)) waiting.push(item);
  }
  return count;
}

function sumOf(values: Iterable<number>): number {
  let sum = 0;
  for (const value of values) sum += value;
  return sum;
}
