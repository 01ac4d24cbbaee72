import type { Settings } from "../../electron/contract/window-contract.ts";
import { type Coloring, colorings } from "../theme/coloring.ts";
import type { ThemeChoice } from "../theme/theme.ts";
import type { SliceCreator } from "./store.ts";
import type { RememberedLayout } from "./track-layout.ts";

export const dockTabs = ["details", "top", "callTree", "flame", "import", "bookmarks"] as const;
export type DockTab = (typeof dockTabs)[number];

/** What the window remembers between starts. */
export interface StoredSettings {
  readonly theme: ThemeChoice;
  /** What the colors of spans tell. */
  readonly coloring: Coloring;
  readonly dockTab: DockTab;
  readonly dockHeightPx: number;
  readonly dockCollapsed: boolean;
  readonly trackColumnPx: number;
  readonly trackTreeShown: boolean;
  /** "table/column" → px. */
  readonly columnWidths: Readonly<Record<string, number>>;
  /** By format id. */
  readonly layouts: Readonly<Record<string, RememberedLayout>>;
  readonly evaluationNoticeDismissed: boolean;
}

export interface SettingsSlice extends StoredSettings {
  /** False until the stored settings have been read; nothing is written before. */
  readonly settingsRead: boolean;
  readSettings(): Promise<void>;
  /** Writes at once what waits to be written: the window closes. */
  flushSettings(): void;
  setTheme(theme: ThemeChoice): void;
  setColoring(coloring: Coloring): void;
  showDock(tab: DockTab): void;
  setDockHeight(px: number): void;
  setDockCollapsed(collapsed: boolean): void;
  setTrackColumn(px: number): void;
  setTrackTreeShown(shown: boolean): void;
  setColumnWidth(column: string, px: number): void;
  rememberLayout(format: string, layout: RememberedLayout): void;
  dismissEvaluationNotice(): void;
}

const writeDelayMs = 400;

export const defaultSettings: StoredSettings = {
  theme: "system",
  coloring: "kind",
  dockTab: "top",
  dockHeightPx: 280,
  dockCollapsed: false,
  trackColumnPx: 272,
  trackTreeShown: true,
  columnWidths: {},
  layouts: {},
  evaluationNoticeDismissed: false,
};

export const createSettingsSlice: SliceCreator<SettingsSlice> =
  ({ platform }) =>
  (set, get) => {
    let timer: ReturnType<typeof setTimeout> | null = null;
    const write = (): void => {
      timer = null;
      const state = get();
      const stored = Object.fromEntries(
        Object.keys(defaultSettings).map((name) => [name, state[name as keyof StoredSettings]]),
      );
      platform.shell
        .invoke("settings.write", { settings: stored })
        .catch((error: unknown) => state.report("The settings could not be saved.", error));
    };
    const change = (part: Partial<StoredSettings>): void => {
      set(part);
      if (!get().settingsRead) return;
      if (timer !== null) clearTimeout(timer);
      timer = setTimeout(write, writeDelayMs);
    };

    return {
      ...defaultSettings,
      settingsRead: false,
      async readSettings() {
        try {
          set({ ...checkSettings(await platform.shell.invoke("settings.read", null)), settingsRead: true });
        } catch (error) {
          set({ settingsRead: true });
          get().report("The settings could not be read; the window starts with the standard ones.", error);
        }
      },
      flushSettings() {
        if (timer === null) return;
        clearTimeout(timer);
        write();
      },
      setTheme: (theme) => change({ theme }),
      setColoring: (coloring) => change({ coloring }),
      showDock: (dockTab) => change({ dockTab, dockCollapsed: false }),
      setDockHeight: (px) => change({ dockHeightPx: Math.round(px) }),
      setDockCollapsed: (dockCollapsed) => change({ dockCollapsed }),
      setTrackColumn: (px) => change({ trackColumnPx: Math.round(px) }),
      setTrackTreeShown: (trackTreeShown) => change({ trackTreeShown }),
      setColumnWidth: (column, px) => change({ columnWidths: { ...get().columnWidths, [column]: Math.round(px) } }),
      rememberLayout: (format, layout) => change({ layouts: { ...get().layouts, [format]: layout } }),
      dismissEvaluationNotice: () => change({ evaluationNoticeDismissed: true }),
    };
  };

/** Keeps what is well formed; the file may come from another version or another hand. */
export function checkSettings(stored: Settings): Partial<StoredSettings> {
  const out: { -readonly [K in keyof StoredSettings]?: StoredSettings[K] } = {};
  const { theme, coloring, dockTab, dockHeightPx, trackColumnPx, columnWidths, layouts } = stored as Record<
    keyof StoredSettings,
    unknown
  >;
  if (theme === "system" || theme === "light" || theme === "dark") out.theme = theme;
  const known = colorings.find((each) => each === coloring);
  if (known !== undefined) out.coloring = known;
  const tab = dockTabs.find((each) => each === dockTab);
  if (tab !== undefined) out.dockTab = tab;
  if (isPixels(dockHeightPx)) out.dockHeightPx = dockHeightPx;
  if (isPixels(trackColumnPx)) out.trackColumnPx = trackColumnPx;
  for (const name of ["dockCollapsed", "trackTreeShown", "evaluationNoticeDismissed"] as const) {
    const value = stored[name];
    if (typeof value === "boolean") out[name] = value;
  }
  if (isRecord(columnWidths))
    out.columnWidths = Object.fromEntries(
      Object.entries(columnWidths).filter((entry): entry is [string, number] => isPixels(entry[1])),
    );
  if (isRecord(layouts))
    out.layouts = Object.fromEntries(
      Object.entries(layouts)
        .filter((entry): entry is [string, RememberedLayout] => isLayout(entry[1]))
        // What an earlier version wrote says nothing of groups.
        .map(([format, layout]) => [format, { ...layout, groupBy: layout.groupBy === "role" ? "role" : "process" }]),
    );
  return out;
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const isPixels = (value: unknown): value is number => typeof value === "number" && value >= 20 && value <= 10_000;

function isLayout(value: unknown): value is RememberedLayout {
  if (!isRecord(value)) return false;
  const { rowHeight, collapsed, expanded = [] } = value;
  const heightKnown = rowHeight === "compact" || rowHeight === "normal" || rowHeight === "roomy";
  return heightKnown && isWords(collapsed) && isWords(expanded);
}

const isWords = (value: unknown): boolean => Array.isArray(value) && value.every((word) => typeof word === "string");
