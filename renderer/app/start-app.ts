import type { AppStore } from "../state/store.ts";
import type { Platform } from "./platform.ts";

/** Connects the store to the shell and the engine, then opens what was given on the command line. */
export async function startApp(store: AppStore, platform: Platform): Promise<void> {
  const state = store.getState();
  platform.onEngine((engine) => store.getState().connectEngine(engine));
  platform.shell.on("engine.ended", ({ message }) => store.getState().engineHasEnded(message));
  platform.shell.on("file.granted", (grants) => store.getState().openFiles(grants));
  addEventListener("pagehide", () => store.getState().flushSettings());
  await state.readSettings();
  await state.readShell();
  try {
    store.getState().openFiles(await platform.shell.invoke("file.pending", null));
  } catch (error) {
    store.getState().report("The files of the command line could not be opened.", error);
  }
}
