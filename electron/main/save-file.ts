import { type BrowserWindow, dialog } from "electron";
import { randomUUID } from "node:crypto";
import { rename, rm, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";

import { toFileName } from "./file-name.ts";
import { describeFileError, ShellError } from "./shell-error.ts";

/**
 * Asks for a place and writes there; null when the user changed their mind, else the file name. `make` runs only when
 * there is a place.
 */
export async function saveFile(
  window: BrowserWindow,
  suggestedName: string,
  make: () => Promise<Uint8Array>,
): Promise<string | null> {
  const { canceled, filePath } = await dialog.showSaveDialog(window, { defaultPath: toFileName(suggestedName) });
  if (canceled || !filePath) return null;
  const bytes = await make();
  // Written beside and renamed, so that a full disk never leaves half a file under the chosen name.
  const temporary = join(dirname(filePath), `.${basename(filePath)}.${randomUUID()}.tmp`);
  try {
    await writeFile(temporary, bytes, { flag: "wx" });
    await rename(temporary, filePath);
  } catch (error) {
    await rm(temporary, { force: true });
    throw new ShellError(`${basename(filePath)} was not saved: ${describeFileError(error)}`, { cause: error });
  }
  return basename(filePath);
}
