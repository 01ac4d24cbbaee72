import type { ExportFormat, Progress, TraceKey } from "../../electron/contract/engine-contract.ts";
import { measurementsCsv, withoutHomeFolders } from "../../traces/exporters/measurements-csv.ts";
import type { MeasurementSet } from "../../traces/measure/measurement.ts";
import { UserFacingError } from "../../traces/model/errors.ts";
import type { AppState, SliceCreator } from "./store.ts";
import type { TraceTab } from "./trace-tab.ts";
import { findTab } from "./update-tab.ts";

/** An export that runs. */
export interface RunningExport {
  readonly fileName: string;
  readonly progress: Progress | null;
}

export interface ExportSlice {
  /** One at a time; null while none runs. */
  readonly runningExport: RunningExport | null;
  /**
   * Asks where to put it, then writes what a tab holds in the format of this ending that takes it: spans, kernels
   * without a time axis, or measurements.
   */
  exportTab(key: TraceKey, extension: string): Promise<void>;
  cancelExport(): void;
}

// A slice is one object of actions; each of them is short.
export const createExportSlice: SliceCreator<ExportSlice> =
  ({ platform }) =>
  (set, get) => {
    let aborter: AbortController | null = null;

    const run = async (key: TraceKey, format: ExportFormat): Promise<void> => {
      const tab = findTab(get(), key);
      const { engine } = get();
      if (tab === null || engine === null) return;
      const target = await platform.shell.invoke("file.chooseTarget", {
        suggestedName: `${withoutEnding(tab.fileName)}.${format.extension}`,
        extension: format.extension,
        formatLabel: format.label,
      });
      if (target === null) return;
      aborter = new AbortController();
      set({ runningExport: { fileName: target.name, progress: null } });
      try {
        const report = await engine.call(
          "trace.export",
          { trace: key, format: format.id, target: target.token, withArguments: true, keepHomeFolders: false },
          {
            signal: aborter.signal,
            onProgress: (progress) => set({ runningExport: { fileName: target.name, progress } }),
          },
        );
        get().announce(`Exported ${report.fileName}`);
        if (report.argumentsUnavailable !== null)
          get().report(`${report.fileName} was written without arguments.`, new Error(report.argumentsUnavailable));
        else if (report.eventsWithoutArguments > 0)
          get().report(
            `${report.fileName} was written.`,
            new Error(`The arguments of ${report.eventsWithoutArguments} events could not be read again.`),
          );
      } finally {
        aborter = null;
        set({ runningExport: null });
      }
    };

    return {
      runningExport: null,
      async exportTab(key, extension) {
        const tab = findTab(get(), key);
        if (tab === null || get().runningExport !== null) return;
        try {
          if (tab.measurements !== null) return await exportMeasurements(tab, tab.measurements, extension, get());
          const taken = (tab.summary?.launchCount ?? 0) > 0 ? "launches" : "spans";
          const formats = (await get().engine?.call("export.formats", null)) ?? [];
          const format = formats.find((each) => each.extension === extension && ["any", taken].includes(each.takes));
          if (format === undefined)
            throw new UserFacingError("Kernels that ran one by one have no time axis. Export them as a table.");
          await run(key, format);
        } catch (error) {
          get().report("The trace could not be exported.", error);
        }
      },
      cancelExport: () => aborter?.abort(),
    };
  };

async function exportMeasurements(
  { fileName }: TraceTab,
  set: MeasurementSet,
  extension: string,
  state: AppState,
): Promise<void> {
  if (extension !== "csv") throw new UserFacingError("Benchmark results are no trace. Export them as a table.");
  const bytes = new TextEncoder().encode(measurementsCsv(withoutHomeFolders(set, false)));
  await state.saveMade("Measurements", `${withoutEnding(fileName)}.csv`, () => Promise.resolve(new Blob([bytes])));
}

/** "run.pt.trace.json.gz" → "run". */
function withoutEnding(fileName: string): string {
  return fileName.replace(
    /(?:\.(?:pt|trace|json|gz|zip|pb|xplane|pftrace|perfetto-trace|sqlite|dflame|cpuprofile|csv|ncu-rep))+$/i,
    "",
  );
}
