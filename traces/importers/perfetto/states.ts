import { NumberList, stableOrder } from "../chrome/growable.ts";

/** Changes of the state of a track, in file order: each lasts until the next. */
export class StateEvents {
  readonly #timeNs = new NumberList();
  /** StringId; -1 ends the state without a new one. */
  readonly #name = new NumberList();
  readonly #category = new NumberList();
  readonly #offset = new NumberList();

  add(timeNs: number, name: number, category: number, offset: number): void {
    this.#timeNs.push(timeNs);
    this.#name.push(name);
    this.#category.push(category);
    this.#offset.push(offset);
  }

  /** Calls `visit` for each state in order of time; `durationNs` is null for the last one. */
  forEach(
    visit: (name: number, startNs: number, durationNs: number | null, category: number, offset: number) => void,
  ): void {
    const order = stableOrder(this.#timeNs.view());
    const at = (position: number): number => (order === null ? position : order[position]);
    for (let position = 0; position < this.#timeNs.length; position++) {
      const event = at(position);
      const startNs = this.#timeNs.at(event);
      const isLast = position + 1 === this.#timeNs.length;
      const durationNs = isLast ? null : this.#timeNs.at(at(position + 1)) - startNs;
      visit(this.#name.at(event), startNs, durationNs, this.#category.at(event), this.#offset.at(event));
    }
  }
}
