import { app } from "electron";
import { join } from "node:path";

/** A file of the built app. */
export function distPath(...parts: readonly string[]): string {
  return join(app.getAppPath(), "dist", ...parts);
}

/** The same outside the archive of a packaged app: a real path for other processes. */
export function unpackedDistPath(...parts: readonly string[]): string {
  return distPath(...parts).replace(/app\.asar(?=[\\/])/, "app.asar.unpacked");
}
