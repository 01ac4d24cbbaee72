import type { StringId, TrackId } from "../../model/ids.ts";
import { SpanKind } from "../../model/span-kind.ts";
import type { TraceBuilder } from "../../model/trace-builder.ts";
import { FreeLanes } from "../../model/free-lanes.ts";
import { stableOrder } from "./growable.ts";
import { noBegin, OpenBegins } from "./open-begins.ts";
import type { Tally } from "./tally.ts";

export const AsyncRole = { begin: 0, step: 1, end: 2 } as const;
export type AsyncRole = (typeof AsyncRole)[keyof typeof AsyncRole];

/** Asynchronous work comes below the threads of its process, above the counters. */
export const asyncSortIndex: number = 2 ** 30;
const maxLanes = 0xffff;
const noName = -1;
/** In the column of roles only. */
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

/** The events in the order of the file, as columns. They grow fourfold: what is not used takes no memory. */
class AsyncColumns {
  timeNs = new Float64Array(smallest);
  offset = new Float64Array(smallest);
  key = new Int32Array(smallest);
  name = new Int32Array(smallest);
  category = new Int32Array(smallest);
  track = new Int32Array(smallest);
  role = new Uint8Array(smallest);
  length = 0;

  push(event: AsyncEvent): void {
    if (this.length === this.role.length) this.#grow();
    const at = this.length++;
    this.timeNs[at] = event.timeNs;
    this.offset[at] = event.offset;
    this.key[at] = event.key;
    this.name[at] = event.name;
    this.category[at] = event.category;
    this.track[at] = event.track;
    this.role[at] = event.role === AsyncRole.end && event.endHasArguments ? endWithArguments : event.role;
  }

  #grow(): void {
    const size = 4 * this.length;
    this.timeNs = enlarge(this.timeNs, new Float64Array(size));
    this.offset = enlarge(this.offset, new Float64Array(size));
    this.key = enlarge(this.key, new Int32Array(size));
    this.name = enlarge(this.name, new Int32Array(size));
    this.category = enlarge(this.category, new Int32Array(size));
    this.track = enlarge(this.track, new Int32Array(size));
    this.role = enlarge(this.role, new Uint8Array(size));
  }
}

const smallest = 64;

function enlarge<T extends Float64Array | Int32Array | Uint8Array>(values: T, larger: T): T {
  larger.set(values);
  return larger;
}

/**
 * Spans of one key that nest in each other, to be laid on one lane: columns, since every span may be alone. Places in
 * them are taken from the first on; those that no tree needs take no memory.
 */
class AsyncTrees {
  readonly #endNs: Float64Array;
  readonly #openCount: Int32Array;
  readonly #first: Int32Array;
  readonly #last: Int32Array;
  /** By event: the next one + 1. */
  readonly #next: Int32Array;
  length = 0;

  /** `count`: events are numbers below it. */
  constructor(count: number) {
    this.#endNs = new Float64Array(count);
    this.#openCount = new Int32Array(count);
    this.#first = new Int32Array(count);
    this.#last = new Int32Array(count);
    this.#next = new Int32Array(count);
  }

  start(event: number, timeNs: number): number {
    const tree = this.length++;
    this.#endNs[tree] = timeNs;
    this.#openCount[tree] = 1;
    this.#first[tree] = event;
    this.#last[tree] = event;
    return tree;
  }

  addBegin(tree: number, event: number): void {
    this.#next[this.#last[tree]] = event + 1;
    this.#last[tree] = event;
    this.#openCount[tree]++;
  }

  end(tree: number, timeNs: number): void {
    if (timeNs > this.#endNs[tree]) this.#endNs[tree] = timeNs;
    this.#openCount[tree]--;
  }

  /** Infinity while something of it is open. */
  endNsOf(tree: number): number {
    return this.#openCount[tree] > 0 ? Infinity : this.#endNs[tree];
  }

  /** Begins of a tree: the first, then from one to the next; `noEvent` behind the last. */
  firstOf(tree: number): number {
    return this.#first[tree];
  }

  nextOf(event: number): number {
    return this.#next[event] - 1;
  }
}

const noEvent = -1;

/** Collects asynchronous events and makes spans of them when the file is read: per key they nest like brackets. */
export class AsyncPairs {
  readonly #builder: TraceBuilder;
  #keyCount = 0;
  readonly #tracksByKey = new Map<number, number>();
  readonly #tracks: TrackId[] = [];
  readonly #events = new AsyncColumns();

