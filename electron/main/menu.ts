import { app, Menu, type MenuItemConstructorOptions } from "electron";

import { type MenuCommand, menuCommands } from "../contract/menu-commands.ts";
import type { RecentFile, SampleFile } from "../contract/window-contract.ts";

export interface MenuActions {
  openFiles(): void;
  openRecent(id: string): void;
  forgetRecent(): void;
  openSample(id: string): void;
  runCommand(command: MenuCommand): void;
}

export interface MenuContents {
  readonly recentFiles: readonly RecentFile[];
  readonly samples: readonly SampleFile[];
}

/** Shows the menu bar; called again whenever the recent list changes. */
export function showMenu({ recentFiles, samples }: MenuContents, actions: MenuActions): void {
  const command = (id: MenuCommand): MenuItemConstructorOptions => createCommandItem(id, actions);
  const separator: MenuItemConstructorOptions = { type: "separator" };
  const isMac = process.platform === "darwin";
  const template: MenuItemConstructorOptions[] = [
    ...(isMac ? [{ role: "appMenu" } as const] : []),
    {
      label: "&File",
      submenu: [
        { id: "file.open", label: "Open…", accelerator: "CmdOrCtrl+O", click: actions.openFiles },
        { label: "Open Recent", submenu: createRecentItems(recentFiles, actions) },
        {
          label: "Open Sample",
          enabled: samples.length > 0,
          submenu: samples.map(({ id, name, description }) => ({ label: name, sublabel: description, click: () => actions.openSample(id) })),
        },
        separator,
        command("tab.close"),
        ...(isMac ? [] : [separator, { role: "quit", accelerator: "CmdOrCtrl+Q" } as const]),
      ],
    },
    {
      label: "&Edit",
      submenu: [
        { role: "cut" },
        { role: "copy" },
        { role: "paste" },
        { role: "selectAll" },
        separator,
        command("edit.copySelection"),
        separator,
        command("edit.find"),
        command("edit.findNext"),
        command("edit.findPrevious"),
      ],
    },
    {
      label: "&View",
      submenu: [
        command("view.zoomIn"),
        command("view.zoomOut"),
        command("view.panLeft"),
        command("view.panRight"),
        command("view.fitSelection"),
        command("view.wholeTrace"),
        command("view.back"),
        command("view.measure"),
        separator,
        command("view.top"),
        command("view.callTree"),
        command("view.flameGraph"),
        command("view.ledger"),
        separator,
        command("view.toggleTracks"),
        command("view.toggleMinimap"),
        command("view.toggleDock"),
        command("view.toggleTheme"),
        separator,
        command("tab.next"),
        command("tab.previous"),
        separator,
        { role: "togglefullscreen" },
        ...(app.isPackaged ? [] : [{ role: "reload" } as const, { role: "toggleDevTools" } as const]),
      ],
    },
    {
      role: "help",
      label: "&Help",
      submenu: [command("app.shortcuts"), command("app.commands"), separator, { role: "about" }],
    },
  ];
  Menu.setApplicationMenu(Menu.buildFromTemplate(template));
}

function createCommandItem(id: MenuCommand, actions: MenuActions): MenuItemConstructorOptions {
  const { label, accelerator, key } = menuCommands[id];
  const item = { id, label, click: () => actions.runCommand(id) };
  if (accelerator !== null) return { ...item, accelerator };
  // macOS would take a shown key away from the window's text fields.
  if (key === null || process.platform === "darwin") return item;
  return { ...item, accelerator: key, registerAccelerator: false };
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
