// @vitest-environment happy-dom
import { expect, test } from "vitest";
import { runCommand } from "../../../../renderer/app/commands.ts";
import { createAppStore } from "../../../../renderer/state/store.ts";
import type { TraceSummary } from "../../../../electron/contract/engine-contract.ts";
import type { MeasurementSet } from "../../../../traces/measure/measurement.ts";
import { BenchmarkResultsError, UserFacingError } from "../../../../traces/model/errors.ts";
import { createHandEngine, createHandPlatform, settled, summaryOf } from "../fake-platform.ts";

const formats = [
  {
    id: "chrome-json",
    label: "Chrome trace (JSON)",
    extension: "json",
    description: "",
    takes: "spans",
    writesArguments: true,
  },
  {
    id: "csv-spans",
    label: "Table of spans (CSV)",
    extension: "csv",
    description: "",
    takes: "spans",
    writesArguments: false,
  },
  {
    id: "csv-launches",
    label: "Table of kernels (CSV)",
    extension: "csv",
    description: "",
    takes: "launches",
    writesArguments: false,
  },
] as const;

async function openTrace(over: Partial<TraceSummary> = {}) {
  const engine = createHandEngine();
  const platform = createHandPlatform();
  const store = createAppStore({ platform, now: () => 0 });
  store.getState().connectEngine(engine);
  store.getState().openFiles([{ token: "t", name: "run.pt.trace.json.gz", bytes: 9 }]);
  const key = store.getState().tabs[0]?.key ?? "";
  engine.last("trace.open").resolve({ ...summaryOf(key), ...over });
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

test("kernels without a time axis become a table of kernels, and no Chrome trace", async () => {
  const { engine, platform, store } = await openTrace({ launchCount: 2, spanCount: 0 });
  platform.answer("file.chooseTarget", { token: "place", name: "run.csv" });
  expect(runCommand("file.exportCsv", { store, timeline: null })).toBe(true);
  engine.last("export.formats").resolve(formats);
  await settled();
  expect(engine.last("trace.export").request).toMatchObject({ format: "csv-launches" });
  engine
    .last("trace.export")
    .resolve({ fileName: "run.csv", bytes: 9, argumentsUnavailable: null, eventsWithoutArguments: 0 });
  await settled();
  void runCommand("file.exportChrome", { store, timeline: null });
  engine.last("export.formats").resolve(formats);
  await settled();
  expect(store.getState().notices.at(-1)?.detail).toBe(
    "Kernels that ran one by one have no time axis. Export them as a table.",
  );
});

test("benchmark results become a table of measurements, and no trace", async () => {
  const engine = createHandEngine();
  const platform = createHandPlatform();
  const store = createAppStore({ platform, now: () => 0 });
  store.getState().connectEngine(engine);
  store.getState().openFiles([{ token: "t", name: "bench.json", bytes: 9 }]);
  engine.last("trace.open").reject(new BenchmarkResultsError("expected a trace, found benchmark results"));
  await settled();
  engine.last("measurements.read").resolve(results);
  await settled();
  platform.answer("file.save", "bench.csv");
  expect(runCommand("file.exportCsv", { store, timeline: null })).toBe(true);
  await settled();
  const [, request] = platform.invoked.find(([command]) => command === "file.save") ?? [];
  expect(request).toMatchObject({ suggestedName: "bench.csv" });
  const { bytes } = request as { readonly bytes: Uint8Array };
  expect(new TextDecoder().decode(bytes)).toContain("fit / time,ms,stated,lower,3,");
  void runCommand("file.exportChrome", { store, timeline: null });
  await settled();
  expect(store.getState().notices.at(-1)?.detail).toBe("Benchmark results are no trace. Export them as a table.");
});

const results: MeasurementSet = {
  name: "bench.json",
  format: "hyperfine",
  formatLabel: "hyperfine results (JSON)",
  producer: null,
  facts: [],
  measurements: [
    {
      path: ["fit", "time"],
      values: [1, 2, 4],
      warmups: [],
      stated: null,
      unit: { symbol: "ms", source: "stated" },
      better: "lower",
    },
  ],
  ledger: { numbersRead: 3, values: 3, warmups: 0, statistics: 0, facts: 0, leftOut: [], notes: [] },
  integrity: [],
};
