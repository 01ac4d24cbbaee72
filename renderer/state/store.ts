import { createContext, useContext } from "react";
import { createStore, type StateCreator, type StoreApi, useStore } from "zustand";
import { subscribeWithSelector } from "zustand/middleware";
import type { Platform } from "../app/platform.ts";
import { type CompareSlice, createCompareSlice } from "./compare-slice.ts";
import { createBenchSlice, type BenchSlice } from "./bench-slice.ts";
import { type BookmarksSlice, createBookmarksSlice } from "./bookmarks-slice.ts";
import { createExportSlice, type ExportSlice } from "./export-slice.ts";
import { createHistorySlice, type HistorySlice } from "./history-slice.ts";
import { createLinkSlice, type LinkSlice } from "./link-slice.ts";
import { createReportSlice, type ReportSlice } from "./report-slice.ts";
import { createWhatIfSlice, type WhatIfSlice } from "./what-if-slice.ts";
import { createSearchSlice, type SearchSlice } from "./search-slice.ts";
import { createSettingsSlice, type SettingsSlice } from "./settings-slice.ts";
import { createShellSlice, type ShellSlice } from "./shell-slice.ts";
import { createTabsSlice, type TabsSlice } from "./tabs-slice.ts";
import { createTimelineSlice, type TimelineSlice } from "./timeline-slice.ts";

export type AppState = TabsSlice &
  TimelineSlice &
  SearchSlice &
  BookmarksSlice &
  LinkSlice &
  SettingsSlice &
  ShellSlice &
  CompareSlice &
  BenchSlice &
  ExportSlice &
  HistorySlice &
  ReportSlice &
  WhatIfSlice;

/** A slice sees the whole store and reaches the outside through the platform and a clock only. */
export type SliceCreator<Slice> = (
  deps: StoreDeps,
) => StateCreator<AppState, [["zustand/subscribeWithSelector", never]], [], Slice>;

export interface StoreDeps {
  readonly platform: Platform;
  readonly now: () => number;
}

export type AppStore = ReturnType<typeof createAppStore>;

/** The one store of the window: keys and small facts. Answers of the engine live in caches beside it. */
export function createAppStore(deps: StoreDeps) {
  return createStore<AppState>()(
    subscribeWithSelector((...args) => ({
      ...createTabsSlice(deps)(...args),
      ...createTimelineSlice(deps)(...args),
      ...createSearchSlice(deps)(...args),
      ...createBookmarksSlice(deps)(...args),
      ...createLinkSlice(deps)(...args),
      ...createSettingsSlice(deps)(...args),
      ...createShellSlice(deps)(...args),
      ...createCompareSlice(deps)(...args),
      ...createBenchSlice(deps)(...args),
      ...createExportSlice(deps)(...args),
      ...createHistorySlice(deps)(...args),
      ...createReportSlice(deps)(...args),
      ...createWhatIfSlice(deps)(...args),
    })),
  );
}

export const AppStoreContext = createContext<AppStore | null>(null);

/** The store itself, for subscriptions outside of rendering and for event handlers. */
export function useAppStore(): AppStore {
  const store = useContext(AppStoreContext);
  if (store === null) throw new Error("no store: the component is outside of the app");
  return store;
}

/** Subscribes to the smallest thing; wrap object picks in `useShallow`. */
export function useApp<T>(select: (state: AppState) => T): T {
  return useStore<StoreApi<AppState>, T>(useAppStore(), select);
}
