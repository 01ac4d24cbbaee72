import type { TraceKey, TraceSummary } from "../../electron/contract/engine-contract.ts";
import type { PlainError } from "../../electron/contract/plain-error.ts";
import type { FileGrant } from "../../electron/contract/window-contract.ts";
import type { Measurement } from "../../traces/measure/measurement.ts";
import { busiestGroup } from "../../traces/model/time-group.ts";
import { carrySelection, createSpanSeeker } from "./carry-selection.ts";
import { createTraceLoader } from "./load-traces.ts";
import { createTab } from "./new-tab.ts";
import type { SliceCreator } from "./store.ts";
import type { TraceTab, Viewport } from "./trace-tab.ts";
import { layoutFor, layoutOfGrown, type RememberedLayout } from "./track-layout.ts";
import { findTab, updateTab } from "./update-tab.ts";
import { viewOfGroup } from "./viewport.ts";

export interface OpenTabOptions {
  readonly allowLargeInflate?: boolean;
  readonly timesInNs?: boolean;
  /** Of a file with two clocks; absent: the one that the tab shows. */
  readonly otherClock?: boolean;
}

/** Places of the window; see `views/registry.ts`. */
export type ViewId =
  | "welcome"
  | "trace"
  | "profile"
  | "scaling"
  | "compare"
  | "history"
  | "findings"
  | "whatIf"
  | "report";

export interface TabsSlice {
  readonly tabs: readonly TraceTab[];
  /** The tab to go back to; null leads to the welcome screen. */
  readonly activeKey: TraceKey | null;
  /** A view of no single trace; null shows the active tab. */
  readonly otherView: ViewId | null;
  showView(view: ViewId): void;
  /** Opens each file in a tab of its own and shows the first of them. */
  openFiles(grants: readonly FileGrant[]): void;
  /** A tab for the spans of a run, which come as they are recorded. Stays behind the view on the screen. */
  openLiveTab(title: string): TraceKey;
  /** The run of a tab has ended; `error` says why it failed. */
  settleLiveTab(key: TraceKey, error: PlainError | null): void;
  /** Reads the file of a tab again, keeping its view. */
  reopenTab(key: TraceKey, options?: OpenTabOptions): void;
  cancelLoad(key: TraceKey): void;
  closeTab(key: TraceKey): void;
  closeOtherTabs(key: TraceKey): void;
  activateTab(key: TraceKey | null): void;
  /** Makes a tab the active one behind the view on the screen. */
  lookAtTab(key: TraceKey): void;
  /** To the right by 1, to the left by -1, around the ends. */
  cycleTab(step: number): void;
  /** Puts a tab before another; `before` null puts it last. */
  moveTab(key: TraceKey, before: TraceKey | null): void;
  /** Corrects the unit or the direction of one benchmark result. */
  editMeasurement(
    key: TraceKey,
    path: Measurement["path"],
    change: Partial<Pick<Measurement, "unit" | "better">>,
  ): void;
  /** Takes a snapshot of an import that still runs, or the final state. */
  acceptSummary(summary: TraceSummary): void;
}

// A slice is one object of actions; each of them is short.
/* oxlint-disable max-lines-per-function */
export const createTabsSlice: SliceCreator<TabsSlice> =
  ({ now, platform }) =>
  (set, get) => {
    let nextKey = 1;
    const newKey = (): TraceKey => `trace-${nextKey++}`;
    const loader = createTraceLoader({
      platform,
      get,
      setLoad: (key, load) => set(updateTab(key, () => ({ load }))),
      setMeasurements: (key, measurements) => set(updateTab(key, () => ({ measurements }))),
    });

    const seeker = createSpanSeeker(get);

    return {
      tabs: [],
      activeKey: null,
      otherView: null,
      showView: (otherView) => set({ otherView, hover: null }),

      openFiles(grants) {
        const tabs = grants.map((grant) => createTab(newKey(), grant, now()));
        const first = tabs[0];
        if (first === undefined) return;
        set((state) => ({ tabs: [...state.tabs, ...tabs], activeKey: first.key, otherView: null }));
        for (const tab of tabs) void loader.load(tab, {});
      },

      openLiveTab(title) {
        const key = newKey();
        const tab = { ...createTab(key, { token: `run-of-${key}`, name: title, bytes: 0 }, now()), isLive: true };
        set((state) => ({ tabs: [...state.tabs, tab], activeKey: state.activeKey ?? tab.key }));
        return tab.key;
      },
      settleLiveTab(key, error) {
        set(updateTab(key, () => ({ load: error === null ? { kind: "ready" } : { kind: "failed", error } })));
      },

      reopenTab(key, options = {}) {
        const old = findTab(get(), key);
        if (old === null) return;
        // Its spans were in the memory of the engine that recorded them.
        if (old.isLive) return get().closeTab(key);
        loader.release(key);
        // A new key: the engine may still be letting go of the old one.
        const again = startAgain(old, newKey(), now());
        const { otherClock = old.isOtherClock } = options;
        const tab = otherClock === old.isOtherClock ? again : { ...again, ...elsewhere, isOtherClock: otherClock };
        get().moveWhatIf(key, tab.key);
        set((state) => ({
          tabs: state.tabs.map((other) => (other.key === key ? tab : other)),
          activeKey: state.activeKey === key ? tab.key : state.activeKey,
        }));
        void loader.load(tab, options);
      },

      cancelLoad(key) {
        loader.cancel(key);
      },

      closeTab(key) {
        const { tabs, activeKey } = get();
        const index = tabs.findIndex((tab) => tab.key === key);
        if (index < 0) return;
        loader.release(key);
        seeker.forget(key);
        get().moveWhatIf(key, null);
        const rest = tabs.filter((tab) => tab.key !== key);
        const next = rest[Math.min(index, rest.length - 1)]?.key ?? null;
        set({ tabs: rest, activeKey: activeKey === key ? next : activeKey, hover: null });
      },

      closeOtherTabs(key) {
        for (const tab of get().tabs) if (tab.key !== key) get().closeTab(tab.key);
      },

      activateTab(key) {
        set({ activeKey: key, otherView: null, hover: null });
      },

      lookAtTab: (key) => set({ activeKey: key, hover: null }),

      cycleTab(step) {
        const { tabs, activeKey } = get();
        if (tabs.length === 0) return;
        const index = tabs.findIndex((tab) => tab.key === activeKey);
        set({ activeKey: tabs[(index + step + tabs.length) % tabs.length]?.key ?? null, otherView: null, hover: null });
      },

      moveTab(key, before) {
        set((state) => {
          const moved = findTab(state, key);
          if (moved === null || key === before) return {};
          const rest = state.tabs.filter((tab) => tab.key !== key);
          const index = before === null ? rest.length : rest.findIndex((tab) => tab.key === before);
          return { tabs: rest.toSpliced(index < 0 ? rest.length : index, 0, moved) };
        });
      },

      editMeasurement(key, path, change) {
        const wanted = JSON.stringify(path);
        set(
          updateTab(key, ({ measurements: found, corrections }) => {
            const before = found?.measurements.find((each) => JSON.stringify(each.path) === wanted);
            if (found === null || before === undefined) return {};
            const after = { ...before, ...change };
            const unit = after.unit.source === "user" ? after.unit.symbol : null;
            return {
              measurements: {
                ...found,
                measurements: found.measurements.map((each) => (each === before ? after : each)),
              },
              corrections: [
                ...corrections.filter((each) => JSON.stringify(each.path) !== wanted),
                { path, unit: unit === "" ? null : unit, better: after.better },
              ],
            };
          }),
        );
      },

      acceptSummary(summary) {
        const remembered = get().layouts[summary.format] ?? null;
        const tab = findTab(get(), summary.trace);
        set(updateTab(summary.trace, (now) => takeSummary(now, summary, remembered)));
        if (tab?.summary == null) return;
        void seeker.follow(tab, tab.summary, summary);
        if (tab.search !== null) void get().runSearch(tab.key, tab.search.query);
      },
    };
  };

