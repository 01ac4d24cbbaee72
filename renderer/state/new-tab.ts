import type { TraceKey } from "../../electron/contract/engine-contract.ts";
import type { FileGrant } from "../../electron/contract/window-contract.ts";
import type { TraceTab, TrackLayout, Viewport } from "./trace-tab.ts";

export const emptyViewport: Viewport = { startNs: 0, endNs: 1_000_000 };

export const emptyLayout: TrackLayout = {
  collapsed: new Set(),
  areAllCollapsed: false,
  hidden: new Set(),
  pinned: [],
  order: { process: new Map(), role: new Map() },
  rowHeight: "normal",
  groupBy: "process",
  filter: "",
};

/** A tab at the moment its file was granted: loading, nothing known yet. */
export function createTab(key: TraceKey, grant: FileGrant, nowMs: number): TraceTab {
  return {
    key,
    token: grant.token,
    isLive: false,
    isOtherClock: false,
    fileName: grant.name,
    fileBytes: grant.bytes,
    load: { kind: "loading", progress: null, bytesPerSecond: null, startedAtMs: nowMs },
    summary: null,
    measurements: null,
    corrections: [],
    viewport: emptyViewport,
    viewportTouched: false,
    settledViewport: emptyViewport,
    back: [],
    forward: [],
    layout: emptyLayout,
    selection: { kind: "none" },
    search: null,
    mutedKinds: [],
    measure: null,
    bookmarks: [],
    currentBookmark: null,
    deletedBookmark: null,
    fingerprint: null,
    link: null,
    scrollTopPx: 0,
    revealCount: 0,
  };
}
