/**
 * Window commands that the menu of the shell offers. The window owns what they do; single keys are shown in the menu,
 * not taken by it, because the window also has text fields.
 */
export const menuCommands = {
  "file.exportContainer": { label: "As a Deltaflame Container…", accelerator: null, key: null },
  "file.exportChrome": { label: "As a Chrome Trace…", accelerator: null, key: null },
  "file.exportCsv": { label: "As a Table (CSV)…", accelerator: null, key: null },
  "link.open": { label: "Open Link…", accelerator: "CmdOrCtrl+L", key: null },
  "link.copy": { label: "Copy Link to View", accelerator: null, key: "L" },
  "tab.close": { label: "Close Tab", accelerator: "CmdOrCtrl+W", key: null },
  "tab.next": { label: "Next Tab", accelerator: "Ctrl+Tab", key: null },
  "tab.previous": { label: "Previous Tab", accelerator: "Ctrl+Shift+Tab", key: null },
  "edit.find": { label: "Find…", accelerator: "CmdOrCtrl+F", key: null },
  "edit.findNext": { label: "Find Next", accelerator: null, key: "N" },
  "edit.findPrevious": { label: "Find Previous", accelerator: null, key: "P" },
  "edit.copySelection": { label: "Copy Selection", accelerator: null, key: null },
  "view.back": { label: "Previous View", accelerator: null, key: "Backspace" },
  "view.zoomIn": { label: "Zoom In", accelerator: null, key: "W" },
  "view.zoomOut": { label: "Zoom Out", accelerator: null, key: "S" },
  "view.panLeft": { label: "Pan Left", accelerator: null, key: "A" },
  "view.panRight": { label: "Pan Right", accelerator: null, key: "D" },
  "view.fitSelection": { label: "Zoom to Selection", accelerator: null, key: "F" },
  "view.wholeTrace": { label: "Whole Trace", accelerator: null, key: "0" },
  "view.measure": { label: "Measure", accelerator: null, key: "M" },
  "bookmark.set": { label: "Set Bookmark", accelerator: null, key: "K" },
  "bookmark.next": { label: "Next Bookmark", accelerator: null, key: "J" },
  "bookmark.previous": { label: "Previous Bookmark", accelerator: null, key: "Shift+J" },
  "bookmark.rename": { label: "Rename Bookmark", accelerator: null, key: "F2" },
  "bookmark.delete": { label: "Delete Bookmark", accelerator: null, key: "Alt+K" },
  "bookmark.restore": { label: "Set Deleted Bookmark Again", accelerator: null, key: null },
  "view.nextColoring": { label: "Change What Colors Tell", accelerator: null, key: "U" },
  "timeline.groupBy": { label: "Group Tracks by Process or Role", accelerator: null, key: "G" },
  "view.toggleTracks": { label: "Track Tree", accelerator: null, key: null },
  "view.toggleDock": { label: "Bottom Panel", accelerator: "CmdOrCtrl+J", key: null },
  "view.top": { label: "Top Table", accelerator: null, key: null },
  "view.callTree": { label: "Call Tree", accelerator: null, key: null },
  "view.flameGraph": { label: "Flame Graph", accelerator: null, key: null },
  "view.ledger": { label: "Import Ledger", accelerator: null, key: null },
  "view.toggleTheme": { label: "Switch Light and Dark", accelerator: null, key: null },
  "app.commands": { label: "All Commands…", accelerator: "CmdOrCtrl+K", key: null },
  "app.shortcuts": { label: "Keyboard Shortcuts", accelerator: null, key: "?" },
} as const satisfies Readonly<Record<string, MenuCommandEntry>>;

interface MenuCommandEntry {
  readonly label: string;
  /** Taken by the menu. */
  readonly accelerator: string | null;
  /** Handled by the window, shown only. */
  readonly key: string | null;
}

export type MenuCommand = keyof typeof menuCommands;
