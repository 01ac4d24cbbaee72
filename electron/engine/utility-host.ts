import { join } from "node:path";
import { workloads } from "../../native-bench/workloads/registry.ts";
import type { FromEngine, ToEngine } from "../contract/engine-contract.ts";
import type { EngineControl } from "../contract/engine-control.ts";
import { traceCacheLimitBytes } from "../contract/trace-cache.ts";
import { createPortChannel, type PortLike } from "./channels/message-port.ts";
import { createEngine, type Engine } from "./engine.ts";
import { createCachedImports } from "./imports/cached-imports.ts";
import type { Imports } from "./imports/import-job.ts";
import { createWorkerImports } from "./imports/worker-imports.ts";
import { programName } from "./program-name.ts";
import { historyFolder } from "./result-history.ts";
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
  const engine = createEngine({
    imports: createImports(),
    runs: createWorkerRuns({
      workerPath: join(__dirname, "workload.cjs"),
      catalog: workloads.map(({ facts }) => facts),
      yields: true,
    }),
    showsGrowing: true,
    historyFolder: historyFolder(),
    nowMs: () => performance.now(),
  });
  parentPort.on("message", ({ data, ports }) => {
    // Main and engine are built together, so an unknown message is a fault of the program: say so, stay alive.
    if (isControl(data)) handleControl(engine, data, ports);
    else console.error("engine: unknown control message");
  });
}

/** Main names the folder for quick opening; without one nothing is kept. */
function createImports(): Imports {
  const imports = createWorkerImports({ workerPath: join(__dirname, "worker.cjs"), forWindow: true });
  const folder = process.argv[2];
  if (folder === undefined) return imports;
  return createCachedImports(imports, {
    folder,
    limitBytes: traceCacheLimitBytes,
    writer: programName,
    // Smaller files are read at once anyhow.
    smallestFileBytes: 4 * 2 ** 20,
  });
}

function handleControl(engine: Engine, message: EngineControl, ports: readonly PortLike[]): void {
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
    case "shutdown":
      void engine.close().finally(() => process.exit(0));
      break;
  }
}

function isControl(data: unknown): data is EngineControl {
  if (typeof data !== "object" || data === null) return false;
  const { kind, token, path, name } = data as Readonly<Record<string, unknown>>;
  if (kind === "grant" || kind === "grantTarget")
    return typeof token === "string" && typeof path === "string" && typeof name === "string";
  return kind === "port" || kind === "shutdown";
}
