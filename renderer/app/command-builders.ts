import type { AppState } from "../state/store.ts";
import { shownKeyOf } from "../state/tabs-slice.ts";
import type { TraceTab } from "../state/trace-tab.ts";
import { findTab } from "../state/update-tab.ts";
import type { Command, CommandGroup } from "./command.ts";

/** The tab on the screen; its commands rest while another view is. */
export const activeTab = (state: AppState): TraceTab | null => findTab(state, shownKeyOf(state));

export function always(
  group: CommandGroup,
  id: string,
  title: string,
  shortcuts: readonly string[],
  run: (state: AppState) => void,
): Command {
  return { id, title, group, shortcuts, isEnabled: () => true, run: ({ store }) => run(store.getState()) };
}

/** A command of the tab on the screen. */
export function onTab(
  group: CommandGroup,
  id: string,
  title: string,
  shortcuts: readonly string[],
  run: (tab: TraceTab, state: AppState) => void,
): Command {
  return {
    id,
    title,
    group,
    shortcuts,
    isEnabled: ({ store }) => activeTab(store.getState()) !== null,
    run: ({ store }) => {
      const tab = activeTab(store.getState());
      if (tab !== null) run(tab, store.getState());
    },
  };
}

/** The command, while the window is like this. */
export function when(isSo: (state: AppState) => boolean, command: Command): Command {
  return { ...command, isEnabled: ({ store }) => isSo(store.getState()) };
}

/** The command, while the tab on the screen is like this. */
export function whenTab(isSo: (tab: TraceTab, state: AppState) => boolean, command: Command): Command {
  return when((state) => {
    const tab = activeTab(state);
    return tab !== null && isSo(tab, state);
  }, command);
}
