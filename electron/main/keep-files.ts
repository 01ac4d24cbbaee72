import { statSync } from "node:fs";

import { profileFolderBytes } from "./profile-folder.ts";

/** The regular files and profile folders among the paths; the terminal learns which ones are neither. */
export function keepFiles(paths: readonly string[]): readonly string[] {
  return paths.filter((path) => {
    const canBeOpened = isRegularFile(path) || profileFolderBytes(path) !== null;
    if (!canBeOpened) console.error(`${path} is not a file that can be opened`);
    return canBeOpened;
  });
}

/** False also for paths that cannot be looked at (no permission, too long, no path at all). */
function isRegularFile(path: string): boolean {
  try {
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
