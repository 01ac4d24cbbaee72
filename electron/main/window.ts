import { app, BrowserWindow, nativeTheme, session } from "electron";

import { distPath } from "./app-folders.ts";
import { appPageUrl } from "./app-url.ts";
import type { StateStore } from "./stored-state.ts";
import { rememberBounds, restoreBounds, smallestHeightPx, smallestWidthPx } from "./window-bounds.ts";

/** `--surface-app` of the two themes: what shows until the page has drawn. */
const backgroundColors = { light: "#eef0f2", dark: "#121417" };

/** Creates the one window and loads the page; it becomes visible with its first picture. */
export function createWindow(store: StateStore): BrowserWindow {
  const { bounds, maximized } = restoreBounds(store);
  const window = new BrowserWindow({
    ...bounds,
    minWidth: smallestWidthPx,
    minHeight: smallestHeightPx,
    show: false,
    title: app.getName(),
    icon: distPath("icon.png"),
    backgroundColor: nativeTheme.shouldUseDarkColors ? backgroundColors.dark : backgroundColors.light,
    webPreferences: {
      preload: distPath("preload", "index.cjs"),
      contextIsolation: true,
      sandbox: true,
      nodeIntegration: false,
      webSecurity: true,
      webviewTag: false,
      spellcheck: false,
      devTools: !app.isPackaged,
    },
  });
  window.once("ready-to-show", () => {
    if (maximized) window.maximize();
    window.show();
  });
  rememberBounds(window, store);
  void window.loadURL(appPageUrl);
  return window;
}

/** The frame and the page's `prefers-color-scheme` follow the theme that the user chose in the window. */
export function applyThemeSetting(theme: unknown): void {
  nativeTheme.themeSource = theme === "dark" || theme === "light" ? theme : "system";
}

/** Every page of this app stays where it is, opens nothing and gets no permission. */
export function lockDownPages(): void {
  session.defaultSession.setPermissionRequestHandler((_page, _permission, decide) => decide(false));
  session.defaultSession.setPermissionCheckHandler(() => false);
  app.on("web-contents-created", (_event, page) => {
    page.setWindowOpenHandler(() => ({ action: "deny" }));
    page.on("will-navigate", (event) => event.preventDefault());
    page.on("will-redirect", (event) => event.preventDefault());
    page.on("will-attach-webview", (event) => event.preventDefault());
  });
}
