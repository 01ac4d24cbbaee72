import type { EngineClient, Progress, TraceKey } from "../../electron/contract/engine-contract.ts";
import { toPlainError } from "../../electron/contract/plain-error.ts";
import type { MeasurementSet } from "../../traces/measure/measurement.ts";
import { BenchmarkResultsError } from "../../traces/model/errors.ts";
import type { Platform } from "../app/platform.ts";
import { createRateMeter } from "./rate-meter.ts";
import type { AppState } from "./store.ts";
import type { OpenTabOptions } from "./tabs-slice.ts";
import type { LoadState, TraceTab } from "./trace-tab.ts";
import { findTab } from "./update-tab.ts";

export interface TraceLoader {
  /** Reads the file of a tab and keeps the tab's load state; never rejects. Without an engine it waits for `connectEngine`. */
  load(tab: TraceTab, options: OpenTabOptions): Promise<void>;
  cancel(key: TraceKey): void;
  /** Cancels, and lets the engine forget the trace. */
  release(key: TraceKey): void;
}

export interface TraceLoaderDeps {
  readonly platform: Platform;
  readonly get: () => AppState;
  readonly setLoad: (key: TraceKey, load: LoadState) => void;
  readonly setMeasurements: (key: TraceKey, set: MeasurementSet) => void;
}

/** Reads files through the engine; one cancellable call a tab. */
export function createTraceLoader({ platform, get, setLoad, setMeasurements }: TraceLoaderDeps): TraceLoader {
  const running = new Map<TraceKey, AbortController>();

  const read = async (
    engine: EngineClient,
    tab: TraceTab,
    options: OpenTabOptions,
    signal: AbortSignal,
  ): Promise<void> => {
    const meter = createRateMeter();
    const onProgress = (progress: Progress): void => {
      const load = findTab(get(), tab.key)?.load;
      const bytesPerSecond = meter.add(performance.now(), progress.done);
      if (load?.kind === "loading") setLoad(tab.key, { ...load, progress, bytesPerSecond });
    };
    const request = {
      trace: tab.key,
      file: tab.token,
      ...(options.allowLargeInflate === true ? { allowLargeInflate: true } : {}),
      ...(tab.isOtherClock ? { otherClock: true } : {}),
      ...(options.timesInNs === true ? { timesInNs: true } : {}),
    };
    const summary = await engine.call("trace.open", request, { signal, onProgress }).catch((error: unknown) => {
      if (error instanceof BenchmarkResultsError) return null;
      throw error;
    });
    if (summary === null) return await readResults(engine, tab, signal);
    get().acceptSummary(summary);
    setLoad(tab.key, { kind: "ready" });
    get().announce(`${tab.fileName} is open: ${summary.spanCount} spans`);
    void readKept(tab.key);
    await rememberOpened(tab, summary.formatLabel);
  };
  const readKept = async (key: TraceKey): Promise<void> => {
    await get().readBookmarks(key);
    await get().followLink(key);
  };
  const readResults = async (engine: EngineClient, tab: TraceTab, signal: AbortSignal): Promise<void> => {
    const found = await engine.call("measurements.read", { file: tab.token }, { signal });
    setMeasurements(tab.key, found);
    setLoad(tab.key, { kind: "ready" });
    get().announce(`${tab.fileName} is open: ${found.measurements.length} measurements`);
    await rememberOpened(tab, found.formatLabel);
  };
  const rememberOpened = async (tab: TraceTab, formatLabel: string): Promise<void> => {
    try {
      await platform.shell.invoke("file.opened", { token: tab.token, formatLabel });
      await get().refreshRecent();
    } catch (error) {
      get().report("The list of recent files could not be changed.", error);
    }
  };

  return {
    async load(tab, options) {
      const { engine } = get();
      if (engine === null) return;
      const aborter = new AbortController();
      running.set(tab.key, aborter);
      try {
        await read(engine, tab, options, aborter.signal);
      } catch (error) {
        // The engine ended: its banner speaks, and its successor starts the load again.
        if (get().engine !== engine) return;
        const plain = toPlainError(error);
        setLoad(tab.key, plain.name === "CancelledError" ? { kind: "cancelled" } : { kind: "failed", error: plain });
        if (plain.name !== "CancelledError") get().announce(`${tab.fileName} could not be opened: ${plain.message}`);
      } finally {
        if (running.get(tab.key) === aborter) running.delete(tab.key);
      }
    },
    cancel(key) {
      running.get(key)?.abort();
    },
    release(key) {
      running.get(key)?.abort();
      running.delete(key);
      // A trace that never got there has nothing to close: the refusal says only that.
      void get()
        .engine?.call("trace.close", { trace: key })
        .catch(() => undefined);
    },
  };
}
