import { basename } from "node:path";
import { createEngineClient } from "../contract/engine-client.ts";
import type { EngineClient } from "../contract/engine-contract.ts";
import { createInProcessChannel } from "../engine/channels/in-process.ts";
import { createEngine, type Engine } from "../engine/engine.ts";
import { bookmarkFolder } from "../engine/bookmark-store.ts";
import { historyFolder } from "../engine/result-history.ts";
import type { CliHost } from "./run-cli.ts";

/** An engine in this process and the line to it. */
export interface CliEngine {
  readonly client: EngineClient;
  readonly grant: Engine["grant"];
  /** Lets the engine write to `path`. */
  readonly grantTarget: (token: string, path: string) => void;
  close(): Promise<void>;
}

/** `history`: where results are kept; the user's own folder where absent. */
export function openCliEngine({ createImports, createRuns }: CliHost, history = historyFolder()): CliEngine {
  const engine = createEngine({
    imports: createImports(),
    runs: createRuns(),
    showsGrowing: false,
    historyFolder: history,
    bookmarkFolder: bookmarkFolder(),
    nowMs: () => performance.now(),
  });
  const channel = createInProcessChannel();
  engine.connect(channel.engine);
  const client = createEngineClient(channel.client);
  return {
    client,
    grant: engine.grant,
    grantTarget: (token, path) => engine.grantTarget(token, { path, name: basename(path) }),
    async close() {
      client.close();
      await engine.close();
    },
  };
}
