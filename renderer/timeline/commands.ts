import { bookmarkHere, bookmarkPointer } from "./bookmark-here.ts";
import { matchesShortcut, type KeyPress } from "../ui/shortcut.ts";
import { nextGrouping, regroup } from "../state/group-tracks.ts";
import { foldableTracks, nextRowHeight } from "../state/track-layout.ts";
import type { TimelineController } from "./controller.ts";
import { growArea, selectVisible } from "./grow-area.ts";
import {
  clearTop,
  currentTrack,
  fitSelection,
  followFlow,
  panSteps,
  selectNeighbor,
  selectStep,
  showWhole,
  stepTrack,
  toggleMeasure,
  zoomBy,
  zoomStep,
} from "./navigation.ts";
import { takeBackPin, togglePin } from "./pin-track.ts";
import { moveBy } from "./track-moves.ts";

/** Something the timeline does, with the words and keys that the palette, the menu and the help sheet show. */
export interface TimelineCommand {
  readonly id: string;
  readonly title: string;
  readonly group: "Zoom and pan" | "Select" | "Bookmarks" | "Tracks";
  /** In the notation of `ui/shortcut.ts`; all of them work. */
  readonly shortcuts: readonly string[];
  readonly run: (timeline: TimelineController) => void;
}

/** Every command of the timeline. Keys work while the focus is in it; the app calls them for the palette and the menu. */
export const timelineCommands: readonly TimelineCommand[] = [
  command("Zoom and pan", "timeline.zoomIn", "Zoom in", ["W"], (timeline) => zoomBy(timeline, zoomStep)),
  command("Zoom and pan", "timeline.zoomOut", "Zoom out", ["S"], (timeline) => zoomBy(timeline, 1 / zoomStep)),
  command("Zoom and pan", "timeline.zoomInFast", "Zoom in fast", ["Shift+W"], (timeline) =>
    zoomBy(timeline, zoomStep ** 5),
  ),
  command("Zoom and pan", "timeline.zoomOutFast", "Zoom out fast", ["Shift+S"], (timeline) =>
    zoomBy(timeline, zoomStep ** -5),
  ),
  command("Zoom and pan", "timeline.panLeft", "Pan left", ["A"], (timeline) => panSteps(timeline, -1)),
  command("Zoom and pan", "timeline.panRight", "Pan right", ["D"], (timeline) => panSteps(timeline, 1)),
  command("Zoom and pan", "timeline.panLeftFast", "Pan left fast", ["Shift+A"], (timeline) => panSteps(timeline, -5)),
  command("Zoom and pan", "timeline.panRightFast", "Pan right fast", ["Shift+D"], (timeline) => panSteps(timeline, 5)),
  command("Zoom and pan", "timeline.whole", "Show the whole trace", ["0"], showWhole),
  command("Zoom and pan", "timeline.fit", "Fit the selection", ["F"], fitSelection),
  command("Zoom and pan", "timeline.previousView", "Previous view", ["Backspace", "Alt+ArrowLeft"], (timeline) =>
    timeline.actions.previousView(),
  ),
  command("Zoom and pan", "timeline.nextView", "Next view", ["Shift+Backspace", "Alt+ArrowRight"], (timeline) =>
    timeline.actions.nextView(),
  ),
  command("Zoom and pan", "timeline.trackUp", "Scroll to the track above", ["Q"], (timeline) =>
    stepTrack(timeline, -1),
  ),
  command("Zoom and pan", "timeline.trackDown", "Scroll to the track below", ["E"], (timeline) =>
    stepTrack(timeline, 1),
  ),
  command(
    "Select",
    "timeline.parent",
    "Select the parent",
    ["ArrowUp"],
    (timeline) => void selectNeighbor(timeline, "parent"),
  ),
  command(
    "Select",
    "timeline.child",
    "Select the first child",
    ["ArrowDown"],
    (timeline) => void selectNeighbor(timeline, "firstChild"),
  ),
  command(
    "Select",
    "timeline.previous",
    "Select the span before",
    ["ArrowLeft"],
    (timeline) => void selectNeighbor(timeline, "previous"),
  ),
  command(
    "Select",
    "timeline.next",
    "Select the span after",
    ["ArrowRight"],
    (timeline) => void selectNeighbor(timeline, "next"),
  ),
  command(
    "Select",
    "timeline.previousStep",
    "Previous step",
    [","],
    (timeline) => void selectStep(timeline, "previous"),
  ),
  command("Select", "timeline.nextStep", "Next step", ["."], (timeline) => void selectStep(timeline, "next")),
  command("Select", "timeline.followFlow", "Follow the arrow to what this caused", ["]"], (timeline) =>
    followFlow(timeline, "out"),
  ),
  command("Select", "timeline.followFlowBack", "Follow the arrow back to the cause", ["["], (timeline) =>
    followFlow(timeline, "in"),
  ),
  command("Select", "timeline.selectVisible", "Select what is on the screen", ["V"], selectVisible),
  command("Select", "timeline.growEarlier", "Grow the area to the left", ["Shift+ArrowLeft"], (timeline) =>
    growArea(timeline, "earlier"),
  ),
  command("Select", "timeline.growLater", "Grow the area to the right", ["Shift+ArrowRight"], (timeline) =>
    growArea(timeline, "later"),
  ),
  command("Select", "timeline.growUp", "Grow the area by the row above", ["Shift+ArrowUp"], (timeline) =>
    growArea(timeline, "up"),
  ),
  command("Select", "timeline.growDown", "Grow the area by the row below", ["Shift+ArrowDown"], (timeline) =>
    growArea(timeline, "down"),
  ),
  command("Select", "timeline.measure", "Measure", ["M"], toggleMeasure),
  command("Select", "timeline.clear", "Clear the selection", ["Escape"], clearTop),
  command("Bookmarks", "bookmark.set", "Set a bookmark at the selection or the pointer", ["K"], bookmarkHere),
  command("Bookmarks", "bookmark.setAtPointer", "Set a bookmark at the pointer", ["Shift+K"], bookmarkPointer),
  command("Tracks", "timeline.pin", "Pin or unpin the track", ["X"], (timeline) => {
    if (!takeBackPin(timeline)) onTrack(timeline, (track) => togglePin(timeline, track));
  }),
  command("Tracks", "timeline.hide", "Hide the track", ["H"], (timeline) =>
    onTrack(timeline, (track) => timeline.actions.setHidden(track, true)),
  ),
  command("Tracks", "timeline.showHidden", "Show hidden tracks", ["Shift+H"], (timeline) =>
    timeline.actions.changeLayout({ hidden: new Set() }),
  ),
  command("Tracks", "timeline.moveUp", "Move the track up", ["Alt+ArrowUp"], (timeline) => moveTrack(timeline, -1)),
  command("Tracks", "timeline.moveDown", "Move the track down", ["Alt+ArrowDown"], (timeline) =>
    moveTrack(timeline, 1),
  ),
  command("Tracks", "timeline.groupBy", "Group tracks by process, or by role", ["G"], ({ tab, actions }) =>
    actions.changeLayout(regroup(tab.layout, nextGrouping[tab.layout.groupBy])),
  ),
  command("Tracks", "timeline.rowHeight", "Change the height of rows", ["R"], ({ tab, actions }) =>
    actions.changeLayout({ rowHeight: nextRowHeight[tab.layout.rowHeight] }),
  ),
  command("Tracks", "timeline.collapse", "Collapse or expand the track", ["C"], (timeline) =>
    onTrack(timeline, (track) => timeline.actions.toggleCollapsed(track)),
  ),
  command("Tracks", "timeline.collapseAll", "Collapse all tracks", ["Shift+C"], (timeline) =>
    setAllCollapsed(timeline, true),
  ),
  command("Tracks", "timeline.expandAll", "Expand all tracks", ["Shift+X"], (timeline) =>
    setAllCollapsed(timeline, false),
  ),
];

