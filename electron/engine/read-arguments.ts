import { importerOf } from "../../traces/importers/import-file.ts";
import { importers } from "../../traces/importers/registry.ts";
import type { ArgumentReader, EventPlace } from "../../traces/importers/importer.ts";
import { changedOnDisk, InflateLimitError, TraceFormatError, UserFacingError } from "../../traces/model/errors.ts";
import { readFileStamp, sameStamp } from "./files.ts";
import { limitsOf } from "./imports/perform-import.ts";
import { openByteSource } from "./node-host.ts";
import type { OpenTrace } from "./trace-store.ts";

export interface ArgumentList {
  readonly args: readonly (readonly [key: string, value: string])[];
  /** Why there are none to read; null when they were read. */
  readonly argsUnavailable: string | null;
  /** The file has to be unpacked first, which takes a while: "trace.unpack". */
  readonly argsPacked: boolean;
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
      argsPacked: false,
    };
  try {
    const reader = await openArgumentReader(entry);
    if (typeof reader === "string") return { args: [], argsUnavailable: reader, argsPacked: false };
    const { args } = await reader.read(place);
    return { args, argsUnavailable: null, argsPacked: false };
  } catch (error) {
    return { args: [], argsUnavailable: reasonOf(error), argsPacked: false };
  }
}

/** Whether the file says more of single events, and is still the one that was opened. */
export async function canBeRead(entry: OpenTrace): Promise<boolean> {
  const format = entry.current?.trace.meta.format ?? "";
  if (importers.find(({ id }) => id === format)?.openArguments === undefined) return false;
  try {
    return entry.fileStamp !== null && sameStamp(await readFileStamp(entry.file.path), entry.fileStamp);
  } catch (error) {
    reasonOf(error);
    return false;
  }
}

/**
 * What reads the arguments of all events for an export, or why nothing can: the reader that is open, or one that needs
 * no copy of a compressed file. Returned readers are closed by the caller.
 */
export async function openReaderOfAll(entry: OpenTrace): Promise<ArgumentReader | string> {
  if (entry.hasOpenReader === true) {
    const reader = await openArgumentReader(entry);
    return typeof reader === "string" ? reader : { ...reader, close() {} };
  }
  return await openUnchanged(entry, () => openFileAgain(entry, null));
}

/** What reads the arguments of a trace's events, or the reason why nothing can. */
export function openArgumentReader(entry: OpenTrace): Promise<ArgumentReader | string> {
  return openUnchanged(entry, () => openReader(entry));
}

async function openUnchanged(
  entry: OpenTrace,
  openNow: () => Promise<ArgumentReader>,
): Promise<ArgumentReader | string> {
  try {
    if (entry.fileStamp !== null && !sameStamp(await readFileStamp(entry.file.path), entry.fileStamp))
      return `${changedOnDisk}.`;
    return await openNow();
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

/** `betweenPieces` is told of stored bytes while a compressed file is unpacked, and may throw. */
export async function openReader(
  entry: OpenTrace,
  betweenPieces: (done: number, total: number) => void = () => undefined,
): Promise<ArgumentReader> {
  entry.argumentReader ??= openFileAgain(entry, betweenPieces).then((reader) => {
    entry.hasOpenReader = true;
    return reader;
  });
  const opening = entry.argumentReader;
  return await opening.catch((error: unknown) => {
    // A later try may find the file readable again.
    if (entry.argumentReader === opening) entry.argumentReader = null;
    throw error;
  });
}

/** Without `betweenPieces` no copy of a compressed file is made, unless its format follows pointers. */
async function openFileAgain(
  entry: OpenTrace,
  betweenPieces: ((done: number, total: number) => void) | null,
): Promise<ArgumentReader> {
  const { openArguments } = importerOf(entry.current?.trace.meta.format ?? "");
  if (openArguments === undefined) return nothingFurther;
  // Compressed files are inflated once to a private spool, so that only the first event has to wait for it.
  const source = await openByteSource(entry.file.path, { limits: limitsOf(entry), spool: betweenPieces !== null });
  try {
    if (betweenPieces !== null) await source.unpack?.(() => betweenPieces(source.storedRead, source.storedSize));
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
