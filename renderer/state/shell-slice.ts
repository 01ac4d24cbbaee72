import type { EngineClient, TraceKey } from "../../electron/contract/engine-contract.ts";
import { toPlainError } from "../../electron/contract/plain-error.ts";
import type { RecentFile, SampleFile, ShellFacts } from "../../electron/contract/window-contract.ts";
import type { SliceCreator } from "./store.ts";
import { type TabsSlice, viewOf } from "./tabs-slice.ts";

export type Overlay = "palette" | "help" | "link" | null;

/** A line about something that went wrong, with its own close button. */
export interface Notice {
  readonly id: number;
  readonly text: string;
  readonly detail: string | null;
  /** The tab it is about, with which it goes; null for the window. */
  readonly trace: TraceKey | null;
}

export interface ShellSlice {
  /** Null before the first connection and after the engine's end. */
  readonly engine: EngineClient | null;
  /** Why the engine ended; null while it runs or starts. */
  readonly engineEnded: string | null;
  readonly facts: ShellFacts | null;
  readonly recent: readonly RecentFile[];
  readonly samples: readonly SampleFile[];
  readonly overlay: Overlay;
  readonly notices: readonly Notice[];
  /** Goes up each time the search box is asked for. */
  readonly searchFocusCount: number;
  /** Asked for by the sign in the title row; it takes no room over a trace by itself. */
  readonly evaluationNoticeShown: boolean;
  /** Read out by screen readers; the count makes equal texts be read again. */
  readonly announcement: { readonly text: string; readonly count: number };

  connectEngine(engine: EngineClient): void;
  engineHasEnded(message: string): void;
  restartEngine(): Promise<void>;
  readShell(): Promise<void>;
  refreshRecent(): Promise<void>;
  chooseFiles(): Promise<void>;
  chooseFolder(): Promise<void>;
  showKept(): Promise<void>;
  /** Opens the database that nsys made beside a report. */
  openDatabaseOf(token: string): Promise<void>;
  openRecent(id: string): Promise<void>;
  forgetRecent(id: string | null): Promise<void>;
  openSample(id: string): Promise<void>;
  openDropped(files: readonly File[]): Promise<void>;
  copyText(text: string, what: string): Promise<void>;
  showOverlay(overlay: Overlay): void;
  /** Asks where to put what `make` gives; `what` starts the sentence that tells the outcome: "Chart". */
  saveMade(what: string, suggestedName: string, make: () => Promise<Blob>): Promise<void>;
  /** The same for a page that the shell prints. */
  savePdf(what: string, suggestedName: string, html: string): Promise<void>;
  showEvaluationNotice(shown: boolean): void;
  focusSearch(): void;
  announce(text: string): void;
  /** Shows a notice; `error` gives its second line. Cancellations stay silent. One about a tab goes with it. */
  report(text: string, error: unknown, about?: TraceKey): void;
  dismissNotice(id: number): void;
}

/** Those of tabs that are open, and of the window. */
export const shownNotices = ({ notices, tabs }: Pick<ShellSlice & TabsSlice, "notices" | "tabs">): readonly Notice[] =>
  notices.filter(({ trace }) => trace === null || tabs.some(({ key }) => key === trace));

