import type { TraceKey } from "../../electron/contract/engine-contract.ts";
import type { AppStore } from "./store.ts";

/** Selects a span known by its number only; `zoom` shows it large, else the view moves only with `reveal`. */
export async function selectSpanById(
  store: AppStore,
  key: TraceKey,
  span: number,
  how: { readonly reveal: boolean; readonly zoom: boolean },
): Promise<void> {
  const { engine, report } = store.getState();
  if (engine === null) return;
  try {
    const { brief } = await engine.call("span.details", { trace: key, span });
    const state = store.getState();
    state.selectSpan(key, brief, how.reveal && !how.zoom);
    if (how.zoom) state.zoomToSpan(key, brief);
  } catch (error) {
    report("The span could not be selected.", error, key);
  }
}
