import { type ByteInterner } from "./byte-interner.ts";
import type { EventFields } from "./event-fields.ts";
import { EventReader, guardByte, guardBytes, incomplete } from "./event-reader.ts";
import { type EventRows, RowType } from "./event-rows.ts";
import { type Batch, BatchStop, type EventBatches } from "./event-batches.ts";
import { decodeJsonString } from "./json-text.ts";
import type { AdoptedNumbers, PackedBatch } from "./packed-batch.ts";

/** What a scanner tells while it goes through a file. */
export interface ScanSink {
  /** One complete event; `fields` and `bytes` (what its ranges point into) are overwritten after the return. */
  event(fields: EventFields, bytes: Uint8Array): void;
  /** Complete events [from, to) of a batch, all of them ordinary; `rows` is overwritten after the return. */
  rows(rows: EventRows, from: number, to: number): void;
  /** Whether `member` shall be called for this key of the root object. */
  wantsMember(key: string): boolean;
  /** Value of a member of the root object as JSON text; the bytes are valid until the return. */
  member(key: string, value: Uint8Array, offset: number): void;
  /** Something in the place of an event that is none. */
  notAnEvent(offset: number): void;
  /** An object in the place of an event that breaks JSON's rules; skipped up to its closing brace. */
  malformedEvent(offset: number): void;
  /** An event or root member above the size limit, passed over. */
  oversized(offset: number, key: string | null): void;
  /** The text breaks JSON's rules outside the events and is read as if it did not. */
  repair(message: string, offset: number): void;
}

/** How the text holds its events: in an array (bare or in a root object), or one after another without brackets. */
export type ContainerForm = "container" | "lines";

export interface ScanEnd {
  /** The file ends inside something: the position of its first byte. */
  readonly brokenAt: number | null;
  /** The events' array or the root object is not closed. */
  readonly unclosed: "array" | "object" | null;
  /** There was an array of events, or an event without one. */
  readonly foundEvents: boolean;
}

/** Numbers of names and categories, and of texts that stand for pids, tids and ids. */
export interface Interners {
  readonly names: ByteInterner;
  readonly identities: ByteInterner;
}

type State = "start" | "events" | "key" | "value" | "skip" | "after" | "done";

const eventsKey = "traceEvents";

/**
 * Walks a trace-event file chunk by chunk: root object or bare array, its events, its other members.
 * The state lives between calls; an unfinished event is left to the next call.
 */
export class EventScanner {
  readonly #reader: EventReader;
  readonly #sink: ScanSink;
  readonly #form: ContainerForm;
  #batches: EventBatches | null;
  #state: State = "start";
  #afterSkip: State = "key";
  #inObject = false;
  #key = "";
  #afterComma = false;
  #foundEvents = false;
  #skipDepth = 0;
  #skipInString = false;

  /**
   * With `batches`, ordinary events are read there; without, and all others, by the plain reader. Times are multiplied by
   * 10^`timeExponent`, by the plain reader alone.
   */
  constructor(
    { names, identities }: Interners,
    sink: ScanSink,
    form: ContainerForm,
    batches: EventBatches | null,
    timeExponent = 0,
  ) {
    this.#reader = new EventReader(names, identities, timeExponent);
    this.#sink = sink;
    this.#form = form;
    this.#batches = batches;
  }

  /** The buffer to fill and scan: another one after `reserve`, and whenever `scan` needed memory. */
  get bytes(): Uint8Array {
    return this.#reader.bytes;
  }

  /** Makes the buffer `room` bytes large, and the guard; what is in its first `keep` bytes stays. */
  reserve(room: number, keep: number): void {
    const before = this.#reader.bytes;
    const inBatches = this.#batches?.reserve(room + guardBytes, keep) ?? null;
    if (inBatches !== null) return this.#reader.attach(inBatches, keep);
    this.#batches = null;
    const larger = new Uint8Array(room + guardBytes);
    larger.set(before.subarray(0, keep));
    this.#reader.attach(larger, keep);
  }

  /** Whether the next byte is one between or in events, and batches of other readers can be taken. */
  get isAmongEvents(): boolean {
    return this.#state === "events" && this.#batches !== null;
  }

  /**
   * Takes events that another reader read from where this one stopped, in place of `scan`. `bytes`: the buffer of that
   * reader, `offset`: its file position. False when there is no memory: then nothing was told.
   */
  adopt(batch: PackedBatch, numbers: AdoptedNumbers, bytes: Uint8Array, offset: number): boolean {
    const batches = this.#batches;
    if (batches === null || !batches.adopt(batch, numbers)) return false;
    this.#reader.attach(bytes, bytes.length - guardBytes);
    this.#tellBatch(batches, batch.count, offset);
    this.#reader.attach(batches.bytes, 0);
    this.#afterComma = batch.afterComma;
    return true;
  }

