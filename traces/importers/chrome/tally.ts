import type { LedgerBook } from "../../model/trace-builder.ts";

/** A note that may come once per event: counts here, tells the ledger the first three places at once and the rest in bulk. */
export class Tally {
  readonly #ledger: LedgerBook;
  readonly #code: string;
  readonly #message: string;
  readonly #level: "info" | "warning";
  #told = 0;
  #pending = 0;

  constructor(ledger: LedgerBook, code: string, message: string, level: "info" | "warning") {
    this.#ledger = ledger;
    this.#code = code;
    this.#message = message;
    this.#level = level;
  }

  add(byteOffset: number): void {
    if (this.#told < 3) {
      this.#told++;
      this.#ledger.note(this.#code, this.#message, byteOffset, 1, this.#level);
    } else this.#pending++;
  }

  /** The first places were told: more are only counted. */
  get hasTold(): boolean {
    return this.#told === 3;
  }

  /** Counts events whose places nobody needs: see `hasTold`. */
  addUntold(count: number): void {
    this.#pending += count;
  }

  flush(): void {
    if (this.#pending > 0) this.#ledger.note(this.#code, this.#message, -1, this.#pending, this.#level);
    this.#pending = 0;
  }
}
