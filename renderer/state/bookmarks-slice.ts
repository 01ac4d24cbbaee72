import { type Bookmark, longestBookmarkLabel, mostBookmarks } from "../../electron/contract/bookmark-contract.ts";
import type { TraceKey } from "../../electron/contract/engine-contract.ts";
import type { SliceCreator } from "./store.ts";
import type { TraceTab, Viewport } from "./trace-tab.ts";
import { findTab, updateTab } from "./update-tab.ts";
import { viewportAround } from "./viewport.ts";

export interface BookmarksSlice {
  /** The one whose label is typed now. */
  readonly namedBookmark: Bookmark | null;
  /** Takes over what is kept for the file of a tab. */
  readBookmarks(key: TraceKey): Promise<void>;
  /** Sets a bookmark and shows the list, where its label can be typed. */
  addBookmark(key: TraceKey, bookmark: Bookmark): void;
  renameBookmark(key: TraceKey, bookmark: Bookmark, label: string): void;
  deleteBookmark(key: TraceKey, bookmark: Bookmark): void;
  /** Sets the one deleted last again. */
  restoreBookmark(key: TraceKey): void;
  /** Brings it to the middle of the view. */
  showBookmark(key: TraceKey, bookmark: Bookmark): void;
  /** From the current one, else from the middle of the view; around the ends. */
  stepBookmark(key: TraceKey, direction: "next" | "previous"): void;
  /** Asks for the label of a bookmark; null ends that. */
  nameBookmark(bookmark: Bookmark | null): void;
}

export const createBookmarksSlice: SliceCreator<BookmarksSlice> = () => (set, get) => {
  /** Changes the bookmarks of a tab, here and on the disk. A run has no file: its bookmarks live as long as its tab. */
  const change = (key: TraceKey, part: (tab: TraceTab) => Partial<TraceTab>): void => {
    set(updateTab(key, part));
    const tab = findTab(get(), key);
    const { engine } = get();
    if (tab === null || tab.fingerprint === null || engine === null) return;
    engine
      .call("bookmark.write", { trace: key, bookmarks: tab.bookmarks })
      .catch((error: unknown) => get().report("The bookmark could not be kept.", error, key));
  };
  return {
    namedBookmark: null,
    async readBookmarks(key) {
      const { engine } = get();
      if (engine === null) return;
      try {
        const { bookmarks, fingerprint, problem } = await engine.call("bookmark.read", { trace: key });
        const wereSet = findTab(get(), key)?.bookmarks ?? [];
        const together = { fingerprint, bookmarks: joined(bookmarks, wereSet) };
        if (wereSet.length > 0) change(key, () => together);
        else set(updateTab(key, () => together));
        if (problem !== null) throw new Error(problem);
      } catch (error) {
        get().report("The bookmarks of this file could not be read.", error, key);
      }
    },
    addBookmark(key, bookmark) {
      const tab = findTab(get(), key);
      if (tab === null) return;
      if (tab.bookmarks.length >= mostBookmarks) return get().announce(`There are ${mostBookmarks} bookmarks already`);
      change(key, ({ bookmarks }) => ({ bookmarks: joined(bookmarks, [bookmark]), currentBookmark: bookmark }));
      get().showDock("bookmarks");
      get().nameBookmark(bookmark);
      get().announce(`Bookmark set: ${bookmark.label}`);
    },
    renameBookmark(key, bookmark, label) {
      const named = { ...bookmark, label: label.trim().slice(0, longestBookmarkLabel) };
      if (named.label === "" || named.label === bookmark.label) return;
      change(key, ({ bookmarks, currentBookmark }) => ({
        bookmarks: bookmarks.map((each) => (each === bookmark ? named : each)),
        currentBookmark: currentBookmark === bookmark ? named : currentBookmark,
      }));
    },
    deleteBookmark(key, bookmark) {
      change(key, ({ bookmarks, currentBookmark }) => ({
        bookmarks: bookmarks.filter((each) => each !== bookmark),
        currentBookmark: currentBookmark === bookmark ? null : currentBookmark,
        deletedBookmark: bookmark,
      }));
      get().announce(`Bookmark deleted: ${bookmark.label}`);
    },
    restoreBookmark(key) {
      const deleted = findTab(get(), key)?.deletedBookmark ?? null;
      if (deleted === null) return;
      change(key, ({ bookmarks }) => ({
        bookmarks: joined(bookmarks, [deleted]),
        currentBookmark: deleted,
        deletedBookmark: null,
      }));
      get().announce(`Bookmark set again: ${deleted.label}`);
    },
    showBookmark(key, bookmark) {
      const tab = findTab(get(), key);
      if (tab === null) return;
      set(updateTab(key, () => ({ currentBookmark: bookmark })));
      get().zoomTo(key, around(bookmark, tab.viewport), true);
      const place = tab.bookmarks.indexOf(bookmark) + 1;
      get().announce(`Bookmark ${place} of ${tab.bookmarks.length}: ${bookmark.label}`);
    },
    stepBookmark(key, direction) {
      const tab = findTab(get(), key);
      if (tab === null) return;
      const found = neighborOf(tab, direction);
      if (found === null) get().announce("There is no bookmark yet");
      else get().showBookmark(key, found);
    },
    nameBookmark: (namedBookmark) => set({ namedBookmark }),
  };
};

/** In the order of time; what is in both stays once. */
function joined(some: readonly Bookmark[], others: readonly Bookmark[]): readonly Bookmark[] {
  const isNew = (other: Bookmark): boolean =>
    !some.some((each) => each.startNs === other.startNs && each.endNs === other.endNs && each.label === other.label);
  return [...some, ...others.filter(isNew)].toSorted((a, b) => a.startNs - b.startNs || a.endNs - b.endNs);
}

/** At the same zoom with the bookmark in the middle; a range that is wider than the view, whole. */
function around({ startNs, endNs }: Bookmark, { startNs: fromNs, endNs: toNs }: Viewport): Viewport {
  const widthNs = toNs - fromNs;
  if (endNs - startNs > widthNs) return viewportAround(startNs, endNs);
  const middleNs = (startNs + endNs) / 2;
  return { startNs: middleNs - widthNs / 2, endNs: middleNs + widthNs / 2 };
}

function neighborOf(tab: TraceTab, direction: "next" | "previous"): Bookmark | null {
  const { bookmarks, currentBookmark, viewport } = tab;
  if (bookmarks.length === 0) return null;
  const step = direction === "next" ? 1 : -1;
  const at = currentBookmark === null ? -1 : bookmarks.indexOf(currentBookmark);
  if (at >= 0) return bookmarks[(at + step + bookmarks.length) % bookmarks.length] ?? null;
  const middleNs = (viewport.startNs + viewport.endNs) / 2;
  const found =
    direction === "next"
      ? bookmarks.find(({ startNs }) => startNs > middleNs)
      : bookmarks.findLast(({ startNs }) => startNs < middleNs);
  return found ?? (direction === "next" ? bookmarks[0] : bookmarks.at(-1)) ?? null;
}