  constructor(builder: TraceBuilder) {
    this.#builder = builder;
  }

  add(event: AsyncEvent): void {
    this.#events.push(event);
    if (event.key >= this.#keyCount) this.#keyCount = event.key + 1;
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
    const { length: count, timeNs, role } = this.#events;
    const order = stableOrder(timeNs.subarray(0, count));
    const ends = new Int32Array(count);
    const trees = new AsyncTrees(count);
    const open = new OpenBegins(count, this.#keyCount);
    /** By key: that of its last begin. */
    const treeOfKey = new Int32Array(this.#keyCount);
    for (let position = 0; position < count; position++) {
      const event = order === null ? position : order[position];
      if (role[event] === AsyncRole.step) this.#addStep(event);
      else if (role[event] === AsyncRole.begin) this.#begin(event, open, treeOfKey, trees);
      else this.#end(event, open, treeOfKey, trees, ends);
    }
    this.#layOut(trees, ends, openEnded);
  }

  #addStep(event: number): void {
    const { track, timeNs, name, category, offset } = this.#events;
    this.#builder.addInstant(
      this.#tracks[track[event]],
      timeNs[event],
      Math.max(0, name[event]) as StringId,
      category[event],
      0,
      offset[event],
    );
  }

  #begin(event: number, open: OpenBegins, treeOfKey: Int32Array, trees: AsyncTrees): void {
    const { key, timeNs, name } = this.#events;
    const owner = key[event];
    if (open.innermost(owner) === noBegin) treeOfKey[owner] = trees.start(event, timeNs[event]);
    else trees.addBegin(treeOfKey[owner], event);
    open.add(event, owner, name[event]);
  }

  #end(event: number, open: OpenBegins, treeOfKey: Int32Array, trees: AsyncTrees, ends: Int32Array): void {
    const { key, timeNs, name, offset } = this.#events;
    const owner = key[event];
    // Old events share their name through the key; a nestable end closes the nearest begin of its name.
    const begin = name[event] === noName ? open.innermost(owner) : open.innermostOfName(owner, name[event]);
    if (begin === noBegin) {
      this.#builder.ledger.dropped("asyncEndUnmatched", "asynchronous ends without a begin", offset[event]);
      return;
    }
    open.remove(begin, owner);
    ends[begin] = event + 1;
    trees.end(treeOfKey[owner], timeNs[event]);
    this.#builder.ledger.foldedIn();
  }

  /** Trees keep together: one lane each, the first of their track that is free. `ends`: by begin, its end + 1. */
  #layOut(trees: AsyncTrees, ends: Int32Array, openEnded: Tally): void {
    const { track: trackOf, timeNs } = this.#events;
    const lanesOfTrack = this.#tracks.map(() => new FreeLanes(0));
    for (let tree = 0; tree < trees.length; tree++) {
      const first = trees.firstOf(tree);
      const track = trackOf[first];
      const lane = Math.min(maxLanes, lanesOfTrack[track].take(timeNs[first], trees.endNsOf(tree)));
      for (let event = first; event !== noEvent; event = trees.nextOf(event))
        this.#addSpan(event, this.#tracks[track], lane, ends[event] - 1, openEnded);
    }
  }

  #addSpan(event: number, track: TrackId, lane: number, end: number, openEnded: Tally): void {
    const { timeNs, name, category, offset, role } = this.#events;
    if (end === noEnd) openEnded.add(offset[event]);
    this.#builder.addSpan(
      track,
      timeNs[event],
      end === noEnd ? 0 : timeNs[end] - timeNs[event],
      Math.max(0, name[event]) as StringId,
      SpanKind.other,
      category[event],
      offset[event],
      end !== noEnd && role[end] === endWithArguments
        ? { lane, openEnded: false, endSource: offset[end] }
        : { lane, openEnded: end === noEnd },
    );
  }
}
