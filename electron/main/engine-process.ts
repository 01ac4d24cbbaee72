import { app, MessageChannelMain, utilityProcess, type UtilityProcess, type WebContents } from "electron";
import { dirname, join } from "node:path";

import type { EngineControl } from "../contract/engine-control.ts";
import { enginePortMessage } from "../contract/window-contract.ts";
import { distPath } from "./app-folders.ts";
import type { GrantedFile } from "./file-grants.ts";
import { traceCacheFolder } from "./trace-cache.ts";

export interface EngineProcess {
  start(grants: readonly GrantedFile[], traceCacheLimitBytes: number): void;
  /** Gives the page a fresh line to the engine, or tells it once more how the engine ended. */
  connect(page: WebContents): void;
  grant(file: GrantedFile): void;
  /** Lets the engine write this file. */
  grantTarget(target: { readonly token: string; readonly path: string; readonly name: string }): void;
  /** Changes what kept traces may take. */
  limitTraceCache(bytes: number): void;
  stop(): void;
}

/** Keeps at most one engine process; `onEnd` hears when it ends without having been asked to. */
export function createEngineProcess(onEnd: (message: string) => void): EngineProcess {
  let current: UtilityProcess | null = null;
  let endMessage: string | null = null;
  const send = (message: EngineControl): void => current?.postMessage(message);
  const grant = ({ token, path, name }: GrantedFile): void => send({ kind: "grant", token, path, name });
  return {
    start(grants, traceCacheLimitBytes) {
      current?.kill();
      const cache = [traceCacheFolder(), String(traceCacheLimitBytes)];
      const engine = utilityProcess.fork(distPath("engine", "index.cjs"), cache, {
        serviceName: "Deltaflame engine",
        stdio: "inherit",
        env: engineEnvironment(),
      });
      current = engine;
      engine.on("exit", (code) => {
        if (current !== engine) return;
        current = null;
        endMessage = describeEnd(code);
        onEnd(endMessage);
      });
      for (const file of grants) grant(file);
    },
    connect(page) {
      if (current === null) {
        if (endMessage !== null) onEnd(endMessage);
        return;
      }
      const { port1, port2 } = new MessageChannelMain();
      current.postMessage({ kind: "port" } satisfies EngineControl, [port1]);
      page.postMessage(enginePortMessage, null, [port2]);
    },
    grant,
    grantTarget: ({ token, path, name }) => send({ kind: "grantTarget", token, path, name }),
    limitTraceCache: (bytes) => send({ kind: "limitTraceCache", bytes }),
    stop() {
      send({ kind: "shutdown" });
      current = null;
    },
  };
}

/** Code 9 is the signal with which Linux ends the largest program when memory runs short. */
function describeEnd(code: number): string {
  // A killed process reports 0 in some Electron versions, so 0 says nothing.
  if (code === 0) return "It ended unexpectedly.";
  const words = `It ended unexpectedly (exit code ${code}).`;
  return code === 9 ? `${words} The system does that when memory runs short.` : words;
}

/** With software rendering, native compute libraries of the engine use the software driver beside Electron. */
function engineEnvironment(): NodeJS.ProcessEnv {
  if (process.env["DELTAFLAME_SOFTWARE_GPU"] !== "1") return process.env;
  const driver = join(dirname(process.execPath), "vk_swiftshader_icd.json");
  return {
    ...process.env,
    VK_ICD_FILENAMES: driver,
    VK_DRIVER_FILES: driver,
    XDG_RUNTIME_DIR: process.env["XDG_RUNTIME_DIR"] ?? app.getPath("temp"),
  };
}
