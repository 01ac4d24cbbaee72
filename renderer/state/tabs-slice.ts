import type { EngineClient, Progress, TraceKey, TraceSummary } from "../../electron/contract/engine-contract.ts";
import { toPlainError } from "../../electron/contract/plain-error.ts";
import type { FileGrant } from "../../electron/contract/window-contract.ts";
import { createTab } from "./new-tab.ts";
import type { SliceCreator } from "./store.ts";
import type { LoadState, TraceTab } from "./trace-tab.ts";
import { findTab, updateTab } from "./update-tab.ts";
import { layoutFor } from "./track-layout.ts";

export interface OpenTabOptions {
  readonly allowLargeInflate?: boolean;
}

export interface TabsSlice {
  readonly tabs: readonly TraceTab[];
  /** Null shows the welcome screen. */
  readonly activeKey: TraceKey | null;
  /** Opens each file in a tab of its own and shows the first of them. */
  openFiles(grants: readonly FileGrant[]): void;
  /** Reads the file of a tab again, keeping its view. */
  reopenTab(key: TraceKey, options?: OpenTabOptions): void;
  cancelLoad(key: TraceKey): void;
  closeTab(key: TraceKey): void;
  closeOtherTabs(key: TraceKey): void;
  activateTab(key: TraceKey | null): void;
  /** To the right by 1, to the left by -1, around the ends. */
  cycleTab(step: number): void;
  /** Puts a tab before another; `before` null puts it last. */
  moveTab(key: TraceKey, before: TraceKey | null): void;
  /** Takes a snapshot of an import that still runs, or the final state. */
  acceptSummary(summary: TraceSummary): void;
}

export const createTabsSlice: SliceCreator<TabsSlice> = ({ now, platform }) => (set, get) => {
  const loads = new Map<TraceKey, AbortController>();
  let nextKey = 1;
  const newKey = (): TraceKey => `trace-${nextKey++}`;

  const setLoad = (key: TraceKey, load: LoadState): void => set(updateTab(key, () => ({ load })));

  const load = async (tab: TraceTab, options: OpenTabOptions): Promise<void> => {
    const engine = get().engine;
    if (engine === null) return; // connectEngine loads every waiting tab
    const aborter = new AbortController();
    loads.set(tab.key, aborter);
    const onProgress = (progress: Progress): void => {
      const load = findTab(get(), tab.key)?.load;
      if (load?.kind === "loading") setLoad(tab.key, { ...load, progress });
    };
    try {
      const request = { trace: tab.key, file: tab.token, ...(options.allowLargeInflate === true ? { allowLargeInflate: true } : {}) };
      const summary = await engine.call("trace.open", request, { signal: aborter.signal, onProgress });
      get().acceptSummary(summary);
      setLoad(tab.key, { kind: "ready" });
      get().announce(`${tab.fileName} is open: ${summary.spanCount} spans`);
      await platform.shell.invoke("file.opened", { token: tab.token, formatLabel: summary.formatLabel });
      await get().refreshRecent();
    } catch (error) {
      if (get().engine !== engine) return; // the engine ended: its banner speaks, and reopening starts the load again
      const plain = toPlainError(error);
      setLoad(tab.key, plain.name === "CancelledError" ? { kind: "cancelled" } : { kind: "failed", error: plain });
      if (plain.name !== "CancelledError") get().announce(`${tab.fileName} could not be opened: ${plain.message}`);
    } finally {
      if (loads.get(tab.key) === aborter) loads.delete(tab.key);
    }
  };

  const release = (key: TraceKey, engine: EngineClient | null): void => {
    loads.get(key)?.abort();
    loads.delete(key);
    // A trace that never got there has nothing to close: the refusal says only that.
    void engine?.call("trace.close", { trace: key }).catch(() => undefined);
  };

  return {
    tabs: [],
    activeKey: null,

    openFiles(grants) {
      const tabs = grants.map((grant) => createTab(newKey(), grant, now()));
      const first = tabs[0];
      if (first === undefined) return;
      set((state) => ({ tabs: [...state.tabs, ...tabs], activeKey: first.key }));
      for (const tab of tabs) void load(tab, {});
    },

    reopenTab(key, options = {}) {
      const old = findTab(get(), key);
      if (old === null) return;
      release(key, get().engine);
      // A new key: the engine may still be letting go of the old one.
      const tab: TraceTab = {
        ...old,
        key: newKey(),
        load: { kind: "loading", progress: null, startedAtMs: now() },
        summary: null,
        search: null,
        selection: old.selection.kind === "range" ? old.selection : { kind: "none" },
      };
      set((state) => ({
        tabs: state.tabs.map((other) => (other.key === key ? tab : other)),
        activeKey: state.activeKey === key ? tab.key : state.activeKey,
      }));
      void load(tab, options);
    },

    cancelLoad(key) {
      loads.get(key)?.abort();
    },

    closeTab(key) {
      const { tabs, activeKey, engine } = get();
      const index = tabs.findIndex((tab) => tab.key === key);
      if (index < 0) return;
      release(key, engine);
      const rest = tabs.filter((tab) => tab.key !== key);
      const next = rest[Math.min(index, rest.length - 1)]?.key ?? null;
      set({ tabs: rest, activeKey: activeKey === key ? next : activeKey, hover: null });
    },

    closeOtherTabs(key) {
      for (const tab of get().tabs) if (tab.key !== key) get().closeTab(tab.key);
    },

    activateTab(key) {
      set({ activeKey: key, hover: null });
    },

    cycleTab(step) {
      const { tabs, activeKey } = get();
      if (tabs.length === 0) return;
      const index = tabs.findIndex((tab) => tab.key === activeKey);
      set({ activeKey: tabs[(index + step + tabs.length) % tabs.length]?.key ?? null, hover: null });
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

    acceptSummary(summary) {
      set(
        updateTab(summary.trace, (tab) => {
          const whole = { startNs: 0, endNs: Math.max(1, summary.durationNs) };
          const first = tab.summary === null;
          return {
            summary,
            ...(tab.viewportTouched ? {} : { viewport: whole, settledViewport: whole }),
            ...(first && tab.layout.collapsed.size === 0 ? { layout: layoutFor(summary, get().layouts[summary.format] ?? null, tab.layout) } : {}),
          };
        }),
      );
    },
  };
};
