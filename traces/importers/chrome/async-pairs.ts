import type { StringId, TrackId } from "../../model/ids.ts";
import { SpanKind } from "../../model/span-kind.ts";
import type { TraceBuilder } from "../../model/trace-builder.ts";
import { FreeLanes } from "../../model/free-lanes.ts";
import { IntegerList, NumberList, stableOrder } from "./growable.ts";
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
  /** Events of equal key belong together. Keys are numbered from 0, with few gaps. */
  readonly key: number;
  /** From `AsyncPairs.track`. */
  readonly track: number;
  /** StringId; -1 for none. */
  readonly name: number;
  readonly category: number;
  readonly offset: number;
  /** An end has arguments of its own. */
  readonly endHasArguments: boolean;
}

/** Spans of one key that nest in each other, to be laid on one lane: columns, since every span may be alone. */
class AsyncTrees {
  readonly startNs = new NumberList();
  readonly endNs = new NumberList();
  readonly openCount = new IntegerList();
  readonly #first = new IntegerList();
  readonly #last = new IntegerList();
  readonly #next: Int32Array;

  /** `count`: events are numbers below it. */
  constructor(count: number) {
    this.#next = new Int32Array(count).fill(noEvent);
  }

  get length(): number {
    return this.startNs.length;
  }

  start(timeNs: number): number {
    this.startNs.push(timeNs);
    this.endNs.push(timeNs);
    this.openCount.push(0);
    this.#first.push(noEvent);
    this.#last.push(noEvent);
    return this.length - 1;
  }

  addBegin(tree: number, event: number): void {
    const last = this.#last.at(tree);
    if (last === noEvent) this.#first.set(tree, event);
    else this.#next[last] = event;
    this.#last.set(tree, event);
    this.openCount.set(tree, this.openCount.at(tree) + 1);
  }

  end(tree: number, timeNs: number): void {
    this.endNs.set(tree, Math.max(this.endNs.at(tree), timeNs));
    this.openCount.set(tree, this.openCount.at(tree) - 1);
  }

  /** Begins of a tree: the first, then from one to the next; `noEvent` behind the last. */
  firstOf(tree: number): number {
    return this.#first.at(tree);
  }

  nextOf(event: number): number {
    return this.#next[event];
  }
}

const noEvent = -1;
const noTree = -1;

/** Collects asynchronous events and makes spans of them when the file is read: per key they nest like brackets. */
export class AsyncPairs {
  readonly #builder: TraceBuilder;
  #keyCount = 0;
  readonly #tracksByKey = new Map<number, number>();
  readonly #tracks: TrackId[] = [];
  readonly #timeNs = new NumberList();
  readonly #role = new IntegerList();
  readonly #key = new IntegerList();
  readonly #name = new IntegerList();
  readonly #category = new IntegerList();
  readonly #track = new IntegerList();
  readonly #offset = new NumberList();

  constructor(builder: TraceBuilder) {
    this.#builder = builder;
  }

  add(event: AsyncEvent): void {
    this.#timeNs.push(event.timeNs);
    this.#role.push(event.role === AsyncRole.end && event.endHasArguments ? endWithArguments : event.role);
    this.#key.push(event.key);
    if (event.key >= this.#keyCount) this.#keyCount = event.key + 1;
    this.#name.push(event.name);
    this.#category.push(event.category);
    this.#track.push(event.track);
    this.#offset.push(event.offset);
  }

  /** Number of the track on which events with equal `key` are shown; `makeTrack` adds it for the first of them. */
  track(key: number, makeTrack: () => TrackId): number {
    let number = this.#tracksByKey.get(key);
    if (number === undefined) {
      number = this.#tracks.push(makeTrack()) - 1;
      this.#tracksByKey.set(key, number);
    }
    return number;
  }

  /** Adds all spans and steps to the builder. */
  finish(openEnded: Tally): void {
    const count = this.#timeNs.length;
    const order = stableOrder(this.#timeNs.view());
    const ends = new Int32Array(count).fill(noEnd);
    const trees = new AsyncTrees(count);
    const open = new OpenBegins(count, this.#keyCount);
    const treeOfKey = new Int32Array(this.#keyCount).fill(noTree);
    for (let position = 0; position < count; position++) {
      const event = order === null ? position : order[position];
      const role = this.#role.at(event);
      if (role === AsyncRole.step) this.#addStep(event);
      else if (role === AsyncRole.begin) this.#begin(event, open, treeOfKey, trees);
      else this.#end(event, open, treeOfKey, trees, ends);
    }
    this.#layOut(trees, ends, openEnded);
  }

  #addStep(event: number): void {
    const track = this.#tracks[this.#track.at(event)];
    const name = Math.max(0, this.#name.at(event)) as StringId;
    this.#builder.addInstant(track, this.#timeNs.at(event), name, this.#category.at(event), 0, this.#offset.at(event));
  }

  #begin(event: number, open: OpenBegins, treeOfKey: Int32Array, trees: AsyncTrees): void {
    const key = this.#key.at(event);
    if (treeOfKey[key] === noTree || open.innermost(key) === noBegin)
      treeOfKey[key] = trees.start(this.#timeNs.at(event));
    trees.addBegin(treeOfKey[key], event);
    open.add(event, key, this.#name.at(event));
  }

  #end(event: number, open: OpenBegins, treeOfKey: Int32Array, trees: AsyncTrees, ends: Int32Array): void {
    const key = this.#key.at(event);
    const name = this.#name.at(event);
    // Old events share their name through the key; a nestable end closes the nearest begin of its name.
    const begin = name === noName ? open.innermost(key) : open.innermostOfName(key, name);
    if (begin === noBegin) {
      this.#builder.ledger.dropped("asyncEndUnmatched", "asynchronous ends without a begin", this.#offset.at(event));
      return;
    }
    open.remove(begin, key);
    ends[begin] = event;
    trees.end(treeOfKey[key], this.#timeNs.at(event));
    this.#builder.ledger.foldedIn();
  }

  /** Trees keep together: one lane each, the first of their track that is free. */
  #layOut(trees: AsyncTrees, ends: Int32Array, openEnded: Tally): void {
    const lanesOfTrack = this.#tracks.map(() => new FreeLanes(0));
    for (let tree = 0; tree < trees.length; tree++) {
      const track = this.#track.at(trees.firstOf(tree));
      const endNs = trees.openCount.at(tree) > 0 ? Infinity : trees.endNs.at(tree);
      const lane = Math.min(maxLanes, lanesOfTrack[track].take(trees.startNs.at(tree), endNs));
      for (let event = trees.firstOf(tree); event !== noEvent; event = trees.nextOf(event))
        this.#addSpan(event, this.#tracks[track], lane, ends[event], openEnded);
    }
  }

  #addSpan(event: number, track: TrackId, lane: number, end: number, openEnded: Tally): void {
    const startNs = this.#timeNs.at(event);
    if (end === noEnd) openEnded.add(this.#offset.at(event));
    this.#builder.addSpan(
      track,
      startNs,
      end === noEnd ? 0 : this.#timeNs.at(end) - startNs,
      Math.max(0, this.#name.at(event)) as StringId,
      SpanKind.other,
      this.#category.at(event),
      this.#offset.at(event),
      end !== noEnd && this.#role.at(end) === endWithArguments
        ? { lane, openEnded: false, endSource: this.#offset.at(end) }
        : { lane, openEnded: end === noEnd },
    );
  }
}
