import { app, Menu, type MenuItemConstructorOptions } from "electron";

import { type MenuCommand, menuCommands } from "../contract/menu-commands.ts";
import type { RecentFile, SampleFile } from "../contract/window-contract.ts";

const isMac = process.platform === "darwin";

export interface MenuActions {
  openFiles(): void;
  openFolder(): void;
  openRecent(id: string): void;
  forgetRecent(): void;
  showTraceCache(): void;
  openSample(id: string): void;
  runCommand(command: MenuCommand): void;
}

export interface MenuContents {
  readonly recentFiles: readonly RecentFile[];
  readonly samples: readonly SampleFile[];
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
        ...list("edit.copySelection"),
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

function createFileItems({ recentFiles, samples }: MenuContents, actions: MenuActions): MenuItemConstructorOptions[] {
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
    { label: "Open Recent", submenu: createRecentItems(recentFiles, actions) },
    { label: "Open Sample", submenu: sampleItems },
    { id: "file.traceCache", label: "Kept Traces…", click: actions.showTraceCache },
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
