import { app, BrowserWindow, session } from "electron";
import { randomUUID } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

import { saveFile } from "./save-file.ts";

/** A session of its own, kept in memory, in which nothing but the printed file can be fetched. */
const printPartition = "print";

/** Asks for a place and prints the page there; null when the user changed their mind, else the file name. */
export function savePdf(window: BrowserWindow, suggestedName: string, html: string): Promise<string | null> {
  return saveFile(window, suggestedName, () => printPage(html));
}

/** The page on A4, as its print style sheet has it; no script of it runs. */
async function printPage(html: string): Promise<Uint8Array> {
  const folder = await mkdtemp(join(app.getPath("temp"), "deltaflame-print-"));
  const file = join(folder, `${randomUUID()}.html`);
  const address = pathToFileURL(file).href;
  const printing = session.fromPartition(printPartition);
  printing.webRequest.onBeforeRequest((request, decide) => decide({ cancel: request.url !== address }));
  const page = new BrowserWindow({
    show: false,
    webPreferences: {
      session: printing,
      javascript: false,
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
    },
  });
  try {
    await writeFile(file, html, { mode: 0o600 });
    await page.loadURL(address);
    return await page.webContents.printToPDF({ printBackground: true, pageSize: "A4" });
  } finally {
    page.destroy();
    await rm(folder, { recursive: true, force: true });
  }
}
