import { app, type BrowserWindow, dialog } from "electron";
import { readdir, rm, stat } from "node:fs/promises";
import { join } from "node:path";

/** Where the engine keeps traces for quick opening. They hold what the traces hold: below the user's own data. */
export const traceCacheFolder = (): string => join(app.getPath("userData"), "trace-cache");

/** Tells what is kept and what it takes, and forgets it when asked to; files of the user are not touched. */
export async function offerToClearTraceCache(window: BrowserWindow, limitBytes: number): Promise<void> {
  const sizes = await listKeptSizes();
  if (sizes.length === 0) {
    await dialog.showMessageBox(window, {
      type: "info",
      message: "No traces are kept",
      detail:
        limitBytes === 0
          ? "Nothing is kept, so files are read anew each time. File › Kept Traces says how much may be kept."
          : `Larger files are kept as they were read, up to ${formatSize(limitBytes)}, so that they open at once the next time.`,
    });
    return;
  }
  const bytes = sizes.reduce((sum, size) => sum + size, 0);
  const { response } = await dialog.showMessageBox(window, {
    type: "question",
    message: `${sizes.length} kept ${sizes.length === 1 ? "trace takes" : "traces take"} ${formatSize(bytes)} of at most ${formatSize(limitBytes)}`,
    detail: "Kept traces open at once. Without them the files are read again; the files themselves are not touched.",
    buttons: ["Delete Kept Traces", "Keep"],
    defaultId: 1,
    cancelId: 1,
  });
  if (response === 0) await rm(traceCacheFolder(), { recursive: true, force: true });
}

async function listKeptSizes(): Promise<readonly number[]> {
  const folder = traceCacheFolder();
  const names = (await readdir(folder).catch((): string[] => [])).filter((name) => name.endsWith(".dflame"));
  const sizes = names.map((name) =>
    stat(join(folder, name)).then(
      ({ size }) => size,
      // One that the engine has just removed.
      () => 0,
    ),
  );
  return await Promise.all(sizes);
}

const formatSize = (bytes: number): string =>
  bytes >= 1e9
    ? `${(bytes / 1e9).toLocaleString("en-US", { maximumFractionDigits: 1 })} GB`
    : `${(bytes / 1e6).toLocaleString("en-US", { maximumFractionDigits: bytes < 1e8 ? 1 : 0 })} MB`;
