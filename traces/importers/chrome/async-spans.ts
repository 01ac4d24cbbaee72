import type { StringId, TrackId } from "../../model/ids.ts";
import { SpanKind } from "../../model/span-kind.ts";
import type { TraceBuilder } from "../../model/trace-builder.ts";
import { type EventFields, FieldState, hasArguments, IdentitySlot } from "../json-scan/event-fields.ts";
import { objectOf, parseJson, textOf } from "../json-scan/json-value.ts";
import { FreeLanes } from "./free-lanes.ts";
import { NumberList, stableOrder } from "./growable.ts";
import { noBegin, OpenBegins } from "./open-begins.ts";
import type { Tally } from "./tally.ts";
import type { ProcessState, Tracks } from "./tracks.ts";

export const AsyncRole = { begin: 0, step: 1, end: 2 } as const;
export type AsyncRole = (typeof AsyncRole)[keyof typeof AsyncRole];

/** Asynchronous work comes below the threads of its process, above the counters. */
const asyncSortIndex = 2 ** 30;
const maxLanes = 0xffff;
const noName = -1;
/** In the list of roles only. */
const endWithArguments = 3;
const noEnd = -1;

/** Roots of one track with their descendants, to be laid on lanes. */
interface AsyncTree {
  readonly startNs: number;
  endNs: number;
  readonly spans: number[];
  openCount: number;
}

/** Collects asynchronous events (b n e, and the old S T p F) and makes spans of them when the file is read. */
export class AsyncSpans {
  readonly #builder: TraceBuilder;
  readonly #tracks: Tracks;
  readonly #keys = new Map<string, number>();
  readonly #lanes = new Map<string, number>();
  readonly #laneTracks: TrackId[] = [];
  readonly #timeNs = new NumberList();
  readonly #role = new NumberList();
  readonly #key = new NumberList();
  readonly #name = new NumberList();
  readonly #category = new NumberList();
  readonly #track = new NumberList();
  readonly #offset = new NumberList();

  constructor(builder: TraceBuilder, tracks: Tracks) {
    this.#builder = builder;
    this.#tracks = tracks;
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
    this.#timeNs.push(timeNs);
    this.#role.push(role === AsyncRole.end && hasArguments(fields) ? endWithArguments : role);
    this.#key.push(this.#keyNumber(key));
    this.#name.push(name);
    this.#category.push(category);
    this.#track.push(this.#trackOf(process, categoryText));
    this.#offset.push(fields.offset);
    return true;
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

  #keyNumber(key: string): number {
    let number = this.#keys.get(key);
    if (number === undefined) {
      number = this.#keys.size;
      this.#keys.set(key, number);
    }
    return number;
  }

  #trackOf(process: ProcessState, category: string): number {
    const key = `${process.pid} ${category}`;
    let index = this.#lanes.get(key);
    if (index === undefined) {
      const parent = this.#tracks.processTrack(process);
      const name = category === "" ? "async" : `async ${category}`;
      index =
        this.#laneTracks.push(
          this.#builder.addTrack({ kind: "async", name, detail: category, parent, sortIndex: asyncSortIndex }),
        ) - 1;
      this.#lanes.set(key, index);
    }
    return index;
  }

  /** Adds all spans and steps to the builder. */
  finish(openEnded: Tally): void {
    const order = stableOrder(this.#timeNs.view());
    const ends = new Int32Array(this.#timeNs.length).fill(noEnd);
    const trees: AsyncTree[][] = this.#laneTracks.map(() => []);
    const open = new OpenBegins(this.#timeNs.length);
    const treeOfKey = new Map<number, AsyncTree>();
    for (let position = 0; position < this.#timeNs.length; position++) {
      const event = order === null ? position : order[position];
      const role = this.#role.at(event);
      if (role === AsyncRole.step) this.#addStep(event);
      else if (role === AsyncRole.begin) this.#begin(event, open, treeOfKey, trees);
      else this.#end(event, open, treeOfKey, ends);
    }
    for (let track = 0; track < trees.length; track++)
      this.#layOut(this.#laneTracks[track], trees[track], ends, openEnded);
  }

  #addStep(event: number): void {
    const track = this.#laneTracks[this.#track.at(event)];
    const name = Math.max(0, this.#name.at(event)) as StringId;
    this.#builder.addInstant(track, this.#timeNs.at(event), name, this.#category.at(event), 0, this.#offset.at(event));
  }

  #begin(event: number, open: OpenBegins, treeOfKey: Map<number, AsyncTree>, trees: AsyncTree[][]): void {
    const key = this.#key.at(event);
    let tree = treeOfKey.get(key);
    if (tree === undefined || open.innermost(key) === noBegin) {
      const startNs = this.#timeNs.at(event);
      tree = { startNs, endNs: startNs, spans: [], openCount: 0 };
      treeOfKey.set(key, tree);
      trees[this.#track.at(event)].push(tree);
    }
    tree.spans.push(event);
    tree.openCount++;
    open.add(event, key, this.#name.at(event));
  }

  #end(event: number, open: OpenBegins, treeOfKey: ReadonlyMap<number, AsyncTree>, ends: Int32Array): void {
    const key = this.#key.at(event);
    const name = this.#name.at(event);
    const tree = treeOfKey.get(key);
    // Old events share their name through the key; a nestable end closes the nearest begin of its name.
    const begin = name === noName ? open.innermost(key) : open.innermostOfName(key, name);
    if (tree === undefined || begin === noBegin) {
      this.#builder.ledger.dropped("asyncEndUnmatched", "asynchronous ends without a begin", this.#offset.at(event));
      return;
    }
    open.remove(begin, key, this.#name.at(begin));
    ends[begin] = event;
    tree.endNs = Math.max(tree.endNs, this.#timeNs.at(event));
    tree.openCount--;
    this.#builder.ledger.foldedIn();
  }

  /** Trees keep together: one lane each, the first that is free. */
  #layOut(track: TrackId, trees: readonly AsyncTree[], ends: Int32Array, openEnded: Tally): void {
    const lanes = new FreeLanes();
    for (const tree of trees) {
      const lane = Math.min(maxLanes, lanes.take(tree.startNs, tree.openCount > 0 ? Infinity : tree.endNs));
      for (const event of tree.spans) {
        const startNs = this.#timeNs.at(event);
        const end = ends[event];
        if (end === noEnd) openEnded.add(this.#offset.at(event));
        const name = Math.max(0, this.#name.at(event)) as StringId;
        const duration = end === noEnd ? 0 : this.#timeNs.at(end) - startNs;
        this.#builder.addSpan(
          track,
          startNs,
          duration,
          name,
          SpanKind.other,
          this.#category.at(event),
          this.#offset.at(event),
          {
            lane,
            openEnded: end === noEnd,
            ...(end !== noEnd && this.#role.at(end) === endWithArguments && { endSource: this.#offset.at(end) }),
          },
        );
      }
    }
  }
}
