import type { EngineClient } from "../../electron/contract/engine-contract.ts";
import type { WindowBridge } from "../../electron/contract/window-contract.ts";

/** What the window stands on: Electron's shell, or the web host of tests. */
export interface Platform {
  readonly shell: WindowBridge;
  /** Calls `listener` with the engine now connected, if any, and with each one that comes after a restart. Returns its undo. */
  onEngine(listener: (engine: EngineClient) => void): () => void;
}

/** Keeps the newest engine and tells listeners; closes the one before. */
export function createEngineSlot(): {
  readonly put: (engine: EngineClient) => void;
  readonly onEngine: Platform["onEngine"];
} {
  const listeners = new Set<(engine: EngineClient) => void>();
  let current: EngineClient | null = null;
  return {
    put(engine) {
      current?.close();
      current = engine;
      for (const listener of listeners) listener(engine);
    },
    onEngine(listener) {
      listeners.add(listener);
      if (current !== null) listener(current);
      return () => listeners.delete(listener);
    },
  };
}
