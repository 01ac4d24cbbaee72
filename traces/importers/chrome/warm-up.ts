import type { NameTable } from "./name-table.ts";

/** The first span of one category is a warm-up: mostly compilation. */
export class WarmUp {
  readonly #names: NameTable;
  #category: string | null;

  /** `category`: null when the tool has no such category. */
  constructor(category: string | null, names: NameTable) {
    this.#category = category;
    this.#names = names;
  }

  /** False once that span was met. */
  get isAwaited(): boolean {
    return this.#category !== null;
  }

  /** Whether a span of this category (its number in `NameTable`) is the one; true once. */
  isMetBy(categoryName: number): boolean {
    if (this.#category === null || this.#names.text(categoryName) !== this.#category) return false;
    this.#category = null;
    return true;
  }
}
