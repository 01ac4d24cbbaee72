import type { FlowEndBatch, SpanBatch } from "../../model/trace-builder.ts";
import { batchEvents } from "./event-rows.ts";

/** In place of a name or family of a pair. As in tables.as. */
export const notKnown = -1;

/** What events.as exports for this. Addresses in its memory: bytes, from 2^31 on as negative numbers. */
export interface PlaceExports {
  readonly memory: WebAssembly.Memory;
  place(from: number, to: number): number;
  pairAt(pair: number): number;
  threadAt(thread: number): number;
}

/** Where the links of a pair's spans go. As in place-rows.as. */
export const LinkList = { none: 0, host: 1, device: 2 } as const;
export type LinkList = (typeof LinkList)[keyof typeof LinkList];

/** What all spans of a pair of name and category have in common on ordinary threads. */
export interface SpanFacts {
  readonly category: number;
  readonly kind: number;
  /** 0 … 3; see `takeCounts`. */
  readonly side: number;
  readonly list: LinkList;
}

/** How far a file was read when rows are placed, and what has to be told of them. */
export interface PlaceInput {
  /** File position of the buffer. */
  readonly offset: number;
  readonly baseMicros: number;
  /** Start of the event before, in ns since the base and a rest. */
  readonly lastNanos: number;
  readonly lastRemainder: number;
  /** Most spans that `spans` may hold. */
  readonly mostSpans: number;
  readonly tellsInversions: boolean;
  readonly tellsZeroDurations: boolean;
}

// Places in the memory of events.as (layout.as, tables.as): in words of four bytes, of eight, bytes.
const baseMicrosDouble = 2;
const lastNanosDouble = 3;
const lastRemainderDouble = 4;
const offsetDouble = 5;
const spansWord = 12;
const mostSpansWord = 13;
const arrowsWord = 14;
const hostLinksWord = 15;
const deviceLinksWord = 16;
const inversionsWord = 17;
const zeroDurationsWord = 18;
const tellsInversionsWord = 19;
const tellsZeroDurationsWord = 20;
const pairWords = 6;
const pairNameWord = 2;
const pairFamilyWord = 3;
const pairCategoryHalf = 8;
const pairKindByte = 18;
const pairSideByte = 19;
const pairListByte = 20;
const threadTrackWord = 4;
const threadSpansWord = 5;
const sides = 4;

/**
 * Gives rows their meaning in WebAssembly (place-rows.as). It knows of names and threads what it was told; where it
 * stops, the caller reads the row and tells it more. Good for one buffer of memory: when memory grows there is another.
 */
export class RowPlacer {
  readonly #exports: PlaceExports;
  readonly #octets: Uint8Array;
  readonly #halves: Uint16Array;
  readonly #words: Int32Array;
  readonly #doubles: Float64Array;
  /** Spans and ends of arrows placed so far; the caller adds to them, and empties them. */
  readonly spans: SpanBatch;
  readonly arrows: FlowEndBatch;
  readonly #hostLinks: Uint32Array;
  readonly #deviceLinks: Uint32Array;
  /** Word where the first pair begins; null when it may have moved. */
  #firstPair: number | null = null;

  /** `at`: where the columns begin that `place` writes. */
  constructor(exports: PlaceExports, at: number) {
    const { buffer } = exports.memory;
    this.#exports = exports;
    this.#octets = new Uint8Array(buffer);
    this.#halves = new Uint16Array(buffer);
    this.#words = new Int32Array(buffer);
    this.#doubles = new Float64Array(buffer);
    const next = (width: number): number => {
      const start = at;
      at += width * batchEvents;
      return start;
    };
    // In the order of layout.as.
    const doubles = (): Float64Array => new Float64Array(buffer, next(8), batchEvents);
    const words = (): Uint32Array => new Uint32Array(buffer, next(4), batchEvents);
    const [startNs, durationNs, sourceOffset, key, timeNs] = [doubles(), doubles(), doubles(), doubles(), doubles()];
    const [track, name, link, arrowTrack, arrowName] = [words(), words(), words(), words(), words()];
    this.#hostLinks = words();
    this.#deviceLinks = words();
    const category = new Uint16Array(buffer, next(2), batchEvents);
    const kind = new Uint8Array(buffer, next(1), batchEvents);
    const role = new Uint8Array(buffer, next(1), batchEvents);
    const bind = new Int8Array(buffer, next(1), batchEvents);
    this.spans = { length: 0, track, startNs, durationNs, name, category, kind, sourceOffset, link };
    this.arrows = { length: 0, key, role, track: arrowTrack, timeNs, name: arrowName, bind };
  }

