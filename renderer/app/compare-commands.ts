import type { SideName } from "../state/compare-sides.ts";
import { viewOf } from "../state/tabs-slice.ts";
import type { Command } from "./command.ts";
import { always, onTab, when } from "./command-builders.ts";

/** What the window does with two sides. */
export const compareCommands: readonly Command[] = [
  always("Compare", "compare.show", "Compare before and after", ["Mod+D"], (state) => state.showView("compare")),
  always("Compare", "compare.twoFiles", "Compare two files…", [], (state) => void state.chooseTwoFiles()),
  always("Compare", "report.show", "Write a report of the comparison", ["Mod+E"], (state) => state.showView("report")),
  always("Compare", "history.show", "Show the history of results", [], (state) => state.showView("history")),
  sideCommand("compare.before", "Use this trace as before (A)", "before"),
  sideCommand("compare.after", "Use this trace as after (B)", "after"),
  when(
    (state) => ["compare", "report"].includes(viewOf(state)),
    always("Compare", "compare.swap", "Swap before and after", ["B"], (state) => state.swapSides()),
  ),
  when(
    ({ comparison }) => comparison.kind === "running",
    always("Compare", "compare.cancel", "Cancel the comparison", [], (state) => state.cancelComparison()),
  ),
];

function sideCommand(id: string, title: string, side: SideName): Command {
  return onTab("Compare", id, title, [side === "before" ? "Alt+A" : "Alt+B"], (tab, state) => {
    state.assignSide(side, tab.token);
    state.announce(`${tab.fileName} is ${side}`);
  });
}
