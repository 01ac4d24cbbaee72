import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { checkSettings, defaultSettings } from "../../../../renderer/state/settings-slice.ts";
import { createAppStore } from "../../../../renderer/state/store.ts";
import { createHandPlatform } from "../fake-platform.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe("settings", () => {
  test("what is malformed or from elsewhere is left out", () => {
    expect(
      checkSettings({
        theme: "neon",
        coloring: "mood",
        dockTab: "top",
        dockHeightPx: -3,
        trackColumnPx: 300,
        dockCollapsed: "yes",
        columnWidths: { "top/count": 90, bad: "x" },
        layouts: {
          good: { rowHeight: "compact", collapsed: ["thread/main"] },
          grouped: { rowHeight: "compact", groupBy: "role", collapsed: [] },
          folded: { rowHeight: "normal", groupBy: "process", collapsed: [], expanded: ["thread/main"] },
          bad: { rowHeight: "huge", collapsed: [] },
          worse: { rowHeight: "normal", collapsed: [], expanded: "all" },
        },
        unknown: 1,
      }),
    ).toEqual({
      dockTab: "top",
      trackColumnPx: 300,
      columnWidths: { "top/count": 90 },
      layouts: {
        good: { rowHeight: "compact", groupBy: "process", collapsed: ["thread/main"] },
        grouped: { rowHeight: "compact", groupBy: "role", collapsed: [] },
        folded: { rowHeight: "normal", groupBy: "process", collapsed: [], expanded: ["thread/main"] },
      },
    });
  });

  test("changes are written together, after the first reading only", async () => {
    const platform = createHandPlatform();
    platform.answer("settings.read", { theme: "dark" });
    const store = createAppStore({ platform, now: () => 0 });
    const writes = (): readonly unknown[] =>
      platform.invoked.filter(([command]) => command === "settings.write").map(([, request]) => request);
    store.getState().setTheme("light");
    vi.runAllTimers();
    expect(writes()).toEqual([]);

    await store.getState().readSettings();
    expect(store.getState().theme).toBe("dark");
    store.getState().setTheme("light");
    store.getState().setDockHeight(301.4);
    store.getState().setColoring("selfShare");
    vi.runAllTimers();
    expect(writes()).toEqual([
      { settings: { ...defaultSettings, theme: "light", coloring: "selfShare", dockHeightPx: 301 } },
    ]);
    expect(checkSettings({ coloring: "selfShare" })).toEqual({ coloring: "selfShare" });

    store.getState().setTheme("dark");
    store.getState().flushSettings();
    expect(writes()).toHaveLength(2);
    vi.runAllTimers();
    store.getState().flushSettings();
    expect(writes()).toHaveLength(2);
  });

  test("unreadable settings start with the standard ones and say so", async () => {
    const platform = createHandPlatform();
    platform.answer("settings.read", new Error("broken"));
    const store = createAppStore({ platform, now: () => 0 });
    await store.getState().readSettings();
    expect(store.getState()).toMatchObject({ theme: "system", settingsRead: true });
    expect(store.getState().notices).toHaveLength(1);
  });
});