// A slice is one object of actions; each of them is short.
/* oxlint-disable max-lines-per-function */
export const createShellSlice: SliceCreator<ShellSlice> =
  ({ platform }) =>
  (set, get) => {
    const { shell } = platform;
    let nextNotice = 1;
    /** Runs what a button started; its failure becomes a notice. */
    const attempt = async (text: string, body: () => Promise<void>): Promise<void> => {
      try {
        await body();
      } catch (error) {
        get().report(text, error);
      }
    };

    return {
      engine: null,
      engineEnded: null,
      facts: null,
      recent: [],
      samples: [],
      overlay: null,
      notices: [],
      searchFocusCount: 0,
      evaluationNoticeShown: false,
      announcement: { text: "", count: 0 },

      connectEngine(engine) {
        engine.on("trace.grew", (summary) => get().acceptSummary(summary));
        engine.on("bench.progressed", ({ run, updates }) => get().acceptUpdates(run, updates));
        set({ engine, engineEnded: null });
        // Tabs from before belong to an engine that is gone, or waited for the first one.
        for (const tab of get().tabs) get().reopenTab(tab.key);
      },
      engineHasEnded(message) {
        get().engine?.close();
        set({ engine: null, engineEnded: message, hover: null });
        get().announce(`The engine has ended: ${message}`);
      },
      restartEngine: () =>
        attempt(
          "The engine could not be started again.",
          async () => void (await shell.invoke("engine.restart", null)),
        ),

      readShell: () =>
        attempt("The shell did not answer.", async () => {
          const [facts, samples] = await Promise.all([
            shell.invoke("shell.facts", null),
            shell.invoke("file.samples", null),
          ]);
          set({ facts, samples });
          await get().refreshRecent();
        }),
      refreshRecent: () =>
        attempt("The list of recent files could not be read.", async () =>
          set({ recent: await shell.invoke("file.recent", null) }),
        ),
      chooseFiles: () =>
        attempt("No file could be opened.", async () => get().openFiles(await shell.invoke("file.choose", null))),
      chooseFolder: () =>
        attempt("No folder could be opened.", async () =>
          get().openFiles(await shell.invoke("file.chooseFolder", null)),
        ),
      showKept: () =>
        attempt("What is kept could not be shown.", async () => void (await shell.invoke("file.showKept", null))),
      openDatabaseOf: (token) =>
        attempt("The database could not be opened.", async () => {
          const grant = await shell.invoke("file.databaseBeside", { token });
          if (grant === null) throw new Error("there is no database beside the report");
          get().openFiles([grant]);
        }),
      openRecent: (id) =>
        attempt("The file could not be opened.", async () =>
          get().openFiles([await shell.invoke("file.openRecent", { id })]),
        ),
      forgetRecent: (id) =>
        attempt("The list of recent files could not be changed.", async () => {
          await shell.invoke("file.forgetRecent", { id });
          await get().refreshRecent();
        }),
      openSample: (id) =>
        attempt("The sample could not be opened.", async () => {
          const pair = get().samples.find((sample) => sample.id === id)?.pair ?? null;
          const grant = await shell.invoke("file.openSample", { id });
          if (pair === null) get().openFiles([grant]);
          else get().compareFiles([grant, await shell.invoke("file.openSample", { id: pair })]);
        }),
      openDropped: (files) =>
        attempt("The dropped files could not be opened.", async () => {
          const grants = await shell.grantDropped(files);
          // Two files are a question; in the view of comparisons any file is.
          if (grants.length === 2 || viewOf(get()) === "compare") get().compareFiles(grants);
          else get().openFiles(grants);
        }),
      copyText: (text, what) =>
        attempt(`${what} could not be copied.`, async () => {
          await shell.invoke("clipboard.write", { text });
          get().announce(`${what} copied`);
        }),

      saveMade: (what, suggestedName, make) =>
        attempt(`${what} could not be saved.`, async () => {
          const bytes = new Uint8Array(await (await make()).arrayBuffer());
          const saved = await shell.invoke("file.save", { suggestedName, bytes });
          if (saved !== null) get().announce(`${what} saved as ${saved}`);
        }),

      savePdf: (what, suggestedName, html) =>
        attempt(`${what} could not be printed.`, async () => {
          const saved = await shell.invoke("file.savePdf", { suggestedName, html });
          if (saved !== null) get().announce(`${what} saved as ${saved}`);
        }),

      showOverlay: (overlay) => set({ overlay }),
      showEvaluationNotice: (evaluationNoticeShown) => set({ evaluationNoticeShown }),
      focusSearch: () => set((state) => ({ searchFocusCount: state.searchFocusCount + 1, overlay: null })),
      announce: (text) => set((state) => ({ announcement: { text, count: state.announcement.count + 1 } })),
      report(text, error, about) {
        const plain = toPlainError(error);
        if (plain.name === "CancelledError") return;
        const notice = { id: nextNotice++, text, detail: plain.message, trace: about ?? null };
        set((state) => ({ notices: [...shownNotices(state), notice].slice(-3) }));
        get().announce(`${text} ${plain.message}`);
      },
      dismissNotice: (id) => set((state) => ({ notices: state.notices.filter((notice) => notice.id !== id) })),
    };
  };
