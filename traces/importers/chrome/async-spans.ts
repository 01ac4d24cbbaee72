import { TextNumbers } from "../../model/text-numbers.ts";
import type { TraceBuilder } from "../../model/trace-builder.ts";
import {
  type EventFields,
  FieldState,
  hasArguments,
  IdentitySlot,
  textIdentityBase,
} from "../json-scan/event-fields.ts";
import { objectOf, parseJson, textOf } from "../json-scan/json-value.ts";
import { type AsyncEvent, AsyncPairs, AsyncRole, asyncSortIndex } from "./async-pairs.ts";
import { ChainNumbers } from "./chain-numbers.ts";
import type { Tally } from "./tally.ts";
import type { ProcessState, Tracks } from "./tracks.ts";

/** What a chain of numbers is about. */
const Chain = { local: -1, global: -2, nestable: -3, old: -4, track: -5 } as const;
/** No identity. */
const noScope = 2 ** 53;
const noKey = -1;

type Writable<T> = { -readonly [K in keyof T]: T[K] };

/** Collects asynchronous events (b n e, and the old S T p F) and makes spans of them when the file is read. */
export class AsyncSpans {
  readonly #builder: TraceBuilder;
  readonly #tracks: Tracks;
  readonly #pairs: AsyncPairs;
  readonly #numbers = new ChainNumbers();
  readonly #localIds = new TextNumbers();
  /** One for all events: `AsyncPairs` keeps its values only. */
  readonly #event: Writable<AsyncEvent> = {
    timeNs: 0,
    role: AsyncRole.begin,
    key: 0,
    track: 0,
    name: 0,
    category: 0,
    offset: 0,
    endHasArguments: false,
  };
  #lastTrack: { readonly process: ProcessState | null; readonly category: number; readonly track: number } = {
    process: null,
    category: 0,
    track: 0,
  };

  #lastFamily = { chain: 0, value: 0, category: 0, number: 0 };

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
    const key = this.#keyOf(fields, bytes, nestable, process);
    if (key === noKey) return false;
    const event = this.#event;
    event.timeNs = timeNs;
    event.role = role;
    event.key = key;
    event.track = this.#trackOf(process, fields.category, categoryText);
    event.name = name;
    event.category = category;
    event.offset = fields.offset;
    event.endHasArguments = hasArguments(fields);
    this.#pairs.add(event);
    return true;
  }

  /** One track for each process and category. */
  #trackOf(process: ProcessState, category: number, categoryText: string): number {
    const last = this.#lastTrack;
    if (last.process === process && last.category === category) return last.track;
    const key = this.#numbers.of(this.#numbers.of(Chain.track, process.pid), category);
    const track = this.#pairs.track(key, () =>
      this.#builder.addTrack({
        kind: "async",
        name: categoryText === "" ? "async" : `async ${categoryText}`,
        detail: categoryText,
        parent: this.#tracks.processTrack(process),
        sortIndex: asyncSortIndex,
      }),
    );
    this.#lastTrack = { process, category, track };
    return track;
  }

  /** Adds all spans and steps to the builder. */
  finish(openEnded: Tally): void {
    this.#pairs.finish(openEnded);
  }

  #keyOf(fields: EventFields, bytes: Uint8Array, nestable: boolean, process: ProcessState): number {
    const { category } = fields;
    const scope = this.#scopeOf(fields);
    const numbers = this.#numbers;
    if (fields.id2End > 0) {
      const id2 = objectOf(parseJson(bytes, fields.id2Start, fields.id2End));
      const local = textOf(id2?.get("local"));
      const global = textOf(id2?.get("global"));
      if (local !== null) {
        const ofProcess = numbers.of(Chain.local, process.pid);
        return numbers.of(numbers.of(numbers.of(ofProcess, scope), category), this.#localIds.of(local));
      }
      if (global !== null)
        return numbers.of(numbers.of(numbers.of(Chain.global, scope), category), this.#localIds.of(global));
    }
    if (fields.identityStates[IdentitySlot.id] === FieldState.absent || (nestable && category < 0)) return noKey;
    const id = this.#idOf(fields.identities[IdentitySlot.id]);
    if (id === null) return noKey;
    const family = nestable
      ? this.#familyOf(Chain.nestable, scope, category)
      : this.#familyOf(Chain.old, fields.name, category);
    return numbers.of(family, id);
  }

  /** Number of what all ids of one kind, scope or name, and category have in common: mostly that of the event before. */
  #familyOf(chain: number, value: number, category: number): number {
    const last = this.#lastFamily;
    if (last.chain !== chain || last.value !== value || last.category !== category) {
      const numbers = this.#numbers;
      this.#lastFamily = { chain, value, category, number: numbers.of(numbers.of(chain, value), category) };
    }
    return this.#lastFamily.number;
  }

  #scopeOf(fields: EventFields): number {
    if (fields.identityStates[IdentitySlot.scope] === FieldState.absent) return noScope;
    return this.#idOf(fields.identities[IdentitySlot.scope]) ?? noScope;
  }

  /** An identity, the same for a number and for its text; null for an empty text. */
  #idOf(identity: number): number | null {
    if (identity > textIdentityBase) return identity;
    const text = this.#tracks.textOf(identity);
    if (text === "") return null;
    // Shorter ones are numbers already.
    return text.length > 15 && String(Number(text)) === text && Number.isSafeInteger(Number(text))
      ? Number(text)
      : identity;
  }
}
