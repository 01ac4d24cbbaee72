import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { backends } from "../../native-bench/backends/registry.ts";
import { workloads } from "../../native-bench/workloads/registry.ts";
import { createInThreadRuns } from "../../electron/engine/runs/in-thread-runs.ts";
import { existsSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { type WebSocket, WebSocketServer } from "ws";
import type { Channel, FromEngine, ToEngine } from "../../electron/contract/engine-contract.ts";
import { decodeFrame, encodeFrame } from "../../electron/contract/frame.ts";
import { toPlainError } from "../../electron/contract/plain-error.ts";
import { type FromWebHost, type ToWebHost, webSocketPath } from "../../electron/contract/web-contract.ts";
import type { FileGrant, Settings } from "../../electron/contract/window-contract.ts";
import { createEngine, type Engine } from "../../electron/engine/engine.ts";
import { createInThreadImports } from "../../electron/engine/imports/in-thread-imports.ts";
import { createWorkerImports } from "../../electron/engine/imports/worker-imports.ts";
import { hostHeaders, serveRenderer } from "./serve-renderer.ts";
import { createWebShell, type ShellRecord } from "./web-shell.ts";

export interface WebHostOptions {
  /** Built window: `dist/renderer`. */
  readonly rendererDir: string;
  /** Opened at the start, as if given on the command line. */
  readonly files?: readonly string[];
  /** What the open dialog returns, one entry a call. */
  readonly choices?: readonly (readonly string[])[];
  /** Folder with `samples.json`. */
  readonly samplesDir?: string;
  /** Bundle of the import worker, `dist/engine/worker.cjs`; without it imports run on the thread of the host. */
  readonly workerPath?: string;
  readonly settings?: Settings;
  /** Where exported files go; absent: the save dialog is cancelled. */
  readonly targetFolder?: string;
  /** 0 or absent: any free one. */
  readonly port?: number;
}

export interface WebHost {
  readonly url: string;
  readonly record: ShellRecord;
  /** Adds an answer of the open dialog. */
  addChoice(paths: readonly string[]): void;
  /** As a second start with a file: grants it and tells every window. */
  openInWindows(path: string): FileGrant;
  /** As a choice in the menu. */
  sendMenuCommand(command: string): void;
  /** Ends the engine as a crash would, and tells every window. */
  endEngine(message: string): Promise<void>;
  close(): Promise<void>;
}

/** Serves the window over loopback HTTP, hosts the engine in this process and tunnels its contract over one socket. */
export async function startWebHost(options: WebHostOptions): Promise<WebHost> {
  const windows = new Set<WindowLine>();
  const grants = new Map<string, { readonly path: string; readonly name: string }>();
  const historyFolder = await mkdtemp(join(tmpdir(), "deltaflame-history-"));
  let engine = startEngine(options, grants, historyFolder);

  const restartEngine = (): void => {
    void engine.close();
    engine = startEngine(options, grants, historyFolder);
    for (const line of windows) line.connectEngine(engine, true);
  };
  const shell = createWebShell({
    files: options.files ?? [],
    choices: options.choices ?? [],
    samplesDir: options.samplesDir ?? null,
    settings: options.settings ?? {},
    onGrant: ({ token, path, name }) => {
      grants.set(token, { path, name });
      engine.grant(token, { path, name });
    },
    restartEngine,
    targetFolder: options.targetFolder ?? null,
    onTarget: ({ token, path, name }) => engine.grantTarget(token, { path, name }),
  });

  const { server, host } = await listen(options);
  const sockets = new WebSocketServer({ server, path: webSocketPath, maxPayload: 512 * 2 ** 20 });
  sockets.on("connection", (socket) => {
    const line = createWindowLine(socket, async (message) => {
      if (message.kind === "drop")
        return await Promise.all(message.files.map((file) => shell.grantBytes(file.name, file.bytes)));
      const handler = shell.handlers[message.command] as ((request: unknown) => Promise<unknown>) | undefined;
      if (handler === undefined) throw new Error(`unknown shell command "${message.command}"`);
      return await handler(message.request);
    });
    windows.add(line);
    socket.on("close", () => windows.delete(line));
    line.connectEngine(engine, false);
  });

  const tellWindows = (message: FromWebHost): void => {
    for (const line of windows) line.send(message);
  };
  return {
    url: `http://${host}/`,
    record: shell.record,
    addChoice: (paths) => void shell.choices.push(paths),
    openInWindows(path) {
      const grant = shell.grant(path);
      tellWindows({ kind: "event", event: "file.granted", payload: [grant] });
      return grant;
    },
    sendMenuCommand: (command) => tellWindows({ kind: "event", event: "menu.command", payload: { command } }),
    async endEngine(message) {
      await engine.close();
      tellWindows({ kind: "event", event: "engine.ended", payload: { message } });
    },
    async close() {
      for (const socket of sockets.clients) socket.terminate();
      await new Promise((resolve) => sockets.close(resolve));
      await new Promise((resolve) => server.close(resolve));
      await engine.close();
      for (const folder of [historyFolder, `${historyFolder}-bookmarks`])
        await rm(folder, { recursive: true, force: true });
    },
  };
}

function startEngine(
  { workerPath }: WebHostOptions,
  grants: ReadonlyMap<string, { readonly path: string; readonly name: string }>,
  historyFolder: string,
): Engine {
  if (workerPath !== undefined && !existsSync(workerPath))
    throw new Error(`no import worker at ${workerPath}: build first`);
  const imports =
    workerPath === undefined ? createInThreadImports() : createWorkerImports({ workerPath, forWindow: true });
  const engine = createEngine({
    imports,
    runs: createInThreadRuns({ workloads, backends }),
    showsGrowing: true,
    historyFolder,
    bookmarkFolder: `${historyFolder}-bookmarks`,
    nowMs: () => performance.now(),
  });
  for (const [token, file] of grants) engine.grant(token, file);
  return engine;
}

async function listen({
  rendererDir,
  port = 0,
}: WebHostOptions): Promise<{ readonly server: Server; readonly host: string }> {
  let host = "";
  const server = createServer((request, response) => {
    // A foreign page that resolves its own name to this address must not get in.
    if (request.headers.host !== host) return void response.writeHead(403, hostHeaders(host)).end();
    void serveRenderer(rendererDir, host, request, response);
  });
  await new Promise<void>((resolve, reject) => server.on("error", reject).listen(port, "127.0.0.1", resolve));
  host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { server, host };
}

interface WindowLine {
  send(message: FromWebHost): void;
  connectEngine(engine: Engine, announce: boolean): void;
}

type ShellMessage = Exclude<ToWebHost, { readonly kind: "engine" }>;

/** One window: shell messages are answered by `answer`, engine messages pass through to the engine now connected. */
function createWindowLine(socket: WebSocket, answer: (message: ShellMessage) => Promise<unknown>): WindowLine {
  let toEngine: ((message: ToEngine) => void) | null = null;
  let disconnect: (() => void) | null = null;
  const send = (message: FromWebHost): void => {
    if (socket.readyState === socket.OPEN) socket.send(encodeFrame(message));
  };
  socket.on("message", (data: Buffer) => {
    const message = decodeFrame(data) as ToWebHost;
    if (message.kind === "engine") return toEngine?.(message.message);
    answer(message).then(
      (reply) => send({ kind: "reply", id: message.id, reply }),
      (error: unknown) => send({ kind: "refused", id: message.id, error: toPlainError(error) }),
    );
  });
  socket.on("close", () => disconnect?.());
  return {
    send,
    connectEngine(engine, announce) {
      disconnect?.();
      if (announce) send({ kind: "engineStarted" });
      const channel: Channel<FromEngine, ToEngine> = {
        send: (message) => send({ kind: "engine", message }),
        onMessage(listener) {
          toEngine = listener;
          return () => {
            if (toEngine === listener) toEngine = null;
          };
        },
        close: () => undefined,
      };
      disconnect = engine.connect(channel);
    },
  };
}
