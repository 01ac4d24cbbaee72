import type { ExportFormat, Progress, TraceKey } from "../../electron/contract/engine-contract.ts";
import type { SliceCreator } from "./store.ts";
import { findTab } from "./update-tab.ts";

/** An export that runs. */
export interface RunningExport {
  readonly fileName: string;
  readonly progress: Progress | null;
}

export interface ExportSlice {
  /** One at a time; null while none runs. */
  readonly runningExport: RunningExport | null;
  /** Asks where to put it, then writes the trace of a tab in one of the engine's formats. */
  exportTab(key: TraceKey, format: string): Promise<void>;
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
      async exportTab(key, formatId) {
        if (get().runningExport !== null) return;
        try {
          const formats = (await get().engine?.call("export.formats", null)) ?? [];
          const format = formats.find(({ id }) => id === formatId);
          if (format !== undefined) await run(key, format);
        } catch (error) {
          get().report("The trace could not be exported.", error);
        }
      },
      cancelExport: () => aborter?.abort(),
    };
  };

/** "run.pt.trace.json.gz" → "run". */
function withoutEnding(fileName: string): string {
  return fileName.replace(
    /(?:\.(?:pt|trace|json|gz|zip|pb|xplane|pftrace|perfetto-trace|sqlite|dflame|cpuprofile|csv))+$/i,
    "",
  );
}
