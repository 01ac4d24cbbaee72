import { randomUUID } from "node:crypto";
import { open, rename, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { UserFacingError } from "../../traces/model/errors.ts";

const reasons: Readonly<Record<string, string>> = {
  ENOENT: "the folder does not exist",
  ENOTDIR: "the folder does not exist",
  EACCES: "permission denied",
  EPERM: "permission denied",
  EISDIR: "it is a folder",
  ENOSPC: "no space left on the device",
  EDQUOT: "no space left for this user",
  EFBIG: "the file system takes no file of this size",
  EROFS: "the file system is read-only",
  ENAMETOOLONG: "the name is too long",
};

/**
 * Writes a file in pieces, beside its place first, and puts it there when it is complete; so neither a full disk nor
 * a cancelled export leaves half a file. Returns its bytes. Throws UserFacingError, without the path, when the disk
 * refuses; what `pieces` throws goes through.
 */
export async function writeFileInPieces(path: string, pieces: AsyncIterable<Uint8Array>): Promise<number> {
  const temporary = join(dirname(path), `.${basename(path)}.${randomUUID()}.tmp`);
  const file = await open(temporary, "wx").catch(refuseWrite);
  let bytes = 0;
  try {
    try {
      for await (const piece of pieces) {
        await writeAll(file, piece);
        bytes += piece.length;
      }
    } finally {
      await file.close();
    }
    await rename(temporary, path).catch(refuseWrite);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
  return bytes;
}

async function writeAll(file: Awaited<ReturnType<typeof open>>, piece: Uint8Array): Promise<void> {
  for (let at = 0; at < piece.length;) {
    const { bytesWritten } = await file.write(piece, at, piece.length - at).catch(refuseWrite);
    at += bytesWritten;
  }
}

/** Throws what the disk said as a sentence for people, without the path. */
export function refuseWrite(error: unknown): never {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  throw new UserFacingError(`the file cannot be written: ${reasons[code] ?? (code === "" ? "unknown reason" : code)}`, {
    cause: error,
  });
}
