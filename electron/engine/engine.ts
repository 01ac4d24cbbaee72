import type { Channel, FileToken, FromEngine, ToEngine } from "../contract/engine-contract.ts";
import { createHandlers, type EngineHost } from "./handlers/create-handlers.ts";
import { createGrants } from "./grants.ts";
import { serveClient } from "./serve-client.ts";
import { createTraceStore, type GrantedFile } from "./trace-store.ts";
import { createTurns } from "./turns.ts";

/** The process library that owns traces and answers queries. Knows no Electron: a host passes channels in. */
export interface Engine {
  /** Serves one client until its channel or the engine is closed. Returns its own undo: closes that client's traces. */
  connect(channel: Channel<FromEngine, ToEngine>): () => void;
  /** Lets every client open this file by its token. */
  grant(token: FileToken, file: GrantedFile): void;
  /** Lets every client write this file by its token. */
  grantTarget(token: FileToken, file: GrantedFile): void;
  /** Ends all imports and drops all traces. */
  close(): Promise<void>;
}

export function createEngine(host: EngineHost): Engine {
  const grants = createGrants();
  const targets = createGrants();
  const turns = createTurns();
  let clientCount = 0;
  const disconnects = new Set<() => void>();
  return {
    connect(channel) {
      const store = createTraceStore();
      const handlers = createHandlers({ host, grants, targets, store });
      const stop = serveClient(channel, { client: `client ${++clientCount}`, handlers, turns });
      const disconnect = (): void => {
        if (!disconnects.delete(disconnect)) return;
        stop();
        store.clear();
      };
      disconnects.add(disconnect);
      return disconnect;
    },
    grant: (token, file) => grants.add(token, file),
    grantTarget: (token, file) => targets.add(token, file),
    async close() {
      for (const disconnect of disconnects) disconnect();
      await Promise.all([host.imports.close(), host.runs.close()]);
    },
  };
}