/** What is on the screen. */
export function viewOf(state: Pick<TabsSlice, "activeKey" | "otherView">): ViewId {
  return state.otherView ?? (state.activeKey === null ? "welcome" : "trace");
}

/** The tab on the screen; null while another view is. */
export function shownKeyOf(state: Pick<TabsSlice, "activeKey" | "otherView">): TraceKey | null {
  return state.otherView === null ? state.activeKey : null;
}

/** The same file and view, read from its start. Numbers of spans hold for one reading only. */
function startAgain(tab: TraceTab, key: TraceKey, nowMs: number): TraceTab {
  return {
    ...tab,
    key,
    load: { kind: "loading", progress: null, bytesPerSecond: null, startedAtMs: nowMs },
    summary: null,
    measurements: null,
    corrections: [],
    search: null,
    // The file may have changed since: what is kept for it is read again.
    fingerprint: null,
    bookmarks: [],
    currentBookmark: null,
    deletedBookmark: null,
    selection: tab.selection.kind === "range" ? tab.selection : { kind: "none" },
  };
}

/** Of a tab that shows other events than before: views and selections meant other times. */
const elsewhere = {
  viewportTouched: false,
  back: [],
  forward: [],
  selection: { kind: "none" },
  measure: null,
} as const satisfies Partial<TraceTab>;

function takeSummary(tab: TraceTab, summary: TraceSummary, remembered: RememberedLayout | null): Partial<TraceTab> {
  const isFirst = tab.summary === null && tab.layout.collapsed.size === 0;
  return {
    summary,
    ...(tab.summary === null ? {} : { selection: carrySelection(tab.selection, tab.summary, summary) }),
    ...followGrowth(tab, summary),
    ...(isFirst ? { layout: layoutFor(summary, remembered, tab.layout) } : {}),
    ...(tab.summary === null ? {} : { layout: layoutOfGrown(tab.summary, summary, remembered, tab.layout) }),
  };
}

/**
 * Views that showed the whole of a trace show the whole of what it has grown to, those of the history too. Where the
 * whole looks empty, since its times lie far apart, the view opens on the group with most in it, and a banner says so.
 */
function followGrowth({ summary: before, viewport, viewportTouched, back, forward }: TraceTab, summary: TraceSummary) {
  const whole = wholeOf(summary);
  const old = before === null ? null : wholeOf(before);
  const isWhole = (view: Viewport): boolean => old !== null && view.startNs <= old.startNs && view.endNs >= old.endNs;
  const grown = (view: Viewport): Viewport => (isWhole(view) ? whole : view);
  const group = before === null || before.partial ? busiestGroup(summary.timeGroups) : null;
  const first = group === null ? whole : viewOfGroup(group);
  const follows = !viewportTouched || isWhole(viewport);
  return {
    // What is left out of the first view is a step away, as if the user had gone there.
    back: [...back.map(grown), ...(follows && group !== null && back.length === 0 ? [whole] : [])],
    forward: forward.map(grown),
    ...(follows ? { viewport: first, settledViewport: first, viewportTouched: false } : {}),
  };
}

/** Of a live run what is there of all tracks: one of minutes would be a sliver at the right of an empty picture. */
const wholeOf = ({ completeFromNs, durationNs }: TraceSummary): Viewport => ({
  startNs: completeFromNs,
  endNs: Math.max(1, durationNs),
});
