import { app, type BrowserWindow, clipboard, dialog } from "electron";

import type { FileGrant, ShellFacts } from "../contract/window-contract.ts";
import { chooseTarget } from "./choose-target.ts";
import { grantDatabaseBeside } from "./database-beside.ts";
import type { Delivery } from "./delivery.ts";
import type { EngineProcess } from "./engine-process.ts";
import type { FileGrants } from "./file-grants.ts";
import type { ShellHandlers } from "./ipc.ts";
import { openExtensions } from "./open-extensions.ts";
import type { RecentFiles } from "./recent-files.ts";
import { listSamples, samplePath } from "./samples.ts";
import { savePdf } from "./print-pdf.ts";
import { saveFile } from "./save-file.ts";
import { ShellError } from "./shell-error.ts";
import type { StateStore } from "./stored-state.ts";
import { offerToClearTraceCache } from "./trace-cache.ts";
import { copyLink, openLink } from "./view-links.ts";
import { applyThemeSetting } from "./window.ts";

/** Releases are built on this Electron or a newer one; anything older is the evaluation runtime. */
const oldestSupportedElectronMajor = 45;

const openFilters = [
  { name: "Traces, profiles and benchmark results", extensions: openExtensions },
  { name: "All files", extensions: ["*"] },
];

export interface ShellParts {
  readonly store: StateStore;
  readonly grants: FileGrants;
  readonly recentFiles: RecentFiles;
  readonly delivery: Delivery;
  readonly window: () => BrowserWindow | null;
  readonly restartEngine: () => void;
  readonly grantTarget: EngineProcess["grantTarget"];
}

/** What the shell does for the window, command by command. */
export function createHandlers({
  store,
  grants,
  recentFiles,
  delivery,
  window,
  restartEngine,
  grantTarget,
}: ShellParts): ShellHandlers {
  return {
    "shell.facts": async () => readFacts(),
    "file.choose": () => chooseFiles(requireWindow(window), grants),
    "file.chooseFolder": () => chooseFolder(requireWindow(window), grants),
    "file.showKept": async () => {
      await offerToClearTraceCache(requireWindow(window), store.read("traceCacheLimitBytes"));
      return null;
    },
    "file.recent": () => recentFiles.list(),
    "file.openRecent": async ({ id }) => grants.grant(recentFiles.pathOf(id)),
    "file.forgetRecent": async ({ id }) => {
      recentFiles.forget(id);
      return null;
    },
    "file.databaseBeside": ({ token }) => grantDatabaseBeside(token, grants),
    "file.opened": async ({ token, formatLabel }) => {
      const file = grants.find(token);
      if (file === null) throw new ShellError("This file was not granted");
      if (!file.isSample) recentFiles.remember(file.path, formatLabel);
      return null;
    },
    "file.samples": listSamples,
    "file.openSample": async ({ id }) => grants.grant(await samplePath(id), { isSample: true }),
    "file.pending": async () => delivery.takePending(),
    "link.copy": async ({ token, place }) => {
      await copyLink(grants, token, place);
      return null;
    },
    "link.open": ({ text }) => openLink(text, { grants, recentFiles, window: () => requireWindow(window) }),
    "file.save": ({ suggestedName, bytes }) => saveFile(requireWindow(window), suggestedName, async () => bytes),
    "file.savePdf": ({ suggestedName, html }) => savePdf(requireWindow(window), suggestedName, html),
    "file.chooseTarget": (request) => chooseTarget(requireWindow(window), request, grantTarget),
    "settings.read": async () => store.read("settings"),
    "settings.write": async ({ settings }) => {
      store.write("settings", settings);
      applyThemeSetting(settings["theme"]);
      return null;
    },
    "clipboard.write": async ({ text }) => {
      await clipboard.writeText(text);
      return null;
    },
    "engine.restart": async () => {
      restartEngine();
      return null;
    },
  };
}

/** Asks for files; those that cannot be opened are an error, because the user pointed at them just now. */
export async function chooseFiles(window: BrowserWindow, grants: FileGrants): Promise<readonly FileGrant[]> {
  const { canceled, filePaths } = await dialog.showOpenDialog(window, {
    title: "Open traces",
    filters: openFilters,
    properties: ["openFile", "multiSelections"],
  });
  return canceled ? [] : Promise.all(filePaths.map((path) => grants.grant(path)));
}

/** Asks for a folder with the profiles of several hosts, which are opened as one trace. */
export async function chooseFolder(window: BrowserWindow, grants: FileGrants): Promise<readonly FileGrant[]> {
  const { canceled, filePaths } = await dialog.showOpenDialog(window, {
    title: "Open a profile folder (plugins/profile/<run>)",
    properties: ["openDirectory"],
  });
  return canceled ? [] : Promise.all(filePaths.map((path) => grants.grant(path)));
}

function readFacts(): ShellFacts {
  const { electron, chrome } = process.versions;
  const { platform } = process;
  return {
    version: app.getVersion(),
    platform: platform === "darwin" || platform === "win32" ? platform : "linux",
    electron,
    chromium: chrome,
    evaluationRuntime: Number.parseInt(electron, 10) < oldestSupportedElectronMajor,
  };
}

function requireWindow(window: () => BrowserWindow | null): BrowserWindow {
  const open = window();
  if (open === null) throw new ShellError("The window is closed");
  return open;
}
