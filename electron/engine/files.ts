import { stat } from "node:fs/promises";
import { UserFacingError } from "../../traces/model/errors.ts";
import { listProfileFiles } from "./profile-folder.ts";

/** What tells a file from its later self. */
export interface FileStamp {
  readonly bytes: number;
  readonly modifiedMs: number;
}

/**
 * Size and time of a regular file, or of all profile files of a folder; throws `UserFacingError` with the reason, without
 * the path, for anything else.
 */
export async function readFileStamp(path: string): Promise<FileStamp> {
  const facts = await stat(path).catch((error: unknown) => {
    throw toFileError(error);
  });
  if (facts.isDirectory()) {
    const stamps = await Promise.all(listProfileFiles(path).map(readFileStamp));
    return {
      bytes: stamps.reduce((sum, { bytes }) => sum + bytes, 0),
      modifiedMs: Math.max(...stamps.map(({ modifiedMs }) => modifiedMs)),
    };
  }
  if (!facts.isFile()) throw new UserFacingError("is not a regular file");
  return { bytes: facts.size, modifiedMs: facts.mtimeMs };
}

export function sameStamp(a: FileStamp, b: FileStamp): boolean {
  return a.bytes === b.bytes && a.modifiedMs === b.modifiedMs;
}

const reasons: Readonly<Record<string, string>> = {
  ENOENT: "no such file",
  ENOTDIR: "no such file",
  EISDIR: "is a folder, not a trace file",
  EACCES: "permission denied",
  EPERM: "permission denied",
  EMFILE: "too many files are open",
  ENFILE: "too many files are open",
  ELOOP: "is a link that leads nowhere",
  ENAMETOOLONG: "the name is too long",
  EIO: "the disk could not be read",
  EBUSY: "is in use by another program",
};

/** Turns an error of the file system into one for the user; every other error is returned as it is. */
export function toFileError(error: unknown): unknown {
  if (!(error instanceof Error) || !("syscall" in error) || !("code" in error) || typeof error.code !== "string")
    return error;
  return new UserFacingError(reasons[error.code] ?? `cannot be read (${error.code})`, { cause: error });
}
