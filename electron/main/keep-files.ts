import { statSync } from "node:fs";

/** The regular files among the paths; the terminal learns which ones are none. */
export function keepFiles(paths: readonly string[]): readonly string[] {
  return paths.filter((path) => {
    const isFile = isRegularFile(path);
    if (!isFile) console.error(`${path} is not a file that can be opened`);
    return isFile;
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
