import { serveGpu } from "../gpu/serve-gpu.ts";
import type { AppStore } from "../state/store.ts";
import type { Platform } from "./platform.ts";

/** Connects the store to the shell and the engine, then opens what was given on the command line. */
export async function startApp(store: AppStore, platform: Platform): Promise<void> {
  const state = store.getState();
  platform.onEngine((engine) => {
    // First, so that the first look for engines finds the GPU.
    serveGpu(engine, (error) => store.getState().report("The GPU of the window could not be lent to runs.", error));
    store.getState().connectEngine(engine);
  });
  platform.shell.on("engine.ended", ({ message }) => store.getState().engineHasEnded(message));
  platform.shell.on("file.granted", (grants) => store.getState().openFiles(grants));
  platform.shell.on("link.given", ({ text }) => void store.getState().openLink(text));
  addEventListener("pagehide", () => store.getState().flushSettings());
  await state.readSettings();
  await state.readShell();
  try {
    const { files, links } = await platform.shell.invoke("file.pending", null);
    store.getState().openFiles(files);
    for (const text of links) await store.getState().openLink(text);
  } catch (error) {
    store.getState().report("What the command line names could not be opened.", error);
  }
}
