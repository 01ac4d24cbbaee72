import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { ElectronApplication, Page } from "playwright-core";

import { repositoryFolder } from "../../electron/scripts/bundles.mjs";

/** The next open dialogs answer with these files; an empty list means "canceled". */
export async function stubOpenDialog(app: ElectronApplication, files: readonly string[]): Promise<void> {
  await app.evaluate(
    ({ dialog }, filePaths) => {
      dialog.showOpenDialog = () => Promise.resolve({ canceled: filePaths.length === 0, filePaths });
    },
    [...files],
  );
}

/** The next save dialogs choose the suggested name in `folder`. */
export async function stubSaveDialog(app: ElectronApplication, folder: string): Promise<void> {
  await app.evaluate(({ dialog }, place) => {
    const choose = (...values: unknown[]): Promise<{ canceled: boolean; filePath: string }> => {
      const options = values.at(-1) as { readonly defaultPath: string };
      return Promise.resolve({ canceled: false, filePath: `${place}/${options.defaultPath}` });
    };
    dialog.showSaveDialog = choose;
  }, folder);
}

/** Message boxes answer with the button of this index; gives the messages seen so far. */
export async function stubMessageBox(
  app: ElectronApplication,
  response: number,
): Promise<() => Promise<readonly string[]>> {
  await app.evaluate(({ dialog }, button) => {
    const seen: string[] = [];
    (globalThis as { seenMessages?: string[] }).seenMessages = seen;
    dialog.showMessageBox = (...values: unknown[]) => {
      seen.push((values.at(-1) as { readonly message: string }).message);
      return Promise.resolve({ response: button, checkboxChecked: false });
    };
  }, response);
  return () => app.evaluate(() => (globalThis as { seenMessages?: string[] }).seenMessages ?? []);
}

/** Drops files as the system does, with their paths; a DOM event made in the page would carry none. */
export async function dropFiles(
  page: Page,
  files: readonly string[],
  at: { readonly x: number; readonly y: number },
): Promise<void> {
  const session = await page.context().newCDPSession(page);
  const data = { items: [], files: [...files], dragOperationsMask: 1 };
  for (const type of ["dragEnter", "dragOver", "drop"] as const)
    await session.send("Input.dispatchDragEvent", { type, ...at, data });
  await session.detach();
}

/** Process id of the engine; undefined while none runs. */
export function findEnginePid(app: ElectronApplication): Promise<number | undefined> {
  return app.evaluate(
    (electron) =>
      electron.app.getAppMetrics().find(({ serviceName, name }) => (name ?? serviceName) === "Deltaflame engine")?.pid,
  );
}

/** Runs a menu entry by its id, as a click would. */
export async function clickMenu(app: ElectronApplication, id: string): Promise<void> {
  await app.evaluate(({ Menu, BrowserWindow }, itemId) => {
    const item = Menu.getApplicationMenu()?.getMenuItemById(itemId);
    if (!item) throw new Error(`no menu item ${itemId}`);
    const [window] = BrowserWindow.getAllWindows();
    item.click({}, window, window?.webContents);
  }, id);
}

/** Writes a picture of the window for people, into the ignored `test-results/`; gives its path. */
export async function saveScreenshot(page: Page, name: string): Promise<string> {
  const folder = join(repositoryFolder, "test-results");
  await mkdir(folder, { recursive: true });
  const path = join(folder, `${name}.png`);
  await page.screenshot({ path });
  return path;
}
