import type { ByteSource, SourceWarning } from "../../traces/io/byte-source.ts";
import { InflateLimitError, TraceFormatError, UserFacingError } from "../../traces/model/errors.ts";
import type { ImportLimits } from "../../traces/importers/importer.ts";
import type { NodeFile } from "./node-file.ts";
import { rescueGzip } from "./node-gzip-rescue.ts";
import { type CompressedRange, type InflateReader, openInflate, releasePiece } from "./node-inflate.ts";
import { openSpool, type Spool } from "./node-spool.ts";

/** Below this output a high ratio is no danger. */
const bombFloorBytes = 64 * 2 ** 20;
/** What one `readAt` without a spool keeps for the next: neighbors of an event are asked for next. */
const windowBytes = 2 ** 20;

/** Pieces of inflated content from the start on; damage becomes a warning, and what inflates is kept. */
interface InflatedPieces {
  readonly storedRead: number;
  next(): Promise<Uint8Array | null>;
  close(): void;
}

/** A source over compressed bytes of a file. Sequential reads inflate on zlib's thread; see `ByteSource.readAt`. */
export function inflatedSource(
  file: NodeFile,
  range: CompressedRange,
  options: { readonly limits: ImportLimits; readonly spool: boolean },
): ByteSource {
  const warnings: SourceWarning[] = [];
  let pieces: InflatedPieces | null = null;
  let rest: Uint8Array | null = null;
  let spool: Spool | null = null;
  let finished = false;
  let cached: { offset: number; bytes: Uint8Array } | null = null;

  const nextPiece = async (): Promise<Uint8Array | null> => {
    if (pieces === null) {
      pieces = openPieces(file, range, options.limits, (warning) => warnings.push(warning));
      if (options.spool) spool ??= openSpoolIfPossible();
    }
    const piece = await pieces.next();
    if (piece === null) {
      await spool?.flush();
      finished = true;
    } else await spool?.append(piece);
    return piece;
  };

  return {
    size: null,
    storedSize: range.end - range.start,
    get storedRead() {
      return pieces?.storedRead ?? 0;
    },
    async fill(target) {
      while (rest === null || rest.length === 0) {
        rest = finished ? null : await nextPiece();
        if (rest === null) return endOfData(file);
      }
      const count = Math.min(rest.length, target.length);
      target.set(rest.subarray(0, count));
      const used = rest;
      rest = rest.subarray(count);
      if (rest.length === 0) letGo(used, spool);
      return count;
    },
    async readAt(offset, target) {
      if (file.hasChanged()) throw new UserFacingError("The file changed on disk after it was opened.");
      const spooled = spool !== null && spool.usable && (finished || offset + target.length <= spool.length);
      if (spool !== null && spooled) return spool.readAt(offset, target);
      if (cached === null || offset < cached.offset || offset + target.length > cached.offset + cached.bytes.length) {
        cached = {
          offset,
          bytes: await inflateWindow(file, range, options.limits, offset, Math.max(windowBytes, target.length)),
        };
      }
      const part = cached.bytes.subarray(offset - cached.offset, offset - cached.offset + target.length);
      target.set(part);
      return part.length;
    },
    async openRandomAccess(betweenPieces) {
      if (pieces === null) spool = openSpoolIfPossible();
      betweenPieces();
      for (let piece = await nextPiece(); piece !== null; piece = await nextPiece()) {
        letGo(piece, spool);
        betweenPieces();
      }
      const copy = spool;
      if (copy === null || !copy.usable) {
        throw new UserFacingError(
          "The compressed file needs room for an unpacked copy in the folder for temporary files; unpack it first.",
        );
      }
      return { size: copy.length, readAt: (offset, target) => copy.readAt(offset, target) };
    },
    warnings,
    close() {
      pieces?.close();
      spool?.close();
      file.close();
    },
  };
}

/** Gives back the memory of a piece that was read; the copy on disk may still wait for it. */
function letGo(piece: Uint8Array, spool: Spool | null): void {
  if (spool === null) releasePiece(piece);
  else void spool.flush().then(() => releasePiece(piece));
}

