import type { BrowserWindow } from "electron";

import { eventChannel, type FileGrant, type ShellEventName, type ShellEvents } from "../contract/window-contract.ts";

/** Brings events and files to the page; files wait while no page listens. */
export interface Delivery {
  send<N extends ShellEventName>(event: N, payload: ShellEvents[N]): void;
  sendFiles(files: readonly FileGrant[]): void;
  /** Hands out the waiting files; from then on the page gets files as events. */
  takePending(): readonly FileGrant[];
  attach(window: BrowserWindow): void;
}

export function createDelivery(): Delivery {
  let window: BrowserWindow | null = null;
  let pageListens = false;
  let pending: readonly FileGrant[] = [];
  const send: Delivery["send"] = (event, payload) => window?.webContents.send(eventChannel, event, payload);
  return {
    send,
    sendFiles(files) {
      if (files.length === 0) return;
      if (pageListens) send("file.granted", files);
      else pending = [...pending, ...files];
    },
    takePending() {
      const files = pending;
      pending = [];
      pageListens = true;
      return files;
    },
    attach(newWindow) {
      window = newWindow;
      newWindow.webContents.on("did-start-loading", () => {
        pageListens = false;
      });
      newWindow.on("closed", () => {
        window = null;
        pageListens = false;
      });
    },
  };
}
