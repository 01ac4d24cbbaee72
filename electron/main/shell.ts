import { app, type BrowserWindow, dialog } from "electron";

import type { FileGrant } from "../contract/window-contract.ts";
import { serveAppScheme } from "./app-protocol.ts";
import { createDelivery } from "./delivery.ts";
import { createEngineProcess } from "./engine-process.ts";
import { createFileGrants } from "./file-grants.ts";
import { chooseFiles, createHandlers } from "./handlers.ts";
import { openWindowDoor } from "./ipc.ts";
import { showMenu } from "./menu.ts";
import { createRecentFiles } from "./recent-files.ts";
import { listSamples, samplePath } from "./samples.ts";
import { ShellError } from "./shell-error.ts";
import { openStateStore } from "./stored-state.ts";
import { applyThemeSetting, createWindow, lockDownPages } from "./window.ts";

export interface Shell {
  /** Opens files from outside (second start, file association) and brings the window to the front. */
  openPaths(paths: readonly string[]): void;
}

/** Puts the parts of the shell together: one window, one engine, the files of the command line. */
export function startShell(fileArguments: readonly string[]): Shell {
  let window: BrowserWindow | null = null;
  const store = openStateStore();
  const delivery = createDelivery();
  const engine = createEngineProcess((message) => delivery.send("engine.ended", { message }));
  const grants = createFileGrants(engine.grant);
  const recentFiles = createRecentFiles(store, () => report(refreshMenu()));

  const grantEach = async (paths: readonly string[]): Promise<readonly FileGrant[]> => {
    const settled = await Promise.allSettled(paths.map((path) => grants.grant(path)));
    for (const result of settled) if (result.status === "rejected") showProblem(window, result.reason);
    return settled.flatMap((result) => (result.status === "fulfilled" ? [result.value] : []));
  };
  const deliver = (files: Promise<readonly FileGrant[]>): void => report(files.then(delivery.sendFiles));
  const report = (work: Promise<unknown>): void => void work.catch((error: unknown) => showProblem(window, error));

  const refreshMenu = async (): Promise<void> => {
    const [recent, samples] = await Promise.all([recentFiles.list(), listSamples()]);
    showMenu(
      { recentFiles: recent, samples },
      {
        openFiles: () => window !== null && deliver(chooseFiles(window, grants)),
        openRecent: (id) => deliver(grantEach([recentFiles.pathOf(id)])),
        forgetRecent: () => recentFiles.forget(null),
        openSample: (id) => deliver(samplePath(id).then(async (path) => [await grants.grant(path, { isSample: true })])),
        runCommand: (command) => delivery.send("menu.command", { command }),
      },
    );
  };

  const openWindow = (): void => {
    const created = createWindow(store);
    window = created;
    delivery.attach(created);
    created.webContents.on("did-finish-load", () => engine.connect(created.webContents));
    created.webContents.on("render-process-gone", (_event, { reason }) => {
      if (reason !== "clean-exit") report(offerReload(created, reason));
    });
    created.on("closed", () => {
      window = null;
    });
  };

  const restartEngine = (): void => {
    engine.start(grants.all());
    if (window !== null) engine.connect(window.webContents);
  };

  app.on("window-all-closed", () => {
    if (process.platform !== "darwin") app.quit();
  });
  app.on("activate", () => {
    if (window === null && app.isReady()) openWindow();
  });
  app.on("will-quit", engine.stop);

  const start = async (): Promise<void> => {
    await app.whenReady();
    lockDownPages();
    serveAppScheme();
    applyThemeSetting(store.read("settings")["theme"]);
    openWindowDoor(createHandlers({ store, grants, recentFiles, delivery, window: () => window, restartEngine }), grantEach);
    engine.start(grants.all());
    delivery.sendFiles(await grantEach(fileArguments));
    openWindow();
    await refreshMenu();
  };
  report(start());

  return {
    openPaths(paths) {
      if (window?.isMinimized()) window.restore();
      window?.focus();
      report(app.whenReady().then(async () => delivery.sendFiles(await grantEach(paths))));
    },
  };
}

/** Tells people what they can act on; all else is a bug and goes to the terminal. */
function showProblem(window: BrowserWindow | null, error: unknown): void {
  console.error(error instanceof ShellError ? error.message : error);
  if (!(error instanceof ShellError)) return;
  const options = { type: "warning", message: error.message } as const;
  void (window === null ? dialog.showMessageBox(options) : dialog.showMessageBox(window, options));
}

async function offerReload(window: BrowserWindow, reason: string): Promise<void> {
  const { response } = await dialog.showMessageBox(window, {
    type: "error",
    message: `The window stopped working (${reason})`,
    detail: "Files on disk are not affected.",
    buttons: ["Reload", "Quit"],
  });
  if (response === 0) window.webContents.reload();
  else app.quit();
}
