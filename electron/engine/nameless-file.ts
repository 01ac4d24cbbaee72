import { closeSync, mkdtempSync, openSync, rmdirSync, statfsSync, unlinkSync } from "node:fs";
import { dirname, join } from "node:path";

/** An open file that only this user can read, and that where the system allows it has no name any more. */
export interface NamelessFile {
  readonly descriptor: number;
  close(): void;
}

/** @param name said in the folder as long as the file has a name */
export function openNamelessFile(folder: string, name: string): NamelessFile {
  const directory = mkdtempSync(join(folder, "deltaflame-"));
  const path = join(directory, name);
  const descriptor = openSync(path, "wx+", 0o600);
  const isNamed = !removeName(path);
  return {
    descriptor,
    close() {
      closeSync(descriptor);
      if (isNamed) removeName(path);
    },
  };
}

/** Bytes that this user may still write to the disk of `folder`. */
export function freeDiskBytes(folder: string): number {
  const { bavail, bsize } = statfsSync(folder);
  return bavail * bsize;
}

/** Windows keeps the name of an open file: then it is removed when the file is closed. */
function removeName(path: string): boolean {
  try {
    unlinkSync(path);
    rmdirSync(dirname(path));
    return true;
  } catch {
    return false;
  }
}
