import type { AppState } from "../state/store.ts";
import type { TraceTab } from "../state/trace-tab.ts";
import type { Command } from "./command.ts";
import { onTab, whenTab } from "./command-builders.ts";

/** What can be done with bookmarks that are there. */
export const bookmarkCommands: readonly Command[] = [
  onBookmarks("bookmark.next", "Jump to the next bookmark", ["J"], (tab, state) => state.stepBookmark(tab.key, "next")),
  onBookmarks("bookmark.previous", "Jump to the previous bookmark", ["Shift+J"], (tab, state) =>
    state.stepBookmark(tab.key, "previous"),
  ),
  onCurrent("bookmark.rename", "Rename the bookmark jumped to", ["F2"], (tab, state) => {
    state.showDock("bookmarks");
    state.nameBookmark(tab.currentBookmark);
  }),
  onCurrent("bookmark.delete", "Delete the bookmark jumped to", ["Alt+K"], (tab, state) => {
    if (tab.currentBookmark !== null) state.deleteBookmark(tab.key, tab.currentBookmark);
  }),
  whenTab(
    ({ deletedBookmark }) => deletedBookmark !== null,
    onTab("Bookmarks", "bookmark.restore", "Set the deleted bookmark again", ["Mod+Z"], (tab, state) =>
      state.restoreBookmark(tab.key),
    ),
  ),
];

function onBookmarks(
  id: string,
  title: string,
  shortcuts: readonly string[],
  run: (tab: TraceTab, state: AppState) => void,
): Command {
  return whenTab(({ bookmarks }) => bookmarks.length > 0, onTab("Bookmarks", id, title, shortcuts, run));
}

function onCurrent(
  id: string,
  title: string,
  shortcuts: readonly string[],
  run: (tab: TraceTab, state: AppState) => void,
): Command {
  return whenTab(({ currentBookmark }) => currentBookmark !== null, onTab("Bookmarks", id, title, shortcuts, run));
}
