import type { TraceKey } from "../../electron/contract/engine-contract.ts";
import type { TraceTab } from "./trace-tab.ts";

interface TabsHolder {
  readonly tabs: readonly TraceTab[];
}

/** The change of state that replaces a part of one tab; no change when the tab is gone. */
export function updateTab(
  key: TraceKey,
  change: (tab: TraceTab) => Partial<TraceTab>,
): (state: TabsHolder) => TabsHolder {
  return (state) => ({ tabs: state.tabs.map((tab) => (tab.key === key ? { ...tab, ...change(tab) } : tab)) });
}

/** The open tab of this key, or null when it was closed meanwhile. */
export function findTab(state: TabsHolder, key: TraceKey | null): TraceTab | null {
  return state.tabs.find((tab) => tab.key === key) ?? null;
}
