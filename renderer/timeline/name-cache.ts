/** Names that the engine told, by id; asks for unknown ones in batches, one batch at a time. */
export class NameCache {
  readonly #names = new Map<number, string>();
  readonly #ask: (ids: readonly number[]) => Promise<readonly string[]>;
  readonly #onNames: () => void;
  #missing = new Set<number>();
  #asking = false;

  constructor(ask: (ids: readonly number[]) => Promise<readonly string[]>, onNames: () => void) {
    this.#ask = ask;
    this.#onNames = onNames;
  }

  /** The name, or undefined while the engine is asked. */
  readonly get = (id: number): string | undefined => {
    const name = this.#names.get(id);
    if (name === undefined) this.#missing.add(id);
    return name;
  };

  /** How many names are known. */
  get count(): number {
    return this.#names.size;
  }

  /** Asks for what `get` missed since the last time. Rejects as the engine does; what failed is asked again the next time. */
  async fetchMissing(): Promise<void> {
    if (this.#asking || this.#missing.size === 0) return;
    const ids = [...this.#missing];
    this.#missing = new Set();
    this.#asking = true;
    try {
      const names = await this.#ask(ids);
      ids.forEach((id, index) => this.#names.set(id, names[index] ?? ""));
      this.#onNames();
    } catch (error) {
      for (const id of ids) this.#missing.add(id);
      throw error;
    } finally {
      this.#asking = false;
    }
  }
}