  /** What is being read is too large for any buffer: pass over it. To be called when `scan` consumed nothing. */
  skipOversized(offset: number): void {
    if (this.#state === "skip" || this.#state === "start") return;
    const inEvents = this.#state === "events";
    this.#sink.oversized(offset, inEvents ? null : this.#key);
    this.#beginSkip(inEvents ? "events" : "key");
  }

  /**
   * Scans data in [from, end) of the buffer. `offset`: file position of byte 0, if it were one. `last`: nothing follows.
   * Returns behind the bytes that are done with; the caller gives the others again, with more.
   */
  scan(from: number, end: number, offset: number, last: boolean): number {
    this.bytes.fill(guardByte, end, end + guardBytes);
    this.#reader.attach(this.bytes, end);
    let p = from;
    for (;;) {
      const { bytes } = this;
      const before = p;
      const state: State = this.#state;
      if (state === "done") return end;
      if (state === "events") p = this.#scanEvents(p, end, offset);
      else if (state === "skip") p = this.#scanSkip(bytes, p, end);
      else if (state === "value") p = this.#scanValue(bytes, p, end, offset, last);
      else p = this.#scanOutside(bytes, p, end, offset);
      if (p >= end || (p === before && this.#state === state)) return Math.min(p, end);
    }
  }

  /** To be called after the last `scan`; `rest`: file position of the first byte not consumed, or null. */
  end(rest: number | null, size: number): ScanEnd {
    const state = this.#state;
    const closed =
      state === "after" || state === "done" || state === "start" || (state === "events" && this.#form === "lines");
    const unclosed = closed ? null : state === "events" && !this.#inObject ? "array" : "object";
    const broken = rest ?? (state === "skip" || state === "value" ? size : null);
    return { brokenAt: broken, unclosed, foundEvents: this.#foundEvents };
  }

  #scanEvents(p: number, end: number, offset: number): number {
    const reader = this.#reader;
    const sink = this.#sink;
    for (;;) {
      if (this.#batches !== null) {
        const batch = this.#scanBatches(this.#batches, p, end, offset);
        p = batch.position;
        if (batch.stop === BatchStop.cut) return p;
      }
      const { bytes } = reader;
      let c = bytes[p];
      while (c <= 0x20) c = bytes[++p];
      if (p >= end) return end;
      if (c === 0x7b) {
        const after = this.#readEvent(p, offset);
        if (after === incomplete) return p;
        this.#afterComma = false;
        p = after;
      } else if (c === 0x2c) {
        this.#afterComma = true;
        p++;
      } else if (c === 0x5d && this.#form === "container") {
        if (this.#afterComma) sink.repair("comma before the closing bracket", offset + p);
        this.#afterComma = false;
        this.#state = this.#inObject ? "key" : "after";
        return p + 1;
      } else {
        const after = this.#skipStrayValue(p, end);
        if (after === incomplete) return p;
        sink.notAnEvent(offset + p);
        this.#afterComma = false;
        p = after;
      }
    }
  }

  /** Reads events as long as they are ordinary; returns the last batch, which tells where one is not. */
  #scanBatches(batches: EventBatches, p: number, end: number, offset: number): Batch {
    const reader = this.#reader;
    for (;;) {
      const batch = batches.read(p, end, this.#afterComma);
      if (batches.bytes !== reader.bytes) reader.attach(batches.bytes, end);
      this.#tellBatch(batches, batch.count, offset);
      p = batch.position;
      this.#afterComma = batch.afterComma;
      if (batch.stop === BatchStop.noMemory) this.#batches = null;
      if (batch.stop !== BatchStop.full) return batch;
    }
  }

  /** Rows and records in the order of the file. */
  #tellBatch(batches: EventBatches, count: number, offset: number): void {
    const reader = this.#reader;
    const rows = batches.rows(offset);
    const { type } = rows;
    let records = 0;
    for (let i = 0; i < count;) {
      const from = i;
      while (i < count && type[i] !== RowType.record) i++;
      if (i > from) this.#sink.rows(rows, from, i);
      for (; i < count && type[i] === RowType.record; i++) {
        batches.load(records++, reader, offset);
        this.#sink.event(reader.fields, reader.bytes);
      }
    }
  }

  /** One event, or an object that looks like one but for JSON's rules. */
  #readEvent(p: number, offset: number): number {
    const reader = this.#reader;
    const after = reader.readEvent(p, offset + p);
    if (after >= 0) {
      this.#sink.event(reader.fields, reader.bytes);
      return after;
    }
    if (after === incomplete) return incomplete;
    const skipped = reader.skipNested(p);
    if (skipped !== incomplete) this.#sink.malformedEvent(offset + p);
    return skipped;
  }

  /** A value that is no object; a lone closing bracket or colon counts as one. */
  #skipStrayValue(p: number, end: number): number {
    const after = this.#reader.skipValue(p);
    if (after < 0 || after >= end) return incomplete;
    return after === p ? p + 1 : after;
  }

  /** Before the root value, between members of the root object, after the root value. */
  #scanOutside(bytes: Uint8Array, p: number, end: number, offset: number): number {
    let c = bytes[p];
    while (c <= 0x20 || (c === 0x2c && this.#state === "key")) c = bytes[++p];
    if (p >= end) return end;
    if (this.#state === "start") return this.#scanStart(c, p, offset);
    if (this.#state === "after") return this.#scanAfter(c, p, end, offset);
    if (c === 0x7d) {
      this.#state = "after";
      return p + 1;
    }
    if (c !== 0x22) {
      this.#sink.repair("unexpected text between the members of the root object", offset + p);
      this.#state = "done";
      return end;
    }
    return this.#scanKey(bytes, p, end);
  }

  #scanStart(c: number, p: number, offset: number): number {
    // A UTF-8 byte order mark may stand before everything.
    if (c === 0xef || c === 0xbb || c === 0xbf) return p + 1;
    if (this.#form === "lines") {
      this.#foundEvents = true;
      this.#state = "events";
      return p;
    }
    if (c === 0x5b) {
      this.#foundEvents = true;
      this.#state = "events";
    } else if (c === 0x7b) {
      this.#inObject = true;
      this.#state = "key";
    } else {
      this.#sink.repair("unexpected text before the root value", offset + p);
    }
    return p + 1;
  }

  #scanAfter(c: number, p: number, end: number, offset: number): number {
    // Files that were written one behind another.
    if (c === 0x5b || c === 0x7b) {
      this.#inObject = c === 0x7b;
      this.#sink.repair(`another ${this.#inObject ? "object" : "array"} follows the first value`, offset + p);
      this.#state = this.#inObject ? "key" : "events";
      return p + 1;
    }
    this.#sink.repair("text after the end of the root value was left out", offset + p);
    this.#state = "done";
    return end;
  }

  #scanKey(bytes: Uint8Array, p: number, end: number): number {
    const after = this.#reader.skipString(p);
    if (after > end) return p;
    let q = after;
    while (bytes[q] <= 0x20) q++;
    if (q >= end) return p;
    this.#key = decodeJsonString(bytes.subarray(p + 1, after - 1), true);
    this.#state = "value";
    return bytes[q] === 0x3a ? q + 1 : q;
  }

  #scanValue(bytes: Uint8Array, p: number, end: number, offset: number, last: boolean): number {
    while (bytes[p] <= 0x20) p++;
    if (p >= end) return end;
    if (this.#key === eventsKey && bytes[p] === 0x5b) {
      this.#foundEvents = true;
      this.#state = "events";
      return p + 1;
    }
    if (!this.#sink.wantsMember(this.#key)) {
      this.#beginSkip("key");
      return p;
    }
    const after = this.#reader.skipValue(p);
    // A number or literal may go on in the next chunk.
    if (after === incomplete || (after >= end && !last && !isClosed(bytes[after - 1]))) return p;
    this.#sink.member(this.#key, bytes.subarray(p, after), offset + p);
    this.#state = "key";
    return after;
  }

  #beginSkip(then: State): void {
    this.#afterSkip = then;
    this.#skipDepth = 0;
    this.#skipInString = false;
    this.#state = "skip";
  }

  /** Passes over one value of any size, chunk by chunk. */
  #scanSkip(bytes: Uint8Array, p: number, end: number): number {
    while (p < end) {
      const c = bytes[p];
      if (this.#skipInString) {
        if (c === 0x5c) {
          if (p + 1 >= end) return p;
          p++;
        } else if (c === 0x22) {
          this.#skipInString = false;
          if (this.#skipDepth === 0) return this.#endSkip(p + 1);
        }
      } else if (c === 0x22) this.#skipInString = true;
      else if ((c | 0x20) === 0x7b) this.#skipDepth++;
      else if ((c | 0x20) === 0x7d) {
        // The bracket that closes what is around a bare literal.
        if (this.#skipDepth === 0) return this.#endSkip(p);
        if (--this.#skipDepth === 0) return this.#endSkip(p + 1);
      } else if (c === 0x2c && this.#skipDepth === 0) return this.#endSkip(p);
      p++;
    }
    return p;
  }

  #endSkip(p: number): number {
    this.#state = this.#afterSkip;
    return p;
  }
}

/** Whether a value that ends with this byte cannot go on. */
function isClosed(byte: number): boolean {
  return byte === 0x22 || byte === 0x7d || byte === 0x5d;
}