/** Null where no file can be made (no folder for temporary files, no room): then each event inflates anew. */
function openSpoolIfPossible(): Spool | null {
  try {
    return openSpool();
  } catch (error) {
    if (error instanceof Error && "syscall" in error) return null;
    throw error;
  }
}

function endOfData(file: NodeFile): number {
  if (file.hasChanged())
    throw new TraceFormatError("expected a file that stays as it is, found that it changed while reading");
  return 0;
}

async function inflateWindow(
  file: NodeFile,
  range: CompressedRange,
  limits: ImportLimits,
  offset: number,
  length: number,
): Promise<Uint8Array> {
  const pieces = openPieces(file, range, limits, () => {});
  const window = new Uint8Array(length);
  let filled = 0;
  let position = 0;
  try {
    while (filled < length) {
      const piece = await pieces.next();
      if (piece === null) break;
      const from = Math.max(0, offset + filled - position);
      if (from < piece.length) {
        const part = piece.subarray(from, from + length - filled);
        window.set(part, filled);
        filled += part.length;
      }
      position += piece.length;
      releasePiece(piece);
    }
  } finally {
    pieces.close();
  }
  return window.subarray(0, filled);
}

function openPieces(
  file: NodeFile,
  range: CompressedRange,
  limits: ImportLimits,
  warn: (warning: SourceWarning) => void,
): InflatedPieces {
  const reader: InflateReader = openInflate(file, range);
  let rescue: AsyncGenerator<Uint8Array> | null = null;
  let inflated = 0;

  const checkLimits = (): void => {
    const stored = Math.max(1, reader.storedRead);
    if (inflated > limits.inflatedBytes)
      throw tooLarge(`more than ${limits.inflatedBytes} bytes (from ${stored} stored bytes)`);
    const ratio = inflated / stored;
    if (inflated > bombFloorBytes && ratio > limits.inflateRatio) {
      throw tooLarge(
        `${inflated} bytes from ${stored} stored bytes, ${Math.floor(ratio)} : 1 where at most ${limits.inflateRatio} : 1 is allowed`,
      );
    }
  };

  return {
    get storedRead() {
      return reader.storedRead;
    },
    async next() {
      let piece: Uint8Array | null;
      try {
        piece = rescue === null ? await reader.read() : nextOf(await rescue.next());
      } catch (error) {
        warn(toWarning(error, inflated));
        if (range.wrapping !== "gzip") return null;
        rescue = rescueGzip(file, inflated);
        piece = nextOf(await rescue.next());
      }
      if (piece === null) return null;
      inflated += piece.length;
      checkLimits();
      return piece;
    },
    close() {
      reader.close();
    },
  };
}

function nextOf(result: IteratorResult<Uint8Array>): Uint8Array | null {
  return result.done === true ? null : result.value;
}

function tooLarge(found: string): InflateLimitError {
  return new InflateLimitError(`expected a compressed file within the limits, found one that inflates to ${found}`);
}

/** zlib's errors by code: Z_BUF_ERROR is a stream that ends early, Z_DATA_ERROR damage or a checksum that differs. */
function toWarning(error: unknown, inflated: number): SourceWarning {
  const code = error instanceof Error && "code" in error ? error.code : null;
  const message = error instanceof Error ? error.message : String(error);
  if (code === "Z_BUF_ERROR") {
    return {
      code: "gzipTruncated",
      message: "the compressed stream ends early; what could be inflated was kept",
      byteOffset: inflated,
    };
  }
  if (code === "Z_DATA_ERROR" && /data check|length check/.test(message)) {
    return {
      code: "gzipChecksum",
      message: `the checksum of the compressed stream differs (${message}); the content was kept`,
      byteOffset: inflated,
    };
  }
  if (code === "Z_DATA_ERROR" && /header check/.test(message)) {
    return {
      code: "gzipTrailing",
      message: "bytes follow the end of the compressed stream and were left out",
      byteOffset: inflated,
    };
  }
  if (code === "Z_DATA_ERROR") {
    return {
      code: "gzipTruncated",
      message: `the compressed stream is damaged (${message}); what could be inflated before was kept`,
      byteOffset: inflated,
    };
  }
  throw error;
}