  /** To be called when events were read: pairs may lie elsewhere. */
  attach(): void {
    this.#firstPair = null;
  }

  /** Places rows [from, to) of the last batch; returns the first that it left to the caller. */
  place(from: number, to: number, input: PlaceInput): number {
    const words = this.#words;
    const doubles = this.#doubles;
    doubles[baseMicrosDouble] = input.baseMicros;
    doubles[lastNanosDouble] = input.lastNanos;
    doubles[lastRemainderDouble] = input.lastRemainder;
    doubles[offsetDouble] = input.offset;
    words[mostSpansWord] = Math.min(input.mostSpans, batchEvents);
    words[spansWord] = this.spans.length;
    words[arrowsWord] = this.arrows.length;
    words[tellsInversionsWord] = input.tellsInversions ? 1 : 0;
    words[tellsZeroDurationsWord] = input.tellsZeroDurations ? 1 : 0;
    const stopped = this.#exports.place(from, to);
    this.spans.length = words[spansWord];
    this.arrows.length = words[arrowsWord];
    return stopped;
  }

  /** Start of the last row placed, ns since the base. */
  get lastNanos(): number {
    return this.#doubles[lastNanosDouble];
  }

  /* Of the last `place`. */

  get inversions(): number {
    return this.#words[inversionsWord];
  }

  get zeroDurations(): number {
    return this.#words[zeroDurationsWord];
  }

  get hostLinks(): Uint32Array {
    return this.#hostLinks.subarray(0, this.#words[hostLinksWord]);
  }

  get deviceLinks(): Uint32Array {
    return this.#deviceLinks.subarray(0, this.#words[deviceLinksWord]);
  }

  /** Entry of the name of a pair. */
  nameEntryOf(pair: number): number {
    return this.#words[this.#wordOf(pair)];
  }

  /** Entry of the category of a pair; -1 for none. */
  categoryEntryOf(pair: number): number {
    return this.#words[this.#wordOf(pair) + 1];
  }

  /** StringId of the name of a pair; `notKnown` before `setName`. */
  nameOf(pair: number): number {
    return this.#words[this.#wordOf(pair) + pairNameWord];
  }

  setName(pair: number, name: number): void {
    this.#words[this.#wordOf(pair) + pairNameWord] = name;
  }

  /** Number of category and name as the key of arrows; `notKnown` before `setFamily`. */
  familyOf(pair: number): number {
    return this.#words[this.#wordOf(pair) + pairFamilyWord];
  }

  setFamily(pair: number, family: number): void {
    this.#words[this.#wordOf(pair) + pairFamilyWord] = family;
  }

  setSpanFacts(pair: number, { category, kind, side, list }: SpanFacts): void {
    const word = this.#wordOf(pair);
    this.#halves[2 * word + pairCategoryHalf] = category;
    const at = 4 * word;
    this.#octets[at + pairKindByte] = kind;
    this.#octets[at + pairSideByte] = side;
    this.#octets[at + pairListByte] = list;
  }

  /** Where the entry of a pair begins, until more is read. */
  #wordOf(pair: number): number {
    return (this.#firstPair ??= this.#exports.pairAt(0) >>> 2) + pairWords * pair;
  }

  /** `track`: null for a thread whose rows the caller reads itself. */
  setTrack(thread: number, track: number | null): void {
    this.#words[(this.#exports.threadAt(thread) >>> 2) + threadTrackWord] = track ?? -1;
  }

  /** Spans of a thread by side, placed since they were last taken. */
  takeCounts(thread: number): readonly number[] {
    const at = (this.#exports.threadAt(thread) >>> 2) + threadSpansWord;
    const counts = Array.from(this.#words.subarray(at, at + sides));
    this.#words.fill(0, at, at + sides);
    return counts;
  }
}
