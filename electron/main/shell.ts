import { app, type BrowserWindow, dialog } from "electron";

import type { FileGrant } from "../contract/window-contract.ts";
import { serveAppScheme } from "./app-protocol.ts";
import { createDelivery, type Delivery } from "./delivery.ts";
import { createEngineProcess, type EngineProcess } from "./engine-process.ts";
import type { StartArguments } from "./file-arguments.ts";
import { createFileGrants, type FileGrants } from "./file-grants.ts";
import { chooseFiles, chooseFolder, createHandlers } from "./handlers.ts";
import { openWindowDoor } from "./ipc.ts";
import { showMenu } from "./menu.ts";
import { createRecentFiles, type RecentFiles } from "./recent-files.ts";
import { listSamples, samplePath } from "./samples.ts";
import { ShellError } from "./shell-error.ts";
import { openStateStore, type StateStore } from "./stored-state.ts";
import { offerToClearTraceCache } from "./trace-cache.ts";
import { applyThemeSetting, createWindow, lockDownPages } from "./window.ts";

export interface Shell {
  /** Opens files from outside (second start, file association) and brings the window to the front. */
  openPaths(paths: readonly string[]): void;
  /** Hands links to the window, which asks for their files as for any other link. */
  openLinks(links: readonly string[]): void;
}

interface ShellParts {
  /** The one window; null before the first and after its end. */
  window: BrowserWindow | null;
  /** Renderers that end now do so because they were asked to. */
  isQuitting: boolean;
  readonly store: StateStore;
  readonly delivery: Delivery;
  readonly engine: EngineProcess;
  readonly grants: FileGrants;
  readonly recentFiles: RecentFiles;
}

/** Puts the parts of the shell together: one window, one engine, the files and links of the command line. */
export function startShell({ files, links }: StartArguments): Shell {
  const store = openStateStore();
  const delivery = createDelivery();
  const engine = createEngineProcess((message) => delivery.send("engine.ended", { message }));
  const grants = createFileGrants(engine.grant);
  const recentFiles = createRecentFiles(store, () => report(parts, refreshMenu(parts)));
  const parts: ShellParts = { window: null, isQuitting: false, store, delivery, engine, grants, recentFiles };

  app.on("window-all-closed", () => {
    if (process.platform !== "darwin") app.quit();
  });
  app.on("activate", () => {
    if (parts.window === null && app.isReady()) openWindow(parts);
  });
  app.on("before-quit", () => {
    parts.isQuitting = true;
  });
  app.on("will-quit", engine.stop);
  delivery.sendLinks(links);
  report(parts, start(parts, files));

  return {
    openPaths(paths) {
      if (parts.window?.isMinimized()) parts.window.restore();
      parts.window?.focus();
      deliver(
        parts,
        app.whenReady().then(() => grantEach(parts, paths)),
      );
    },
    openLinks: delivery.sendLinks,
  };
}

async function start(parts: ShellParts, fileArguments: readonly string[]): Promise<void> {
  const { store, delivery, engine, grants, recentFiles } = parts;
  await app.whenReady();
  lockDownPages();
  serveAppScheme();
  applyThemeSetting(store.read("settings")["theme"]);
  const restartEngine = (): void => {
    engine.start(grants.all(), store.read("traceCacheLimitBytes"));
    if (parts.window !== null) engine.connect(parts.window.webContents);
  };
  const handlers = createHandlers({
    store,
    grants,
    recentFiles,
    delivery,
    window: () => parts.window,
    restartEngine,
    grantTarget: engine.grantTarget,
  });
  openWindowDoor(handlers, (paths) => grantEach(parts, paths));
  engine.start([], store.read("traceCacheLimitBytes"));
  delivery.sendFiles(await grantEach(parts, fileArguments));
  openWindow(parts);
  await refreshMenu(parts);
}

function openWindow(parts: ShellParts): void {
  const window = createWindow(parts.store);
  parts.window = window;
  parts.delivery.attach(window);
  window.webContents.on("did-finish-load", () => parts.engine.connect(window.webContents));
  window.webContents.on("render-process-gone", (_event, { reason }) => {
    if (reason !== "clean-exit" && !parts.isQuitting) report(parts, offerReload(window, reason));
  });
  window.on("closed", () => {
    parts.window = null;
  });
}

async function refreshMenu(parts: ShellParts): Promise<void> {
  const { store, engine, grants, recentFiles, delivery } = parts;
  const [recent, samples] = await Promise.all([recentFiles.list(), listSamples()]);
  showMenu(
    { recentFiles: recent, samples, traceCacheLimitBytes: store.read("traceCacheLimitBytes") },
    {
      openFiles: () => parts.window !== null && deliver(parts, chooseFiles(parts.window, grants)),
      openFolder: () => parts.window !== null && deliver(parts, chooseFolder(parts.window, grants)),
      openRecent: (id) => deliver(parts, grantEach(parts, [recentFiles.pathOf(id)])),
      forgetRecent: () => recentFiles.forget(null),
      showTraceCache: () =>
        parts.window !== null &&
        report(parts, offerToClearTraceCache(parts.window, store.read("traceCacheLimitBytes"))),
      limitTraceCache(bytes) {
        store.write("traceCacheLimitBytes", bytes);
        engine.limitTraceCache(bytes);
      },
      openSample: (id) => deliver(parts, grantSample(parts, id)),
      runCommand: (command) => delivery.send("menu.command", { command }),
    },
  );
}

async function grantSample({ grants }: ShellParts, id: string): Promise<readonly FileGrant[]> {
  return [await grants.grant(await samplePath(id), { isSample: true })];
}

/** Grants what can be opened and tells people about the rest. */
async function grantEach(parts: ShellParts, paths: readonly string[]): Promise<readonly FileGrant[]> {
  const settled = await Promise.allSettled(paths.map((path) => parts.grants.grant(path)));
  for (const result of settled) if (result.status === "rejected") showProblem(parts, result.reason);
  return settled.flatMap((result) => (result.status === "fulfilled" ? [result.value] : []));
}

function deliver(parts: ShellParts, files: Promise<readonly FileGrant[]>): void {
  report(parts, files.then(parts.delivery.sendFiles));
}

function report(parts: ShellParts, work: Promise<unknown>): void {
  work.catch((error: unknown) => showProblem(parts, error));
}

/** Tells people what they can act on; all else is a bug and goes to the terminal. */
function showProblem({ window }: ShellParts, error: unknown): void {
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
