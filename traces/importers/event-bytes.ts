import type { ByteSource } from "../io/byte-source.ts";
import { TraceFormatError } from "../model/errors.ts";
import { ByteInterner } from "./json-scan/byte-interner.ts";
import { EventReader, guardByte, guardBytes, incomplete } from "./json-scan/event-reader.ts";

export const largestEventBytes: number = 256 * 2 ** 20;

/** Most events are smaller. */
export const firstWindowBytes: number = 16 * 1024;
const openBrace = 0x7b;

/** Finds ends of events; one for all, since making its tables takes longer than reading an event. */
const noNames = new ByteInterner(() => 0);
const endFinder = new EventReader(noNames, noNames);
const nothing = new Uint8Array(guardBytes);

/** The text of the event at `offset`. Throws TraceFormatError where no whole event of at most `maxBytes` is. */
export async function readEventBytes(source: ByteSource, offset: number, maxBytes: number): Promise<Uint8Array> {
  for (let size = firstWindowBytes; ; size *= 4) {
    const window = new Uint8Array(Math.min(size, maxBytes) + guardBytes);
    const length = await source.readAt(offset, window.subarray(0, window.length - guardBytes));
    if (length === 0 || window[0] !== openBrace) {
      throw new TraceFormatError(
        `expected an event, found ${length === 0 ? "the end of the file" : "something else"}`,
        { byteOffset: offset },
      );
    }
    const end = eventEnd(window, 0, length);
    if (end !== incomplete) return window.subarray(0, end);
    if (length < size)
      throw new TraceFormatError("expected an event, found one that the end of the file cuts off", {
        byteOffset: offset,
      });
    if (size >= maxBytes)
      throw new TraceFormatError(`expected an event of at most ${maxBytes} bytes, found a larger one`, {
        byteOffset: offset,
      });
  }
}

/**
 * The text of the event at `start` of bytes [0, length), behind which there is room for guard bytes; null where no
 * whole event is.
 */
export function eventWithin(window: Uint8Array, start: number, length: number): Uint8Array | null {
  if (start >= length || window[start] !== openBrace) return null;
  const end = eventEnd(window, start, length);
  return end === incomplete ? null : window.subarray(start, end);
}

function eventEnd(window: Uint8Array, start: number, length: number): number {
  window.fill(guardByte, length, length + guardBytes);
  // Nothing waits between these, so that readings that go on at once do not meet here.
  endFinder.attach(window, length);
  const end = endFinder.skipNested(start);
  // An event may be large, and is not kept.
  endFinder.attach(nothing, 0);
  return end;
}
