import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { createEngineClient } from "../../../electron/contract/engine-client.ts";
import type {
  Channel,
  EngineClient,
  FromEngine,
  ToEngine,
  TraceSummary,
} from "../../../electron/contract/engine-contract.ts";
import { createInProcessChannel } from "../../../electron/engine/channels/in-process.ts";
import { createEngine, type Engine } from "../../../electron/engine/engine.ts";
import type { Imports } from "../../../electron/engine/imports/import-job.ts";
import { createInThreadRuns } from "../../../electron/engine/runs/in-thread-runs.ts";
import type { Runs } from "../../../electron/engine/runs/run-job.ts";
import { createInThreadImports } from "../../../electron/engine/imports/in-thread-imports.ts";

export interface OpenEngine {
  readonly engine: Engine;
  readonly client: EngineClient;
  /** Grants a file and opens it under the key "t". */
  open(path: string): Promise<TraceSummary>;
}

/** An engine in this process with one client; `pair` decides how they talk. */
export function openEngine(
  imports: Imports = createInThreadImports(),
  pair: () => {
    readonly client: Channel<ToEngine, FromEngine>;
    readonly engine: Channel<FromEngine, ToEngine>;
  } = createInProcessChannel,
  runs: Runs = createInThreadRuns({ workloads: [], backends: [] }),
  historyFolder = join(tmpdir(), "deltaflame-test-history"),
): OpenEngine {
  const engine = createEngine({
    imports,
    runs,
    showsGrowing: true,
    historyFolder,
    bookmarkFolder: `${historyFolder}-bookmarks`,
    nowMs: () => performance.now(),
  });
  const channels = pair();
  engine.connect(channels.engine);
  const client = createEngineClient(channels.client);
  return {
    engine,
    client,
    open(path) {
      engine.grant(path, { path, name: basename(path) });
      return client.call("trace.open", { trace: "t", file: path });
    },
  };
}
