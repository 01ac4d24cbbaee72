import type { StringId, TrackId } from "../../model/ids.ts";
import { SpanKind } from "../../model/span-kind.ts";
import type { TraceBuilder } from "../../model/trace-builder.ts";
import { FreeLanes } from "./free-lanes.ts";
import { NumberList, stableOrder } from "./growable.ts";
import { noBegin, OpenBegins } from "./open-begins.ts";
import type { Tally } from "./tally.ts";

export const AsyncRole = { begin: 0, step: 1, end: 2 } as const;
export type AsyncRole = (typeof AsyncRole)[keyof typeof AsyncRole];

/** Asynchronous work comes below the threads of its process, above the counters. */
export const asyncSortIndex: number = 2 ** 30;
const maxLanes = 0xffff;
const noName = -1;
/** In the list of roles only. */
const endWithArguments = 3;
const noEnd = -1;

/** One asynchronous event. */
export interface AsyncEvent {
  readonly timeNs: number;
  readonly role: AsyncRole;
  /** Events of equal key belong together. */
  readonly key: string;
  /** StringId; -1 for none. */
  readonly name: number;
  readonly category: number;
  readonly offset: number;
  /** An end has arguments of its own. */
  readonly endHasArguments: boolean;
}

/** Roots of one track with their descendants, to be laid on lanes. */
interface AsyncTree {
  readonly startNs: number;
  endNs: number;
  readonly spans: number[];
  openCount: number;
}

/** Collects asynchronous events and makes spans of them when the file is read: per key they nest like brackets. */
export class AsyncPairs {
  readonly #builder: TraceBuilder;
  readonly #keys = new Map<string, number>();
  readonly #tracksByKey = new Map<string, number>();
  readonly #tracks: TrackId[] = [];
  readonly #timeNs = new NumberList();
  readonly #role = new NumberList();
  readonly #key = new NumberList();
  readonly #name = new NumberList();
  readonly #category = new NumberList();
  readonly #track = new NumberList();
  readonly #offset = new NumberList();

  constructor(builder: TraceBuilder) {
    this.#builder = builder;
  }

  /** Events with equal `trackKey` are shown on one track, which `makeTrack` adds for the first of them. */
  add(event: AsyncEvent, trackKey: string, makeTrack: () => TrackId): void {
    this.#timeNs.push(event.timeNs);
    this.#role.push(event.role === AsyncRole.end && event.endHasArguments ? endWithArguments : event.role);
    this.#key.push(this.#keyNumber(event.key));
    this.#name.push(event.name);
    this.#category.push(event.category);
    this.#track.push(this.#trackNumber(trackKey, makeTrack));
    this.#offset.push(event.offset);
  }

  #keyNumber(key: string): number {
    let number = this.#keys.get(key);
    if (number === undefined) {
      number = this.#keys.size;
      this.#keys.set(key, number);
    }
    return number;
  }

  #trackNumber(key: string, makeTrack: () => TrackId): number {
    let number = this.#tracksByKey.get(key);
    if (number === undefined) {
      number = this.#tracks.push(makeTrack()) - 1;
      this.#tracksByKey.set(key, number);
    }
    return number;
  }

  /** Adds all spans and steps to the builder. */
  finish(openEnded: Tally): void {
    const order = stableOrder(this.#timeNs.view());
    const ends = new Int32Array(this.#timeNs.length).fill(noEnd);
    const trees: AsyncTree[][] = this.#tracks.map(() => []);
    const open = new OpenBegins(this.#timeNs.length);
    const treeOfKey = new Map<number, AsyncTree>();
    for (let position = 0; position < this.#timeNs.length; position++) {
      const event = order === null ? position : order[position];
      const role = this.#role.at(event);
      if (role === AsyncRole.step) this.#addStep(event);
      else if (role === AsyncRole.begin) this.#begin(event, open, treeOfKey, trees);
      else this.#end(event, open, treeOfKey, ends);
    }
    for (let track = 0; track < trees.length; track++) this.#layOut(this.#tracks[track], trees[track], ends, openEnded);
  }

  #addStep(event: number): void {
    const track = this.#tracks[this.#track.at(event)];
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
