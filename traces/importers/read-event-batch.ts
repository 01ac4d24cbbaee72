import type { ByteSource } from "../io/byte-source.ts";
import { TraceFormatError, UserFacingError } from "../model/errors.ts";
import { eventWithin, firstWindowBytes, largestEventBytes, readEventBytes } from "./event-bytes.ts";
import { readEventMembers, toJsonArguments } from "./event-members.ts";
import type { EventBatch, EventPlaces } from "./importer.ts";
import { guardBytes } from "./json-scan/event-reader.ts";

/** What a batch keeps: of a source that has to start again for the next one, as much as keeps batches few. */
const cheapBatch = { bytes: 8 * 2 ** 20, events: 2 ** 14 };
const fewBatches = { bytes: 256 * 2 ** 20, events: 2 ** 20 };

const windowBytes = 2 ** 20;
/** Texts are kept in blocks of so many bytes. */
const blockBytes = 2 ** 22;

export interface BatchOptions {
  readonly argsOnly: boolean;
  /** Awaited between reads; may throw. */
  readonly pause: () => Promise<void>;
}

/**
 * Reads the texts of the events at `places`, from the first on, as many as memory allows, in one pass over the file:
 * places that are asked for in the order of tracks lie all over it.
 */
export async function readEventBatch(
  source: ByteSource,
  places: EventPlaces,
  options: BatchOptions,
): Promise<EventBatch> {
  const most = source.seeks ? cheapBatch : fewBatches;
  for (let count = Math.min(places.count, most.events); ; count = Math.ceil(count / 2)) {
    const texts = await readTexts(source, places, count, count === 1 ? Infinity : most.bytes, options.pause);
    if (texts === null) continue;
    return {
      count,
      argumentsOf(index) {
        const place = places.at(index);
        if (place === null) return [];
        const { name, endOffset } = place;
        const endText = endOffset === null ? null : texts.take(2 * index + 1);
        return toJsonArguments(
          readEventMembers(texts.take(2 * index), endText, { argsOnly: options.argsOnly, expectedName: name }),
        );
      },
    };
  }
}

/** Texts by number: 2 i of the event at place i, 2 i + 1 of the event that ended it. Null: more than `maxBytes`. */
async function readTexts(
  source: ByteSource,
  places: EventPlaces,
  count: number,
  maxBytes: number,
  pause: () => Promise<void>,
): Promise<KeptTexts | null> {
  const offsets = new Float64Array(2 * count).fill(-1);
  for (let i = 0; i < count; i++) {
    const place = places.at(i);
    if (place === null) continue;
    offsets[2 * i] = place.offset;
    if (place.endOffset !== null) offsets[2 * i + 1] = place.endOffset;
  }
  const order = Uint32Array.from(offsets.keys())
    .filter((text) => offsets[text] >= 0)
    .sort((a, b) => offsets[a] - offsets[b]);
  const texts = new KeptTexts(2 * count);
  const window = new Uint8Array(windowBytes + guardBytes);
  let windowStart = 0;
  let length = 0;
  for (let i = 0; i < order.length; i++) {
    const text = order[i];
    const offset = offsets[text];
    let found = eventWithin(window, offset - windowStart, length);
    if (found === null) {
      await pause();
      windowStart = offset;
      const wanted = windowFrom(i, order, offsets);
      length = 0;
      try {
        length = await source.readAt(offset, window.subarray(0, wanted));
        found = eventWithin(window, 0, length) ?? (await readEventBytes(source, offset, largestEventBytes));
      } catch (error) {
        if (!(error instanceof TraceFormatError) && !(error instanceof UserFacingError)) throw error;
        texts.fail(text, error);
        continue;
      }
    }
    texts.keep(text, found);
    if (texts.bytes > maxBytes) return null;
  }
  return texts;
}

/** Bytes to read at once from text number `order[first]` on: up to the next gap that is not worth reading. */
function windowFrom(first: number, order: Uint32Array, offsets: Float64Array): number {
  const start = offsets[order[first]];
  let end = start + firstWindowBytes;
  for (let i = first + 1; i < order.length && end - start < windowBytes; i++) {
    const next = offsets[order[i]];
    if (next > end + firstWindowBytes) break;
    end = next + firstWindowBytes;
  }
  return Math.min(windowBytes, end - start);
}

/** Texts by number, without an object for each. */
class KeptTexts {
  readonly #blocks: Uint8Array[] = [];
  readonly #block: Uint32Array;
  readonly #start: Uint32Array;
  readonly #length: Uint32Array;
  readonly #errors = new Map<number, Error>();
  #used = 0;
  bytes = 0;

  constructor(count: number) {
    this.#block = new Uint32Array(count);
    this.#start = new Uint32Array(count);
    this.#length = new Uint32Array(count);
  }

  keep(text: number, bytes: Uint8Array): void {
    const last = this.#blocks.at(-1);
    if (last === undefined || this.#used + bytes.length > last.length) {
      this.#blocks.push(new Uint8Array(Math.max(blockBytes, bytes.length)));
      this.#used = 0;
    }
    const block = this.#blocks.length - 1;
    this.#blocks[block].set(bytes, this.#used);
    this.#block[text] = block;
    this.#start[text] = this.#used;
    this.#length[text] = bytes.length;
    this.#used += bytes.length;
    this.bytes += bytes.length;
  }

  fail(text: number, error: Error): void {
    this.#errors.set(text, error);
  }

  /** Throws what reading the text threw. */
  take(text: number): Uint8Array {
    const error = this.#errors.get(text);
    if (error !== undefined) throw error;
    const start = this.#start[text];
    return this.#blocks[this.#block[text]].subarray(start, start + this.#length[text]);
  }
}
