import { createEngineClient } from "../../electron/contract/engine-client.ts";
import type { Channel, FromEngine, ToEngine } from "../../electron/contract/engine-contract.ts";
import { enginePortMessage, type WindowBridge } from "../../electron/contract/window-contract.ts";
import { createEngineSlot, type Platform } from "./platform.ts";

/** The platform inside Electron. Must run before the preload hands over the port: at the start of the first module. */
export function createElectronPlatform(shell: WindowBridge): Platform {
  const slot = createEngineSlot();
  window.addEventListener("message", (event: MessageEvent<unknown>) => {
    // Only the preload shares this window object; frames and openers have their own.
    if (event.source !== window || event.data !== enginePortMessage) return;
    const port = event.ports[0];
    if (port !== undefined) slot.put(createEngineClient(createPortChannel(port)));
  });
  return { shell, onEngine: slot.onEngine };
}

function createPortChannel(port: MessagePort): Channel<ToEngine, FromEngine> {
  return {
    send: (message) => port.postMessage(message),
    onMessage(listener) {
      const handle = (event: MessageEvent<FromEngine>): void => listener(event.data);
      port.addEventListener("message", handle);
      port.start();
      return () => port.removeEventListener("message", handle);
    },
    close: () => port.close(),
  };
}
