import type { Channel } from "../../contract/engine-contract.ts";

/** What Electron's `MessagePortMain` offers; typed here because the engine knows no Electron. */
export interface PortLike {
  postMessage(message: unknown): void;
  on(event: "message", listener: (event: { readonly data: unknown }) => void): unknown;
  on(event: "close", listener: () => void): unknown;
  start(): void;
  close(): void;
}

/** A channel over one port; starts the port with the first listener. What comes in is unchecked. */
export function createPortChannel<Out, In>(port: PortLike): Channel<Out, In> {
  const listeners = new Set<(message: In) => void>();
  let started = false;
  port.on("message", (event) => {
    // The receiver checks: the engine with its schemas, the client by the ids it gave out.
    for (const listener of listeners) listener(event.data as In);
  });
  return {
    send: (message) => port.postMessage(message),
    onMessage(listener) {
      listeners.add(listener);
      if (!started) port.start();
      started = true;
      return () => listeners.delete(listener);
    },
    close: () => port.close(),
  };
}
