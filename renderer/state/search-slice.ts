import type { TraceKey } from "../../electron/contract/engine-contract.ts";
import { toPlainError } from "../../electron/contract/plain-error.ts";
import type { SliceCreator } from "./store.ts";
import type { SearchState } from "./trace-tab.ts";
import { findTab, updateTab } from "./update-tab.ts";

export interface SearchSlice {
  /** Looks for `query` in the tab; an empty one clears the search. */
  runSearch(key: TraceKey, query: string): Promise<void>;
  /** Selects the next or previous hit, from the selected span or the start of the view. */
  stepSearch(key: TraceKey, direction: "next" | "previous"): Promise<void>;
  clearSearch(key: TraceKey): void;
}

export const createSearchSlice: SliceCreator<SearchSlice> = () => (set, get) => {
  const running = new Map<TraceKey, AbortController>();
  let nextSearch = 1;
  const setSearch = (key: TraceKey, search: SearchState | null): void => set(updateTab(key, () => ({ search })));

  return {
    async runSearch(key, query) {
      running.get(key)?.abort();
      const { engine } = get();
      if (query.trim() === "" || engine === null) return setSearch(key, null);
      const aborter = new AbortController();
      running.set(key, aborter);
      const searching: SearchState = { query, key: null, summary: null, currentIndex: null, error: null };
      setSearch(key, searching);
      const searchKey = `${key}-search-${nextSearch++}`;
      try {
        const summary = await engine.call(
          "search.run",
          { trace: key, search: searchKey, query },
          { signal: aborter.signal },
        );
        setSearch(key, { ...searching, key: searchKey, summary });
        get().announce(summary.hitCount === 0 ? "no hits" : `${summary.hitCount} hits`);
      } catch (error) {
        const plain = toPlainError(error);
        if (plain.name !== "CancelledError" && !aborter.signal.aborted)
          setSearch(key, { ...searching, error: plain.message });
      }
    },

    async stepSearch(key, direction) {
      const { engine } = get();
      const tab = findTab(get(), key);
      const search = tab?.search ?? null;
      if (tab === null || engine === null || search?.key == null) return;
      const fromSpan = tab.selection.kind === "span" ? tab.selection.span.span : null;
      const request = { trace: key, search: search.key, fromSpan, fromNs: tab.viewport.startNs, direction };
      const hit = await engine.call("search.step", request);
      const now = findTab(get(), key)?.search;
      if (hit === null || now?.key !== search.key) return;
      setSearch(key, { ...now, currentIndex: hit.index });
      get().selectSpan(key, hit.span, true);
      get().announce(`hit ${hit.index + 1} of ${hit.hitCount}: ${hit.span.name}`);
    },

    clearSearch(key) {
      running.get(key)?.abort();
      setSearch(key, null);
    },
  };
};
