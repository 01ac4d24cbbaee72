import type { SliceCreator } from "./store.ts";

/** A result file on its way into the history, until its suite is named. */
export interface HistoryDraft {
  readonly token: string;
  readonly fileName: string;
}

export interface HistorySlice {
  readonly historyDraft: HistoryDraft | null;
  /** Rises with every kept run, so that what was read before is asked again. */
  readonly historyRevision: number;
  /** Of the history view; null: the one with the newest run. */
  readonly shownSuite: string | null;
  /** Shows the history with the question which suite a file belongs to; null drops it. */
  draftRun(draft: HistoryDraft | null): void;
  chooseRun(): Promise<void>;
  keepRun(draft: HistoryDraft, suite: string): Promise<void>;
  showSuite(suite: string): void;
}

export const createHistorySlice: SliceCreator<HistorySlice> =
  ({ platform }) =>
  (set, get) => ({
    historyDraft: null,
    historyRevision: 0,
    shownSuite: null,
    draftRun(historyDraft) {
      set({ historyDraft });
      if (historyDraft !== null) get().showView("history");
    },
    async chooseRun() {
      try {
        const [grant] = await platform.shell.invoke("file.choose", null);
        if (grant !== undefined) get().draftRun({ token: grant.token, fileName: grant.name });
      } catch (error) {
        get().report("No file could be opened.", error);
      }
    },
    async keepRun({ token, fileName }, suite) {
      const { engine, compareOptions: options } = get();
      if (engine === null) return;
      try {
        const { comparison } = await engine.call("history.keep", { suite, file: token, options });
        set(({ historyRevision }) => ({
          historyDraft: null,
          historyRevision: historyRevision + 1,
          shownSuite: suite,
        }));
        get().announce(comparison?.sentence ?? `${fileName} is the first run of ${suite}`);
      } catch (error) {
        get().report(`${fileName} could not be kept.`, error);
      }
    },
    showSuite: (shownSuite) => set({ shownSuite }),
  });
