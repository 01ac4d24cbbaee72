import { app, Menu, type MenuItemConstructorOptions } from "electron";

import { type MenuCommand, menuCommands } from "../contract/menu-commands.ts";
import { traceCacheLimits } from "../contract/trace-cache.ts";
import type { RecentFile, SampleFile } from "../contract/window-contract.ts";

const isMac = process.platform === "darwin";

export interface MenuActions {
  openFiles(): void;
  openFolder(): void;
  openRecent(id: string): void;
  forgetRecent(): void;
  showTraceCache(): void;
  limitTraceCache(bytes: number): void;
  openSample(id: string): void;
  runCommand(command: MenuCommand): void;
}

export interface MenuContents {
  readonly recentFiles: readonly RecentFile[];
  readonly samples: readonly SampleFile[];
  readonly traceCacheLimitBytes: number;
}

const separator: MenuItemConstructorOptions = { type: "separator" };

/** Shows the menu bar; called again whenever the recent list changes. */
export function showMenu(contents: MenuContents, actions: MenuActions): void {
  const list = (...ids: readonly MenuCommand[]): MenuItemConstructorOptions[] =>
    ids.map((id) => createCommandItem(id, actions));
  const template: MenuItemConstructorOptions[] = [
    { label: "&File", submenu: createFileItems(contents, actions) },
    {
      label: "&Edit",
      submenu: [
        { role: "cut" },
        { role: "copy" },
        { role: "paste" },
        { role: "selectAll" },
        separator,
        ...list("edit.copySelection", "link.copy"),
        separator,
        ...list("edit.find", "edit.findNext", "edit.findPrevious"),
      ],
    },
    {
      label: "&View",
      submenu: [
        ...list("view.zoomIn", "view.zoomOut", "view.panLeft", "view.panRight"),
        ...list("view.fitSelection", "view.wholeTrace", "view.back", "view.measure"),
        separator,
        ...list("bookmark.set", "bookmark.next", "bookmark.previous"),
        ...list("bookmark.rename", "bookmark.delete", "bookmark.restore"),
        separator,
        ...list("view.nextColoring", "timeline.groupBy"),
        separator,
        ...list("view.top", "view.callTree", "view.flameGraph", "view.ledger"),
        separator,
        ...list("view.toggleTracks", "view.toggleDock", "view.toggleTheme"),
        separator,
        ...list("tab.next", "tab.previous"),
        separator,
        { role: "togglefullscreen" },
        ...(app.isPackaged ? [] : [{ role: "reload" } as const, { role: "toggleDevTools" } as const]),
      ],
    },
    { role: "help", label: "&Help", submenu: [...list("app.shortcuts", "app.commands"), separator, { role: "about" }] },
  ];
  Menu.setApplicationMenu(Menu.buildFromTemplate(isMac ? [{ role: "appMenu" }, ...template] : template));
}

function createFileItems(contents: MenuContents, actions: MenuActions): MenuItemConstructorOptions[] {
  const { recentFiles, samples } = contents;
  const sampleItems = samples.map(({ id, name, description }) => ({
    label: name,
    sublabel: description,
    click: () => actions.openSample(id),
  }));
  return [
    {
      id: "file.open",
      label: "Open…",
      accelerator: "CmdOrCtrl+O",
      registerAccelerator: false,
      click: actions.openFiles,
    },
    { id: "file.openFolder", label: "Open Profile Folder…", click: actions.openFolder },
    createCommandItem("link.open", actions),
    { label: "Open Recent", submenu: createRecentItems(recentFiles, actions) },
    { label: "Open Sample", submenu: sampleItems },
    { label: "Kept Traces", submenu: createTraceCacheItems(contents, actions) },
    separator,
    {
      label: "Export",
      submenu: (["file.exportContainer", "file.exportChrome", "file.exportCsv"] as const).map((id) =>
        createCommandItem(id, actions),
      ),
    },
    separator,
    createCommandItem("tab.close", actions),
    ...(isMac ? [] : [separator, { role: "quit", accelerator: "CmdOrCtrl+Q" } as const]),
  ];
}

function createTraceCacheItems(
  { traceCacheLimitBytes }: MenuContents,
  actions: MenuActions,
): MenuItemConstructorOptions[] {
  const limits = traceCacheLimits.map((bytes): MenuItemConstructorOptions => ({
    id: `file.traceCache.${bytes / 1e9}`,
    label: bytes === 0 ? "Keep None" : `Keep up to ${bytes / 1e9} GB`,
    type: "radio",
    checked: bytes === traceCacheLimitBytes,
    click: () => actions.limitTraceCache(bytes),
  }));
  return [{ id: "file.traceCache", label: "Show and Delete…", click: actions.showTraceCache }, separator, ...limits];
}

/** The window handles its keys itself. Only macOS asks the menu first, and there single keys would be lost to text fields. */
function createCommandItem(id: MenuCommand, actions: MenuActions): MenuItemConstructorOptions {
  const { label, accelerator, key } = menuCommands[id];
  const item = { id, label, click: () => actions.runCommand(id) };
  if (isMac) return accelerator === null ? item : { ...item, accelerator };
  const shown = accelerator ?? key;
  return shown === null ? item : { ...item, accelerator: shown, registerAccelerator: false };
}

function createRecentItems(recentFiles: readonly RecentFile[], actions: MenuActions): MenuItemConstructorOptions[] {
  if (recentFiles.length === 0) return [{ label: "No Recent Files", enabled: false }];
  const items = recentFiles.map(({ id, name, folder, exists }) => ({
    label: `${name}  —  ${folder}`.replaceAll("&", "&&"),
    enabled: exists,
    click: () => actions.openRecent(id),
  }));
  return [...items, { type: "separator" }, { label: "Clear Recent Files", click: actions.forgetRecent }];
}
