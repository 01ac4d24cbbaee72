import { type BrowserWindow, type Rectangle, screen } from "electron";

import type { StateStore, WindowBounds } from "./stored-state.ts";

export const smallestWidthPx = 1024;
export const smallestHeightPx = 640;
const firstSize = { width: 1440, height: 900 };
/** Of the title bar, so that a window can always be dragged back. */
const leastVisiblePx = 80;
const settleMs = 500;

/** Where to show the window: where it was, if a screen is still there. */
export function restoreBounds(store: StateStore): { readonly bounds: Partial<Rectangle>; readonly maximized: boolean } {
  const stored = store.read("window");
  if (stored === null) return { bounds: fitToScreen(firstSize), maximized: false };
  const { maximized, x, y, width, height } = stored;
  const isVisible = screen.getAllDisplays().some(({ workArea }) => overlaps(stored, workArea));
  return { bounds: isVisible ? { x, y, width, height } : fitToScreen({ width, height }), maximized };
}

/** Writes the bounds once moves and resizes have settled, and when the window closes. */
export function rememberBounds(window: BrowserWindow, store: StateStore): void {
  let timer: NodeJS.Timeout | null = null;
  const write = (): void => {
    if (timer !== null) clearTimeout(timer);
    timer = null;
    if (window.isMinimized() || window.isFullScreen()) return;
    store.write("window", { ...window.getNormalBounds(), maximized: window.isMaximized() });
  };
  const schedule = (): void => {
    if (timer !== null) clearTimeout(timer);
    timer = setTimeout(write, settleMs);
  };
  for (const event of ["resize", "move", "maximize", "unmaximize"] as const) window.on(event as "resize", schedule);
  window.on("close", write);
}

function fitToScreen({ width, height }: { readonly width: number; readonly height: number }): Partial<Rectangle> {
  const { workAreaSize } = screen.getPrimaryDisplay();
  return { width: Math.min(width, workAreaSize.width), height: Math.min(height, workAreaSize.height) };
}

function overlaps(window: WindowBounds, area: Rectangle): boolean {
  const visibleWidth = Math.min(window.x + window.width, area.x + area.width) - Math.max(window.x, area.x);
  return visibleWidth >= leastVisiblePx && window.y >= area.y && window.y <= area.y + area.height - leastVisiblePx;
}
