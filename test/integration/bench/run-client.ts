import { join } from "node:path";
import { tmpdir } from "node:os";
import { createEngineClient } from "../../../electron/contract/engine-client.ts";
import type { EngineClient, TraceSummary } from "../../../electron/contract/engine-contract.ts";
import { createInProcessChannel } from "../../../electron/engine/channels/in-process.ts";
import { createEngine } from "../../../electron/engine/engine.ts";
import { createInThreadImports } from "../../../electron/engine/imports/in-thread-imports.ts";
import type { Runs } from "../../../electron/engine/runs/run-job.ts";
import type { RunUpdate } from "../../../native-bench/plan/telemetry.ts";

export interface RunClient {
  readonly client: EngineClient;
  readonly updates: RunUpdate[];
  readonly grown: TraceSummary[];
  close(): Promise<void>;
}

/** An engine with these runs, one client, and everything it is told. */
export function openRunClient(runs: Runs): RunClient {
  const engine = createEngine({
    imports: createInThreadImports(),
    runs,
    showsGrowing: true,
    historyFolder: join(tmpdir(), "deltaflame-test-history"),
    bookmarkFolder: join(tmpdir(), "deltaflame-test-bookmarks"),
    nowMs: () => performance.now(),
  });
  const channel = createInProcessChannel();
  engine.connect(channel.engine);
  const client = createEngineClient(channel.client);
  const updates: RunUpdate[] = [];
  const grown: TraceSummary[] = [];
  client.on("bench.progressed", (progress) => updates.push(...progress.updates));
  client.on("trace.grew", (summary) => grown.push(summary));
  return {
    client,
    updates,
    grown,
    async close() {
      client.close();
      await engine.close();
    },
  };
}
