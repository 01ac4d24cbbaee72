import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";

/**
 * Bytes of the profile files of a folder (`*.xplane.pb`, one a host), or 0 for a log folder whose runs lie below it; null
 * when it is no such folder. The engine looks closer and says what is wrong.
 */
export function profileFolderBytes(path: string): number | null {
  try {
    const files = readdirSync(path).filter((name) => /\.xplane\.pb(?:\.gz)?$/i.test(name));
    if (files.length > 0) return files.reduce((sum, name) => sum + statSync(join(path, name)).size, 0);
    return statSync(join(path, "plugins", "profile")).isDirectory() ? 0 : null;
  } catch {
    // Not a folder, or one that may not be read.
    return null;
  }
}