/** Runs the command of a key press; whether there was one. */
export function runShortcut(timeline: TimelineController, press: KeyPress, mac: boolean): boolean {
  const found = timelineCommands.find((each) =>
    each.shortcuts.some((shortcut) => matchesShortcut(shortcut, press, mac)),
  );
  found?.run(timeline);
  return found !== undefined;
}

export function setAllCollapsed(timeline: TimelineController, collapsed: boolean): void {
  const all = collapsed ? foldableTracks(timeline.summary, timeline.tab.layout) : [];
  timeline.actions.changeLayout({ collapsed: new Set(all.map(({ id }) => id)), areAllCollapsed: collapsed });
}

function moveTrack(timeline: TimelineController, places: -1 | 1): void {
  onTrack(timeline, (track) => {
    const { blocks, blockOfTrack } = timeline.layout.get();
    const block = blocks[blockOfTrack.get(track) ?? -1];
    if (block !== undefined) moveBy(blocks, block, places, timeline.actions);
  });
}

function onTrack(timeline: TimelineController, act: (track: number) => void): void {
  const track = currentTrack(timeline);
  if (track === null) timeline.announce("Point at a track or select a span first");
  else act(track);
}

function command(
  group: TimelineCommand["group"],
  id: string,
  title: string,
  shortcuts: readonly string[],
  run: TimelineCommand["run"],
): TimelineCommand {
  return { id, title, group, shortcuts, run };
}
