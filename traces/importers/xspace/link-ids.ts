/** Links of the trace are 32 bits wide; plain ids stay as they are below this, all others are numbered from it. */
const oddBase = 2 ** 31;

/** Correlation ids: those of different hosts have nothing in common. */
export class LinkIds {
  readonly #odd = new Map<string, number>();

  /** 0 for none. */
  find(host: number, id: number | bigint): number {
    if (host === 0 && typeof id === "number" && id >= 0 && id < oddBase) return id;
    if (id === 0) return 0;
    const key = `${host} ${id}`;
    let link = this.#odd.get(key);
    if (link === undefined) {
      link = oddBase + this.#odd.size;
      this.#odd.set(key, link);
    }
    return link;
  }
}
