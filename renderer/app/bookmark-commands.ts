import type { AppState } from "../state/store.ts";
import type { TraceTab } from "../state/trace-tab.ts";
import { activeTab } from "./app-commands.ts";
import type { Command } from "./command.ts";

/** What can be done with bookmarks that are there. */
export const bookmarkCommands: readonly Command[] = [
  onBookmarks("bookmark.next", "Jump to the next bookmark", ["J"], (tab, state) => state.stepBookmark(tab.key, "next")),
  onBookmarks("bookmark.previous", "Jump to the previous bookmark", ["Shift+J"], (tab, state) =>
    state.stepBookmark(tab.key, "previous"),
  ),
  onCurrent("bookmark.rename", "Rename the bookmark jumped to", (tab, state) => {
    state.showDock("bookmarks");
    state.nameBookmark(tab.currentBookmark);
  }),
  onCurrent("bookmark.delete", "Delete the bookmark jumped to", (tab, state) => {
    if (tab.currentBookmark !== null) state.deleteBookmark(tab.key, tab.currentBookmark);
  }),
  {
    ...onBookmarks("bookmark.restore", "Set the deleted bookmark again", [], (tab, state) =>
      state.restoreBookmark(tab.key),
    ),
    isEnabled: ({ store }) => activeTab(store.getState())?.deletedBookmark != null,
  },
];

function onBookmarks(
  id: string,
  title: string,
  shortcuts: readonly string[],
  run: (tab: TraceTab, state: AppState) => void,
): Command {
  return {
    id,
    title,
    group: "Bookmarks",
    shortcuts,
    isEnabled: ({ store }) => (activeTab(store.getState())?.bookmarks.length ?? 0) > 0,
    run: ({ store }) => {
      const tab = activeTab(store.getState());
      if (tab !== null) run(tab, store.getState());
    },
  };
}

function onCurrent(id: string, title: string, run: (tab: TraceTab, state: AppState) => void): Command {
  return {
    ...onBookmarks(id, title, [], run),
    isEnabled: ({ store }) => activeTab(store.getState())?.currentBookmark != null,
  };
}
