import { importerOf } from "../../traces/importers/import-file.ts";
import { importers } from "../../traces/importers/registry.ts";
import type { ArgumentReader, EventPlace } from "../../traces/importers/importer.ts";
import type { ByteSource } from "../../traces/io/byte-source.ts";
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

/**
 * Reads the arguments of one event from the file, which is no part of the trace. The file is opened on first need and
 * kept open with the trace. `isDerived`: no event stands for the span; some formats tell of its samples. A file that is
 * gone or changed costs the arguments, not the answer.
 */
export async function readArguments(entry: OpenTrace, place: EventPlace, isDerived: boolean): Promise<ArgumentList> {
  const format = importers.find(({ id }) => id === entry.current?.trace.meta.format);
  if (isDerived && format?.describesSamples !== true)
    return {
      args: [],
      argsUnavailable: "No single event of the file stands for this span: it was put together from samples.",
    };
  try {
    const reader = await openArgumentReader(entry);
    if (typeof reader === "string") return { args: [], argsUnavailable: reader };
    const { args } = await reader.read(place);
    return { args, argsUnavailable: null };
  } catch (error) {
    return { args: [], argsUnavailable: reasonOf(error) };
  }
}

/** What reads the arguments of a trace's events, or the reason why nothing can. */
export async function openArgumentReader(entry: OpenTrace): Promise<ArgumentReader | string> {
  try {
    if (entry.fileStamp !== null && !sameStamp(await readFileStamp(entry.file.path), entry.fileStamp))
      return "The file changed on disk after it was opened.";
    return await openReader(entry);
  } catch (error) {
    return reasonOf(error);
  }
}

/** The text of an error for the user; every other one goes on. */
function reasonOf(error: unknown): string {
  if (error instanceof UserFacingError || error instanceof TraceFormatError || error instanceof InflateLimitError)
    return error.message;
  throw error;
}

async function openReader(entry: OpenTrace): Promise<ArgumentReader> {
  entry.argumentReader ??= openFileAgain(entry);
  const opening = entry.argumentReader;
  return await opening.catch((error: unknown) => {
    // A later try may find the file readable again.
    if (entry.argumentReader === opening) entry.argumentReader = null;
    throw error;
  });
}

async function openFileAgain(entry: OpenTrace): Promise<ArgumentReader> {
  const { openArguments } = importerOf(entry.current?.trace.meta.format ?? "");
  if (openArguments === undefined) return nothingFurther;
  const source = await openForSingleEvents(entry);
  try {
    const reader = await openArguments(source);
    return {
      ...reader,
      close() {
        reader.close();
        source.close();
      },
    };
  } catch (error) {
    source.close();
    throw error;
  }
}

/** Of formats whose traces hold all that their files say. */
const nothingFurther: ArgumentReader = {
  read: () => Promise.resolve({ name: null, startText: null, args: [] }),
  close() {},
};

/** Compressed files are inflated once to a private spool, so that only the first event has to wait for it. */
async function openForSingleEvents(entry: OpenTrace): Promise<ByteSource> {
  const source = await openByteSource(entry.file.path, { limits: limitsOf(entry), spool: true });
  await source.unpack?.(() => undefined);
  return source;
}
