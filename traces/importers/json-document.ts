import type { ByteSource } from "../io/byte-source.ts";
import { TraceFormatError } from "../model/errors.ts";
import type { ImportContext } from "./importer.ts";
import { findJsonFault } from "./json-fault.ts";

/** Larger texts do not fit a string of the engine. */
export const largestDocument: number = 512 * 2 ** 20 - 1;
const pieceBytes = 4 * 2 ** 20;

export interface JsonDocument {
  readonly root: unknown;
  /** Of the uncompressed file. */
  readonly size: number;
}

/**
 * Reads a file that is one JSON value, whole: for formats whose parts refer to each other. `what`: for messages, with
 * its article. Throws TraceFormatError with the byte at which the text breaks off or is no JSON.
 */
export async function readJsonDocument(
  source: ByteSource,
  context: Pick<ImportContext, "throwIfCancelled" | "reportProgress" | "fileName">,
  format: string,
  what: string,
): Promise<JsonDocument> {
  const bytes = await readAll(source, context, format, what);
  const gzipCut = source.warnings.find(({ code }) => code === "gzipTruncated");
  const text = new TextDecoder().decode(bytes);
  try {
    return { root: JSON.parse(text) as unknown, size: bytes.length };
  } catch (error) {
    const place = errorPlace(text, bytes.length);
    const end = place >= bytes.length || gzipCut !== undefined;
    throw new TraceFormatError(
      end
        ? `expected ${what} in whole, found that the file breaks off at byte ${bytes.length}`
        : `expected ${what}, found text that is no JSON at byte ${place}`,
      { format, byteOffset: place },
      { cause: error },
    );
  }
}

async function readAll(
  source: ByteSource,
  context: Pick<ImportContext, "throwIfCancelled" | "reportProgress" | "fileName">,
  format: string,
  what: string,
): Promise<Uint8Array> {
  let bytes = new Uint8Array(Math.min(source.size ?? pieceBytes, largestDocument) + 1);
  let size = 0;
  for (;;) {
    const added = await source.fill(bytes.subarray(size, size + pieceBytes));
    size += added;
    context.throwIfCancelled();
    context.reportProgress(source.storedRead, () => ({ name: context.fileName, format, formatLabel: "", facts: [] }));
    if (added === 0) return bytes.subarray(0, size);
    if (size > largestDocument) {
      throw new TraceFormatError(`expected ${what} of at most ${largestDocument} bytes, found a larger one`, {
        format,
        byteOffset: size,
      });
    }
    if (size === bytes.length) {
      const larger = new Uint8Array(Math.min(size * 2, largestDocument + 1));
      larger.set(bytes);
      bytes = larger;
    }
  }
}

/** Byte of the fault; the size of a text that only breaks off. */
function errorPlace(text: string, size: number): number {
  const at = findJsonFault(text);
  if (at === null || at >= text.length || isUnfinished(text, at)) return size;
  return new TextEncoder().encode(text.slice(0, at)).length;
}

/** A string or a word that the end of the text cuts off. */
function isUnfinished(text: string, at: number): boolean {
  const rest = text.slice(at, at + longestWord);
  return text[at] === '"'
    ? !/^"(?:[^"\\]|\\.)*"/s.test(text.slice(at))
    : rest.length < longestWord && /^[\w.+-]*\s*$/.test(rest);
}

const longestWord = 64;
