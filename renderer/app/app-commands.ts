import { spanAsText } from "../dock/span-text.ts";
import { copyTop } from "../dock/TopTable.tsx";
import { scopeOf } from "../state/scope.ts";
import type { DockTab } from "../state/settings-slice.ts";
import type { AppState, AppStore } from "../state/store.ts";
import { isRunning } from "../state/run-record.ts";
import { viewOf } from "../state/tabs-slice.ts";
import type { TraceTab } from "../state/trace-tab.ts";
import type { TimelineController } from "../timeline/controller.ts";
import { colorings, coloringWords, nextColoring } from "../theme/coloring.ts";
import type { ThemeChoice } from "../theme/theme.ts";
import type { Command } from "./command.ts";
import { activeTab, always, onTab, when, whenTab } from "./command-builders.ts";

/** What the window does besides the timeline. */
export const appCommands: readonly Command[] = [
  always("File", "file.open", "Open files…", ["Mod+O"], (state) => void state.chooseFiles()),
  always("File", "file.openFolder", "Open a profile folder…", ["Mod+Shift+O"], (state) => void state.chooseFolder()),
  always("File", "link.open", "Open a link…", ["Mod+L"], (state) => state.showOverlay("link")),
  whenTab(
    ({ summary }) => summary !== null,
    onTab("File", "link.copy", "Copy a link to this view", ["L"], (tab, state) => void state.copyLink(tab.key)),
  ),
  always("File", "file.openSample", "Open a sample…", ["Mod+Shift+T"], (state) => state.activateTab(null)),
  always("File", "file.keptTraces", "Kept traces: show and delete…", ["Mod+Shift+K"], (state) => void state.showKept()),
  onTab("File", "file.reopen", "Read the file again", [], (tab, state) => state.reopenTab(tab.key)),
  whenTab(
    ({ load }) => load.kind === "loading",
    onTab("File", "file.cancel", "Cancel loading", [], (tab, state) => state.cancelLoad(tab.key)),
  ),
  exportCommand("file.exportContainer", "Export as a Deltaflame container…", "dflame"),
  exportCommand("file.exportChrome", "Export as a Chrome trace…", "json"),
  exportCommand("file.exportCsv", "Export as a table (CSV)…", "csv"),
  when(
    ({ runningExport }) => runningExport !== null,
    always("File", "file.cancelExport", "Cancel the export", [], (state) => state.cancelExport()),
  ),
  pictureCommand("file.savePicture", "Save the timeline as a picture (PNG)…", "png", (timeline) => timeline.picture()),
  pictureCommand("file.saveDrawing", "Save the timeline as a drawing (SVG)…", "svg", (timeline) =>
    timeline.vectorPicture(),
  ),
  when(
    ({ engineEnded }) => engineEnded !== null,
    always("File", "engine.restart", "Start the engine again", [], (state) => void state.restartEngine()),
  ),

  always("Run", "run.profile", "Profile a workload", ["Mod+Shift+P"], (state) => state.showView("profile")),
  always("Run", "run.scaling", "Show scaling curves", ["Mod+Shift+L"], (state) => state.showView("scaling")),
  always("Run", "trace.findings", "Show the findings of the trace", ["Mod+Shift+F"], (state) =>
    state.showView("findings"),
  ),
  always("Run", "trace.whatIf", "Ask what a step would take", [], (state) => state.showView("whatIf")),
  when(
    (state) => activeTab(state)?.selection.kind === "span",
    onTab("Run", "trace.askWithout", "Ask what a step would take without the selected span", [], (tab, state) => {
      if (tab.selection.kind === "span") state.askWithout(tab.key, tab.selection.span.name);
    }),
  ),
  when(
    (state) => viewOf(state) === "profile" && state.engine !== null && !state.runs.some(isRunning),
    always("Run", "run.start", "Start the run", ["F5", "Mod+Enter"], (state) => void state.startRun()),
  ),
  when(
    ({ runs }) => runs.some(isRunning),
    always("Run", "run.stop", "Stop the run", ["Shift+F5", "Mod+."], (state) => state.stopRun()),
  ),

  always("Tabs", "tab.welcome", "Show the welcome screen", ["Mod+T"], (state) => state.activateTab(null)),
  onTab("Tabs", "tab.close", "Close the tab", ["Mod+W"], (tab, state) => state.closeTab(tab.key)),
  onTab("Tabs", "tab.closeOthers", "Close all other tabs", [], (tab, state) => state.closeOtherTabs(tab.key)),
  onSomeTab("tab.next", "Next tab", ["Ctrl+Tab", "Ctrl+PageDown"], (state) => state.cycleTab(1)),
  onSomeTab("tab.previous", "Previous tab", ["Ctrl+Shift+Tab", "Ctrl+PageUp"], (state) => state.cycleTab(-1)),

  onTab("Search", "edit.find", "Search names", ["/", "Mod+F"], (_tab, state) => state.focusSearch()),
  onSearch("edit.findNext", "Next hit", ["N", "F3"], (tab, state) => void state.stepSearch(tab.key, "next")),
  onSearch(
    "edit.findPrevious",
    "Previous hit",
    ["P", "Shift+F3"],
    (tab, state) => void state.stepSearch(tab.key, "previous"),
  ),
  onSearch("edit.clearSearch", "Clear the search", [], (tab, state) => state.clearSearch(tab.key)),
  {
    id: "edit.copySelection",
    title: "Copy the selection",
    group: "Select",
    shortcuts: ["Mod+C"],
    isEnabled: ({ store }) => (activeTab(store.getState())?.selection.kind ?? "none") !== "none",
    run: ({ store }) => void copySelection(store),
  },

  panel("view.details", "Details", "1", "details"),
  panel("view.top", "Top table", "2", "top"),
  panel("view.callTree", "Call tree", "3", "callTree"),
  panel("view.flameGraph", "Flame graph", "4", "flame"),
  panel("view.ledger", "Import ledger", "5", "import"),
  panel("view.bookmarks", "Bookmarks", "6", "bookmarks"),
  onTab("Panels", "view.toggleDock", "Fold or open the panels", ["Mod+J"], (_tab, state) =>
    state.setDockCollapsed(!state.dockCollapsed),
  ),
  onTab("Panels", "view.toggleTracks", "Show or hide the track tree", ["Mod+B"], (_tab, state) =>
    state.setTrackTreeShown(!state.trackTreeShown),
  ),
  onTab("Tracks", "view.allKinds", "Show all kinds", [], (tab, state) => {
    for (const kind of tab.mutedKinds) state.toggleMuted(tab.key, kind);
  }),

  onTab("Tracks", "view.nextColoring", "Color by the next: kind, name, self share", ["U"], (_tab, state) => {
    const next = nextColoring[state.coloring];
    state.setColoring(next);
    state.announce(`${coloringWords[next].title}: ${coloringWords[next].explanation}`);
  }),
  ...colorings.map((coloring) =>
    onTab(
      "Tracks",
      `view.coloring.${coloring}`,
      `Color spans by ${coloringWords[coloring].title.toLowerCase()}`,
      [],
      (_tab, state) => state.setColoring(coloring),
    ),
  ),

  always("Window", "view.toggleTheme", "Switch light and dark", [], (state) =>
    state.setTheme(document.documentElement.dataset["theme"] === "dark" ? "light" : "dark"),
  ),
  theme("view.themeSystem", "Theme of the system", "system"),
  theme("view.themeLight", "Light theme", "light"),
  theme("view.themeDark", "Dark theme", "dark"),
  always("Window", "app.commands", "All commands", ["Mod+K"], (state) =>
    state.showOverlay(state.overlay === "palette" ? null : "palette"),
  ),
  always("Window", "app.shortcuts", "Keyboard shortcuts", ["?"], (state) =>
    state.showOverlay(state.overlay === "help" ? null : "help"),
  ),
];

