import { join } from "node:path";
import { workloads } from "../../native-bench/workloads/registry.ts";
import { yieldHelpers } from "../../native-bench/machine/priority.ts";
import type { FromEngine, ToEngine } from "../contract/engine-contract.ts";
import type { EngineControl } from "../contract/engine-control.ts";
import { createPortChannel, type PortLike } from "./channels/message-port.ts";
import { createEngine, type Engine } from "./engine.ts";
import { bookmarkFolder } from "./bookmark-store.ts";
import { type CachedImports, createCachedImports } from "./imports/cached-imports.ts";
import type { Imports } from "./imports/import-job.ts";
import { createWorkerImports } from "./imports/worker-imports.ts";
import { programName } from "./program-name.ts";
import { historyFolder } from "./result-history.ts";
import type { Runs } from "./runs/run-job.ts";
import { createWorkerRuns } from "./runs/worker-runs.ts";

/*
 * The entry of the engine process. Main sends control messages over the parent port; each window gets a port of its
 * own, over which it speaks the engine contract. No Electron import: what is needed of it is typed here.
 */

/** `process.parentPort` of an Electron utility process. */
interface ParentPort {
  on(
    event: "message",
    listener: (event: { readonly data: unknown; readonly ports: readonly PortLike[] }) => void,
  ): void;
}

startUtilityHost();

function startUtilityHost(): void {
  const { parentPort } = process as unknown as { readonly parentPort?: ParentPort };
  if (parentPort === undefined) throw new Error("this file runs as an Electron utility process");
  yieldHelpers();
  const imports = createWorkerImports({ workerPath: join(__dirname, "worker.cjs"), forWindow: true });
  const cache = createCache(imports);
  const runs = createWorkerRuns({
    workerPath: join(__dirname, "workload.cjs"),
    catalog: workloads.map(({ facts }) => facts),
    yields: true,
  });
  const engine = createEngine({
    imports: cache ?? imports,
    runs,
    showsGrowing: true,
    historyFolder: historyFolder(),
    bookmarkFolder: bookmarkFolder(),
    nowMs: () => performance.now(),
  });
  parentPort.on("message", ({ data, ports }) => {
    // Main and engine are built together, so an unknown message is a fault of the program: say so, stay alive.
    if (isControl(data)) handleControl({ engine, cache, runs }, data, ports);
    else console.error("engine: unknown control message");
  });
}

/** Main names the folder for quick opening and what may lie there; without one nothing is kept. */
function createCache(imports: Imports): CachedImports | null {
  const [, , folder, limitBytes] = process.argv;
  if (folder === undefined) return null;
  return createCachedImports(imports, {
    folder,
    limitBytes: Number(limitBytes),
    writer: programName,
    // Smaller files are read at once anyhow.
    smallestFileBytes: 4 * 2 ** 20,
  });
}

function handleControl(
  { engine, cache, runs }: { readonly engine: Engine; readonly cache: CachedImports | null; readonly runs: Runs },
  message: EngineControl,
  ports: readonly PortLike[],
): void {
  switch (message.kind) {
    case "port": {
      const [port] = ports;
      if (port === undefined) return console.error("engine: a port message came without its port");
      const disconnect = engine.connect(createPortChannel<FromEngine, ToEngine>(port));
      port.on("close", disconnect);
      break;
    }
    case "grant":
      engine.grant(message.token, { path: message.path, name: message.name });
      break;
    case "grantTarget":
      engine.grantTarget(message.token, { path: message.path, name: message.name });
      break;
    case "limitTraceCache":
      void cache?.limit(message.bytes);
      break;
    case "shutdown":
      // An exit in order would abort where a run is inside a native library.
      void engine.close().finally(() => (runs.isHeld() ? process.kill(process.pid, "SIGKILL") : process.exit(0)));
      break;
  }
}

function isControl(data: unknown): data is EngineControl {
  if (typeof data !== "object" || data === null) return false;
  const { kind, token, path, name, bytes } = data as Readonly<Record<string, unknown>>;
  if (kind === "grant" || kind === "grantTarget")
    return typeof token === "string" && typeof path === "string" && typeof name === "string";
  if (kind === "limitTraceCache") return typeof bytes === "number";
  return kind === "port" || kind === "shutdown";
}
