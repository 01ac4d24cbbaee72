import { createEngineClient } from "../../electron/contract/engine-client.ts";
import type { Channel, FromEngine, ToEngine } from "../../electron/contract/engine-contract.ts";
import { decodeFrame, encodeFrame } from "../../electron/contract/frame.ts";
import { fromPlainError } from "../../electron/contract/plain-error.ts";
import { type FromWebHost, type ToWebHost, webSocketPath } from "../../electron/contract/web-contract.ts";
import type {
  FileGrant,
  ShellCommandName,
  ShellCommands,
  ShellEventName,
  ShellEvents,
  WindowBridge,
} from "../../electron/contract/window-contract.ts";
import { createEngineSlot, type Platform } from "./platform.ts";

interface WaitingInvoke {
  readonly resolve: (reply: unknown) => void;
  readonly reject: (error: Error) => void;
}

/** The platform of a plain browser: one socket to the page's own host carries the shell and the engine. */
// Five short functions over one socket: apart, each would need all of its state.
// oxlint-disable-next-line max-lines-per-function
export function createWebPlatform(): Platform {
  const socket = new WebSocket(`${location.protocol === "https:" ? "wss" : "ws"}://${location.host}${webSocketPath}`);
  socket.binaryType = "arraybuffer";
  const slot = createEngineSlot();
  const waiting = new Map<number, WaitingInvoke>();
  const shellListeners = new Map<ShellEventName, Set<(payload: never) => void>>();
  let engineListener: ((message: FromEngine) => void) | null = null;
  let nextId = 1;
  const queued: ToWebHost[] = [];

  const send = (message: ToWebHost): void => {
    if (socket.readyState === WebSocket.CONNECTING) queued.push(message);
    else socket.send(encodeFrame(message));
  };
  const connectEngine = (): void => {
    const channel: Channel<ToEngine, FromEngine> = {
      send: (message) => send({ kind: "engine", message }),
      onMessage(listener) {
        engineListener = listener;
        return () => {
          if (engineListener === listener) engineListener = null;
        };
      },
      close: () => undefined,
    };
    slot.put(createEngineClient(channel));
  };
  const tellShellListeners = <N extends ShellEventName>(event: N, payload: ShellEvents[N]): void => {
    for (const listener of shellListeners.get(event) ?? []) listener(payload as never);
  };
  const handle = (message: FromWebHost): void => {
    switch (message.kind) {
      case "engine":
        engineListener?.(message.message);
        break;
      case "reply":
        settle(waiting, message.id)?.resolve(message.reply);
        break;
      case "refused":
        settle(waiting, message.id)?.reject(fromPlainError(message.error));
        break;
      case "engineStarted":
        connectEngine();
        break;
      case "event":
        tellShellListeners(message.event, message.payload);
        break;
    }
  };
  const ask = (build: (id: number) => ToWebHost): Promise<unknown> =>
    new Promise((resolve, reject) => {
      const id = nextId++;
      waiting.set(id, { resolve, reject });
      send(build(id));
    });

  socket.addEventListener("open", () => {
    for (const message of queued.splice(0)) send(message);
    connectEngine();
  });
  socket.addEventListener("message", (event: MessageEvent<ArrayBuffer>) =>
    handle(decodeFrame(new Uint8Array(event.data)) as FromWebHost),
  );
  socket.addEventListener("close", () => {
    for (const call of waiting.values()) call.reject(new Error("the connection to the host has ended"));
    waiting.clear();
    tellShellListeners("engine.ended", { message: "The connection to the host has ended." });
  });

  const shell: WindowBridge = {
    invoke: <N extends ShellCommandName>(command: N, request: ShellCommands[N]["request"]) =>
      ask((id) => ({ kind: "invoke", id, command, request })) as Promise<ShellCommands[N]["reply"]>,
    on<N extends ShellEventName>(event: N, listener: (payload: ShellEvents[N]) => void) {
      const set = shellListeners.get(event) ?? new Set();
      shellListeners.set(event, set);
      set.add(listener);
      return () => set.delete(listener);
    },
    async grantDropped(files) {
      const parts = await Promise.all(
        files.map(async (file) => ({ name: file.name, bytes: new Uint8Array(await file.arrayBuffer()) })),
      );
      return (await ask((id) => ({ kind: "drop", id, files: parts }))) as readonly FileGrant[];
    },
  };
  return { shell, onEngine: slot.onEngine };
}

function settle(waiting: Map<number, WaitingInvoke>, id: number): WaitingInvoke | undefined {
  const call = waiting.get(id);
  waiting.delete(id);
  return call;
}
