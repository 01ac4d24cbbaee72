import type { ByteSource } from "../io/byte-source.ts";
import { largestEventBytes, readEventBytes } from "./event-bytes.ts";
import { type EventMembersOptions, readEventMembers } from "./event-members.ts";
import type { ArgumentReader, EventArguments } from "./importer.ts";
import { readEventBatch } from "./read-event-batch.ts";

export interface ReadArgumentsOptions extends EventMembersOptions {
  readonly maxBytes?: number;
  /** The event that ended the span: its arguments win over those of equal name. */
  readonly endOffset?: number;
}

/** Arguments of trace events: those of `args`, then the members of the event that have no place in the trace. */
export function openEventArguments(source: ByteSource): Promise<ArgumentReader> {
  return Promise.resolve(createReader(source, false));
}

/** As `openEventArguments`, of files whose further members are ours. */
export function openArgumentsOnly(source: ByteSource): Promise<ArgumentReader> {
  return Promise.resolve(createReader(source, true));
}

function createReader(source: ByteSource, argsOnly: boolean): ArgumentReader {
  return {
    read: ({ offset, name, endOffset }) =>
      readEventArguments(source, offset, {
        argsOnly,
        expectedName: name,
        ...(endOffset !== null && { endOffset }),
      }),
    readBatch: (places, pause) => readEventBatch(source, places, { argsOnly, pause }),
    close() {},
  };
}

/**
 * Reads the arguments of the event at a byte offset of an imported trace-event file: texts decoded, numbers digit by
 * digit, nested values as JSON text; those of an end event merged in. Throws TraceFormatError when there is no whole event, UserFacingError when it is
 * another one than expected.
 */
export async function readEventArguments(
  source: ByteSource,
  offset: number,
  { maxBytes = largestEventBytes, endOffset, ...options }: ReadArgumentsOptions = {},
): Promise<EventArguments> {
  const bytes = await readEventBytes(source, offset, maxBytes);
  const endBytes = endOffset === undefined ? null : await readEventBytes(source, endOffset, maxBytes);
  const { name, startText, args } = readEventMembers(bytes, endBytes, options);
  return { name, startText, args: [...args].map(([key, member]) => [key, member.text] as const) };
}
