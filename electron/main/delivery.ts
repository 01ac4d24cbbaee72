import type { BrowserWindow } from "electron";

import {
  eventChannel,
  type FileGrant,
  type PendingOpenings,
  type ShellEventName,
  type ShellEvents,
} from "../contract/window-contract.ts";

/** Brings events and files to the page; files wait while no page listens. */
export interface Delivery {
  send<N extends ShellEventName>(event: N, payload: ShellEvents[N]): void;
  sendFiles(files: readonly FileGrant[]): void;
  sendLinks(links: readonly string[]): void;
  /** Hands out what waits; from then on the page gets files and links as events. */
  takePending(): PendingOpenings;
  attach(window: BrowserWindow): void;
}

export function createDelivery(): Delivery {
  let window: BrowserWindow | null = null;
  let pageListens = false;
  let pending: PendingOpenings = { files: [], links: [] };
  const send: Delivery["send"] = (event, payload) => window?.webContents.send(eventChannel, event, payload);
  return {
    send,
    sendFiles(files) {
      if (files.length === 0) return;
      if (pageListens) send("file.granted", files);
      else pending = { ...pending, files: [...pending.files, ...files] };
    },
    sendLinks(links) {
      if (!pageListens) pending = { ...pending, links: [...pending.links, ...links] };
      else for (const text of links) send("link.given", { text });
    },
    takePending() {
      const taken = pending;
      pending = { files: [], links: [] };
      pageListens = true;
      return taken;
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
