import { stat } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { UsageError } from "./usage-error.ts";

/** What lies at a path; null for nothing. */
export async function kindOfPath(path: string, workingFolder: string): Promise<"file" | "folder" | null> {
  const found = await stat(resolve(workingFolder, path)).catch(() => null);
  return found === null ? null : found.isDirectory() ? "folder" : "file";
}

/** Looks, before work that may take minutes, whether its result can be written. Throws `UsageError` with the flag. */
export async function checkTarget(flag: string, path: string, workingFolder: string): Promise<void> {
  if ((await kindOfPath(path, workingFolder)) === "folder")
    throw new UsageError(`${flag} ${path} is a folder; it takes a file`);
  if ((await kindOfPath(dirname(path), workingFolder)) !== "folder")
    throw new UsageError(`${flag} ${path}: there is no folder ${dirname(path)}`);
}
