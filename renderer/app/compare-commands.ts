import type { SideName } from "../state/compare-sides.ts";
import { viewOf } from "../state/tabs-slice.ts";
import { activeTab } from "./app-commands.ts";
import type { Command } from "./command.ts";

/** What the window does with two sides. */
export const compareCommands: readonly Command[] = [
  {
    id: "compare.show",
    title: "Compare before and after",
    group: "Compare",
    shortcuts: ["Mod+D"],
    isEnabled: () => true,
    run: ({ store }) => store.getState().showView("compare"),
  },
  {
    id: "compare.twoFiles",
    title: "Compare two files…",
    group: "Compare",
    shortcuts: [],
    isEnabled: () => true,
    run: ({ store }) => void store.getState().chooseTwoFiles(),
  },
  {
    id: "report.show",
    title: "Write a report of the comparison",
    group: "Compare",
    shortcuts: ["Mod+E"],
    isEnabled: () => true,
    run: ({ store }) => store.getState().showView("report"),
  },
  {
    id: "history.show",
    title: "Show the history of results",
    group: "Compare",
    shortcuts: [],
    isEnabled: () => true,
    run: ({ store }) => store.getState().showView("history"),
  },
  sideCommand("compare.before", "Use this trace as before (A)", "before"),
  sideCommand("compare.after", "Use this trace as after (B)", "after"),
  {
    id: "compare.swap",
    title: "Swap before and after",
    group: "Compare",
    shortcuts: ["B"],
    isEnabled: ({ store }) => ["compare", "report"].includes(viewOf(store.getState())),
    run: ({ store }) => store.getState().swapSides(),
  },
  {
    id: "compare.cancel",
    title: "Cancel the comparison",
    group: "Compare",
    shortcuts: [],
    isEnabled: ({ store }) => store.getState().comparison.kind === "running",
    run: ({ store }) => store.getState().cancelComparison(),
  },
];

function sideCommand(id: string, title: string, side: SideName): Command {
  return {
    id,
    title,
    group: "Compare",
    shortcuts: [side === "before" ? "Alt+A" : "Alt+B"],
    isEnabled: ({ store }) => activeTab(store.getState()) !== null,
    run: ({ store }) => {
      const state = store.getState();
      const tab = activeTab(state);
      if (tab === null) return;
      state.assignSide(side, tab.token);
      state.announce(`${tab.fileName} is ${side}`);
    },
  };
}
