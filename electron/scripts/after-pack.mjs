import { readdir, rm } from "node:fs/promises";
import { join } from "node:path";

/**
 * Removes Electron's default app, which electron-builder leaves in when it copies a runtime from a folder:
 * a packaged app must not be able to start anything but itself.
 * @param {{ readonly appOutDir: string }} context
 */
// oxlint-disable-next-line import/no-default-export -- the hook of electron-builder is a default export
export default async function removeDefaultApp({ appOutDir }) {
  for (const entry of await readdir(appOutDir, { recursive: true })) {
    if (entry.endsWith("default_app.asar")) await rm(join(appOutDir, entry));
  }
}
