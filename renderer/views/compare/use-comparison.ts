import { useEffect } from "react";
import { currentRequest } from "../../state/compare-slice.ts";
import type { ComparisonState } from "../../state/run-comparison.ts";
import { useApp, useAppStore } from "../../state/store.ts";

/** The comparison of the chosen sides; starts it when they are ready and have changed. For views that show it. */
export function useComparison(): ComparisonState {
  const store = useAppStore();
  const question = useApp((state) => {
    const request = currentRequest(state);
    return request === null ? null : JSON.stringify(request);
  });
  useEffect(() => {
    // Keys of traces are new after every reading: an equal question has an equal answer.
    if (question !== store.getState().comparedRequest) void store.getState().startComparison();
  }, [store, question]);
  return useApp((state) => state.comparison);
}
