import type { Neighbor, TraceKey } from "../../electron/contract/engine-contract.ts";
import type { AppStore } from "./store.ts";

/** Selects a span known by its number only; `zoom` shows it large, else the view moves only with `reveal`. */
export async function selectSpanById(store: AppStore, key: TraceKey, span: number, how: { readonly reveal: boolean; readonly zoom: boolean }): Promise<void> {
  const { engine, report } = store.getState();
  if (engine === null) return;
  try {
    const { brief } = await engine.call("span.details", { trace: key, span });
    const state = store.getState();
    state.selectSpan(key, brief, how.reveal && !how.zoom);
    if (how.zoom) state.zoomToSpan(key, brief);
  } catch (error) {
    report("The span could not be selected.", error);
  }
}

/** Moves the selection to the parent, a child, a sibling or a step. */
export async function selectNeighbor(store: AppStore, key: TraceKey, neighbor: Neighbor): Promise<void> {
  const { engine, tabs, report } = store.getState();
  const selection = tabs.find((tab) => tab.key === key)?.selection;
  if (engine === null || selection?.kind !== "span") return;
  try {
    const span = await engine.call("span.neighbor", { trace: key, span: selection.span.span, neighbor });
    if (span !== null) store.getState().selectSpan(key, span, true);
  } catch (error) {
    report("The span could not be selected.", error);
  }
}
