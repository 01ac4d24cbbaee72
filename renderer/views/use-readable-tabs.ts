import { useApp } from "../state/store.ts";
import type { TraceTab } from "../state/trace-tab.ts";

/** Tabs that have spans to look at, and the one that a view about a single trace shows; null without any. */
export function useReadableTabs(): { readonly tabs: readonly TraceTab[]; readonly tab: TraceTab | null } {
  const all = useApp((state) => state.tabs);
  const activeKey = useApp((state) => state.activeKey);
  const tabs = all.filter(({ summary }) => summary !== null && summary.spanCount > 0);
  return { tabs, tab: tabs.find(({ key }) => key === activeKey) ?? tabs.at(-1) ?? null };
}
