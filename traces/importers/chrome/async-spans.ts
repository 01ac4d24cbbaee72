import type { TraceBuilder } from "../../model/trace-builder.ts";
import { type EventFields, FieldState, hasArguments, IdentitySlot } from "../json-scan/event-fields.ts";
import { objectOf, parseJson, textOf } from "../json-scan/json-value.ts";
import { AsyncPairs, type AsyncRole, asyncSortIndex } from "./async-pairs.ts";
import type { Tally } from "./tally.ts";
import type { ProcessState, Tracks } from "./tracks.ts";

/** Collects asynchronous events (b n e, and the old S T p F) and makes spans of them when the file is read. */
export class AsyncSpans {
  readonly #builder: TraceBuilder;
  readonly #tracks: Tracks;
  readonly #pairs: AsyncPairs;

  constructor(builder: TraceBuilder, tracks: Tracks) {
    this.#builder = builder;
    this.#tracks = tracks;
    this.#pairs = new AsyncPairs(builder);
  }

  /** False when the event lacks what tells whose it is: an id, and for b, n, e without `id2` a category. */
  add(
    fields: EventFields,
    bytes: Uint8Array,
    role: AsyncRole,
    nestable: boolean,
    timeNs: number,
    name: number,
    category: number,
    categoryText: string,
  ): boolean {
    const process = this.#tracks.processOf(fields);
    const key = this.#keyText(fields, bytes, nestable, process, categoryText);
    if (key === null) return false;
    const { offset } = fields;
    this.#pairs.add(
      { timeNs, role, key, name, category, offset, endHasArguments: hasArguments(fields) },
      `${process.pid} ${categoryText}`,
      () =>
        this.#builder.addTrack({
          kind: "async",
          name: categoryText === "" ? "async" : `async ${categoryText}`,
          detail: categoryText,
          parent: this.#tracks.processTrack(process),
          sortIndex: asyncSortIndex,
        }),
    );
    return true;
  }

  /** Adds all spans and steps to the builder. */
  finish(openEnded: Tally): void {
    this.#pairs.finish(openEnded);
  }

  #keyText(
    fields: EventFields,
    bytes: Uint8Array,
    nestable: boolean,
    process: ProcessState,
    category: string,
  ): string | null {
    const scope =
      fields.identityStates[IdentitySlot.scope] === FieldState.absent
        ? ""
        : this.#tracks.textOf(fields.identities[IdentitySlot.scope]);
    if (fields.id2End > 0) {
      const id2 = objectOf(parseJson(bytes, fields.id2Start, fields.id2End));
      const local = textOf(id2?.get("local"));
      const global = textOf(id2?.get("global"));
      if (local !== null) return `local ${process.pid} ${scope} ${category} ${local}`;
      if (global !== null) return `global ${scope} ${category} ${global}`;
    }
    if (fields.identityStates[IdentitySlot.id] === FieldState.absent) return null;
    const id = this.#tracks.textOf(fields.identities[IdentitySlot.id]);
    if (id === "" || (nestable && fields.category < 0)) return null;
    return nestable ? `id ${scope} ${category} ${id}` : `old ${fields.name} ${category} ${id}`;
  }
}
