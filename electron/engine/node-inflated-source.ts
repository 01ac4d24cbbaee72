import type { ByteSource, SourceWarning } from "../../traces/io/byte-source.ts";
import { createForwardReader, type Pieces } from "../../traces/io/forward-reader.ts";
import { changedOnDisk, InflateLimitError, TraceFormatError, UserFacingError } from "../../traces/model/errors.ts";
import type { ImportLimits } from "../../traces/importers/importer.ts";
import { copyBytes } from "./copy-bytes.ts";
import type { NodeFile } from "./node-file.ts";
import { checksumCode } from "../../traces/model/ledger.ts";
import { rescueGzip } from "./node-gzip-rescue.ts";
import { type CompressedRange, type InflateReader, openInflate } from "./node-inflate.ts";
import { openInflateHere } from "./node-inflate-here.ts";
import { openSpool, type Spool } from "./node-spool.ts";

/** Below this output a high ratio is no danger. */
const bombFloorBytes = 64 * 2 ** 20;

/** Pieces of inflated content from the start on; damage becomes a warning, and what inflates is kept. */
interface InflatedPieces extends Pieces {
  readonly storedRead: number;
  /** As `InflateReader.read`. */
  next(target?: Uint8Array): Promise<Uint8Array | null>;
}

/**
 * A source over compressed bytes of a file; see `ByteSource.readAt`. Sequential reads inflate on zlib's thread, or with
 * `inflatesHere` on the calling one, where no copy is kept on disk: that takes its time with a piece.
 */
export function inflatedSource(
  file: NodeFile,
  range: CompressedRange,
  options: { readonly limits: ImportLimits; readonly spool: boolean; readonly inflatesHere: boolean },
): ByteSource {
  const warnings: SourceWarning[] = [];
  const warn = (warning: SourceWarning): void => void warnings.push(warning);
  let pieces: InflatedPieces | null = null;
  let rest: Uint8Array | null = null;
  let spool: Spool | null = null;
  let finished = false;
  const again = createForwardReader(() => openPieces(openInflate(file, range), file, range, options.limits, () => {}));

  const nextPiece = async (target?: Uint8Array): Promise<Uint8Array | null> => {
    if (pieces === null) {
      pieces = openPieces(openReader(file, range, options), file, range, options.limits, warn);
      if (options.spool) spool ??= openSpoolIfPossible();
    }
    const piece = await pieces.next(target);
    if (piece === null) {
      await spool?.flush();
      finished = true;
    } else await spool?.append(piece);
    return piece;
  };

  const unpack = async (betweenPieces: () => void): Promise<void> => {
    if (pieces === null) spool = openSpoolIfPossible();
    betweenPieces();
    for (;;) {
      if (finished || spool?.usable !== true) break;
      const piece = await nextPiece();
      if (piece !== null) letGo(piece, pieces, spool);
      betweenPieces();
    }
  };

  return {
    size: null,
    storedSize: range.end - range.start,
    get storedRead() {
      return pieces?.storedRead ?? 0;
    },
    async fill(target) {
      while (rest === null || rest.length === 0) {
        rest = finished ? null : await nextPiece(target);
        if (rest === null) return endOfData(file);
      }
      const count = Math.min(rest.length, target.length);
      if (!startsIn(rest, target)) copyBytes(rest.subarray(0, count), target);
      const used = rest;
      rest = rest.subarray(count);
      if (rest.length === 0) letGo(used, pieces, spool);
      return count;
    },
    get seeks() {
      return finished && spool?.usable === true;
    },
    async readAt(offset, target) {
      if (file.hasChanged()) throw new UserFacingError(`${changedOnDisk}.`);
      const spooled = spool !== null && spool.usable && (finished || offset + target.length <= spool.length);
      return spool !== null && spooled ? spool.readAt(offset, target) : await again.readAt(offset, target);
    },
    unpack,
    async openRandomAccess(betweenPieces) {
      await unpack(betweenPieces);
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
      again.close();
      spool?.close();
      file.close();
    },
  };
}

function startsIn({ buffer, byteOffset }: Uint8Array, target: Uint8Array): boolean {
  return buffer === target.buffer && byteOffset === target.byteOffset;
}

function openReader(
  file: NodeFile,
  range: CompressedRange,
  { inflatesHere, spool }: { readonly inflatesHere: boolean; readonly spool: boolean },
): InflateReader {
  return (inflatesHere && !spool ? openInflateHere(file, range) : null) ?? openInflate(file, range);
}

/** Gives back the memory of a piece that was read; the copy on disk may still wait for it. */
function letGo(piece: Uint8Array, pieces: Pieces | null, spool: Spool | null): void {
  if (spool === null) pieces?.release(piece);
  else void spool.flush().then(() => pieces?.release(piece));
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

function openPieces(
  reader: InflateReader,
  file: NodeFile,
  range: CompressedRange,
  limits: ImportLimits,
  warn: (warning: SourceWarning) => void,
): InflatedPieces {
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
    async next(target) {
      let piece: Uint8Array | null;
      try {
        piece = rescue === null ? await reader.read(target) : nextOf(await rescue.next());
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
    release: reader.release,
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
      code: checksumCode,
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
