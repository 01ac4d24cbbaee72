import { type Bookmark, longestBookmarkLabel } from "../../electron/contract/bookmark-contract.ts";
import type { TimelineController } from "./controller.ts";

/** Sets a bookmark at the selection; without one at the pointer, and without that in the middle of the view. */
export function bookmarkHere(timeline: TimelineController): void {
  timeline.actions.addBookmark(atSelection(timeline) ?? atPointer(timeline));
}

/** Sets a bookmark at the pointer, caught by edges of spans close by, whatever is selected. */
export function bookmarkPointer(timeline: TimelineController): void {
  timeline.actions.addBookmark(atPointer(timeline));
}

export function bookmarkTime(timeline: TimelineController, ns: number): void {
  const at = Math.round(ns);
  timeline.actions.addBookmark({ startNs: at, endNs: at, label: nextLabel(timeline) });
}

function atSelection(timeline: TimelineController): Bookmark | null {
  const { selection } = timeline.tab;
  switch (selection.kind) {
    case "none":
      return null;
    case "span": {
      const { startNs, durationNs, name } = selection.span;
      return { startNs, endNs: startNs + durationNs, label: name.slice(0, longestBookmarkLabel) };
    }
    case "instant": {
      const { timeNs, name } = selection.instant;
      return { startNs: timeNs, endNs: timeNs, label: name.slice(0, longestBookmarkLabel) };
    }
    default:
      return {
        startNs: Math.round(selection.startNs),
        endNs: Math.round(selection.endNs),
        label: nextLabel(timeline),
      };
  }
}

function atPointer(timeline: TimelineController): Bookmark {
  const { pointer, live } = timeline;
  const ns = pointer === null ? (live.target.startNs + live.target.endNs) / 2 : timeline.snapAt(pointer).ns;
  const at = Math.min(timeline.summary.durationNs, Math.max(0, Math.round(ns)));
  return { startNs: at, endNs: at, label: nextLabel(timeline) };
}

/** "Bookmark 4": a number that no label has. */
function nextLabel({ tab }: TimelineController): string {
  const taken = new Set(tab.bookmarks.map(({ label }) => label));
  let number = tab.bookmarks.length + 1;
  while (taken.has(`Bookmark ${number}`)) number++;
  return `Bookmark ${number}`;
}
