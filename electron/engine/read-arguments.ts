import type { ByteSource } from "../../traces/io/byte-source.ts";
import { readEventArguments } from "../../traces/importers/read-event-arguments.ts";
import { InflateLimitError, TraceFormatError, UserFacingError } from "../../traces/model/errors.ts";
import { readFileStamp, sameStamp } from "./files.ts";
import { limitsOf } from "./imports/perform-import.ts";
import { openByteSource } from "./node-host.ts";
import type { OpenTrace } from "./trace-store.ts";

export interface ArgumentList {
  readonly args: readonly (readonly [key: string, value: string])[];
  /** Why there are none to read; null when they were read. */
  readonly argsUnavailable: string | null;
}

/** Where an event stands in the uncompressed file, and what must be found there. */
export interface EventPlace {
  readonly offset: number;
  readonly name: string;
  /** Where the event that ended the span stands, if that has arguments; null otherwise. */
  readonly endOffset: number | null;
}

/**
 * Reads the arguments of one event from the file, which is no part of the trace. The file is opened on first need and
 * kept open with the trace. `place` is null for a span that no event stands for. A file that is gone or changed costs the arguments, not the answer.
 */
export async function readArguments(entry: OpenTrace, place: EventPlace | null): Promise<ArgumentList> {
  if (place === null)
    return {
      args: [],
      argsUnavailable: "No single event of the file stands for this span: it was put together from samples.",
    };
  try {
    const stamp = await readFileStamp(entry.file.path);
    if (!sameStamp(stamp, entry.fileStamp))
      return { args: [], argsUnavailable: "The file changed on disk after it was opened." };
    const { args } = await readEventArguments(await openSource(entry), place.offset, {
      expectedName: place.name,
      ...(place.endOffset !== null && { endOffset: place.endOffset }),
    });
    return { args, argsUnavailable: null };
  } catch (error) {
    if (error instanceof UserFacingError || error instanceof TraceFormatError || error instanceof InflateLimitError)
      return { args: [], argsUnavailable: error.message };
    throw error;
  }
}

async function openSource(entry: OpenTrace): Promise<ByteSource> {
  entry.argumentSource ??= openForSingleEvents(entry);
  const opening = entry.argumentSource;
  return await opening.catch((error: unknown) => {
    // A later try may find the file readable again.
    if (entry.argumentSource === opening) entry.argumentSource = null;
    throw error;
  });
}

/** Compressed files are inflated once to a private spool, so that only the first event has to wait for it. */
async function openForSingleEvents(entry: OpenTrace): Promise<ByteSource> {
  const source = await openByteSource(entry.file.path, { limits: limitsOf(entry), spool: true });
  if (source.size === null) {
    const unused = new Uint8Array(2 ** 20);
    while ((await source.fill(unused)) > 0);
  }
  return source;
}