function onSomeTab(id: string, title: string, shortcuts: readonly string[], run: (state: AppState) => void): Command {
  return when(({ tabs }) => tabs.length > 0, always("Tabs", id, title, shortcuts, run));
}

function exportCommand(id: string, title: string, extension: string): Command {
  return whenTab(
    // What still grows has no end to write.
    ({ load, summary, measurements }, { runningExport }) =>
      load.kind === "ready" && (summary ?? measurements) !== null && runningExport === null,
    onTab("File", id, title, [], (tab, state) => void state.exportTab(tab.key, extension)),
  );
}

function pictureCommand(
  id: string,
  title: string,
  extension: string,
  draw: (timeline: TimelineController) => Promise<Blob>,
): Command {
  return {
    id,
    title,
    group: "File",
    shortcuts: [],
    isEnabled: ({ timeline }) => timeline !== null,
    run: ({ store, timeline }) => {
      if (timeline === null) return;
      void store.getState().saveMade("Picture", `${timeline.tab.fileName}.${extension}`, () => draw(timeline));
    },
  };
}

function onSearch(
  id: string,
  title: string,
  shortcuts: readonly string[],
  run: (tab: TraceTab, state: AppState) => void,
): Command {
  return whenTab(({ search }) => search !== null, onTab("Search", id, title, shortcuts, run));
}

function panel(id: string, title: string, key: string, tab: DockTab): Command {
  return onTab("Panels", id, title, [key], (_tab, state) => state.showDock(tab));
}

function theme(id: string, title: string, choice: ThemeChoice): Command {
  return always("Window", id, title, [], (state) => state.setTheme(choice));
}

/** A span or instant as text; of an area the table of its names. */
async function copySelection(store: AppStore): Promise<void> {
  const { engine, copyText, report } = store.getState();
  const tab = activeTab(store.getState());
  if (tab === null || engine === null) return;
  const { selection } = tab;
  try {
    if (selection.kind === "span") {
      const details = await engine.call("span.details", { trace: tab.key, span: selection.span.span });
      await copyText(spanAsText(details, tab.summary?.tracks[selection.span.track]?.name ?? ""), "Span");
    } else if (selection.kind === "instant") {
      const { name, timeNs, args } = selection.instant;
      await copyText(
        [name, `time\t${timeNs} ns`, ...args.map(([key, value]) => `${key}\t${value}`)].join("\n"),
        "Instant",
      );
    } else if (selection.kind !== "none") {
      await copyTop(store, { trace: tab.key, scope: scopeOf(tab), group: "name", sort: "selfNs", descending: true });
    }
  } catch (error) {
    report("The selection could not be copied.", error);
  }
}
