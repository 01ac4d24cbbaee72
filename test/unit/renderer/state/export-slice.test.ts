// @vitest-environment happy-dom
import { expect, test } from "vitest";
import { runCommand } from "../../../../renderer/app/commands.ts";
import { createAppStore } from "../../../../renderer/state/store.ts";
import { UserFacingError } from "../../../../traces/model/errors.ts";
import { createHandEngine, createHandPlatform, settled, summaryOf } from "../fake-platform.ts";

const formats = [
  { id: "chrome-json", label: "Chrome trace (JSON)", extension: "json", description: "", writesArguments: true },
];

async function openTrace() {
  const engine = createHandEngine();
  const platform = createHandPlatform();
  const store = createAppStore({ platform, now: () => 0 });
  store.getState().connectEngine(engine);
  store.getState().openFiles([{ token: "t", name: "run.pt.trace.json.gz", bytes: 9 }]);
  const key = store.getState().tabs[0]?.key ?? "";
  engine.last("trace.open").resolve(summaryOf(key));
  await settled();
  return { engine, platform, store, key };
}

test("exporting asks for a place, tells progress and ends without a trace of it", async () => {
  const { engine, platform, store, key } = await openTrace();
  platform.answer("file.chooseTarget", { token: "place", name: "run.json" });
  expect(runCommand("file.exportChrome", { store, timeline: null })).toBe(true);
  engine.last("export.formats").resolve(formats);
  await settled();
  expect(platform.invoked).toContainEqual([
    "file.chooseTarget",
    { suggestedName: "run.json", extension: "json", formatLabel: "Chrome trace (JSON)" },
  ]);
  const call = engine.last("trace.export");
  expect(call.request).toEqual({
    trace: key,
    format: "chrome-json",
    target: "place",
    withArguments: true,
    keepHomeFolders: false,
  });
  call.options.onProgress?.({ done: 1, total: 4, unit: "entries" });
  expect(store.getState().runningExport).toMatchObject({ fileName: "run.json", progress: { done: 1 } });
  expect(runCommand("file.exportChrome", { store, timeline: null })).toBe(false);
  call.resolve({ fileName: "run.json", bytes: 9, argumentsUnavailable: null, eventsWithoutArguments: 0 });
  await settled();
  expect(store.getState().runningExport).toBeNull();
  expect(store.getState().notices).toEqual([]);
});

test("a cancelled export is silent, a failed one is told, missing arguments too", async () => {
  const { engine, platform, store } = await openTrace();
  const start = async (): Promise<ReturnType<typeof engine.last>> => {
    platform.answer("file.chooseTarget", { token: "place", name: "run.json" });
    void runCommand("file.exportChrome", { store, timeline: null });
    engine.last("export.formats").resolve(formats);
    await settled();
    return engine.last("trace.export");
  };
  await start();
  store.getState().cancelExport();
  await settled();
  expect(store.getState()).toMatchObject({ runningExport: null, notices: [] });

  (await start()).reject(new UserFacingError("the file cannot be written: permission denied"));
  await settled();
  expect(store.getState().notices.at(-1)?.detail).toBe("the file cannot be written: permission denied");

  (await start()).resolve({
    fileName: "run.json",
    bytes: 9,
    argumentsUnavailable: "The file changed on disk after it was opened.",
    eventsWithoutArguments: 0,
  });
  await settled();
  expect(store.getState().notices.at(-1)?.text).toBe("run.json was written without arguments.");
});

test("nothing is exported when the dialog is cancelled, nor while the file loads", async () => {
  const { engine, store } = await openTrace();
  expect(runCommand("file.exportChrome", { store, timeline: null })).toBe(true);
  engine.last("export.formats").resolve(formats);
  await settled();
  expect(engine.calls.some(({ command }) => command === "trace.export")).toBe(false);
  store.getState().openFiles([{ token: "u", name: "b.json", bytes: 9 }]);
  expect(runCommand("file.exportChrome", { store, timeline: null })).toBe(false);
});
