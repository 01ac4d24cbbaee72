import { contextBridge, ipcRenderer, webUtils } from "electron";

import type { ShellReply } from "../contract/shell-reply.ts";
import {
  dropChannel,
  enginePortMessage,
  eventChannel,
  invokeChannel,
  type WindowBridge,
} from "../contract/window-contract.ts";

type Listener = (payload: unknown) => void;
const listeners = new Map<string, Set<Listener>>();

ipcRenderer.on(eventChannel, (_event, name: string, payload: unknown) => {
  for (const listener of listeners.get(name) ?? []) listener(payload);
});

// Ports cannot cross the context bridge.
ipcRenderer.on(enginePortMessage, (event) => window.postMessage(enginePortMessage, location.origin, [...event.ports]));

async function ask(channel: string, ...request: readonly unknown[]): Promise<unknown> {
  const reply = (await ipcRenderer.invoke(channel, ...request)) as ShellReply;
  if (reply.ok) return reply.value;
  throw new Error(reply.error.message);
}

const bridge: { readonly [K in keyof WindowBridge]: (...values: never[]) => unknown } = {
  invoke: (command: string, request: unknown) => ask(invokeChannel, command, request),
  on: (event: string, listener: Listener) => {
    const known = listeners.get(event) ?? new Set();
    listeners.set(event, known.add(listener));
    return () => known.delete(listener);
  },
  grantDropped: (files: readonly File[]) =>
    ask(
      dropChannel,
      files.map(findPath).filter((path) => path !== ""),
    ),
};
contextBridge.exposeInMainWorld("deltaflame", bridge);

/** Old Electron has no `webUtils` and puts the path on the file; a file without one was made by the page. */
function findPath(file: File & { readonly path?: string }): string {
  const utils = webUtils as typeof webUtils | undefined;
  return utils === undefined ? (file.path ?? "") : utils.getPathForFile(file);
}
