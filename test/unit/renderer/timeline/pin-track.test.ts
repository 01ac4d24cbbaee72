import { expect, test } from "vitest";
import { createTab } from "../../../../renderer/state/new-tab.ts";
import type { TraceTab, TrackLayout } from "../../../../renderer/state/trace-tab.ts";
import { runShortcut } from "../../../../renderer/timeline/commands.ts";
import type { TimelineController } from "../../../../renderer/timeline/controller.ts";
import { placeLines, toContentY } from "../../../../renderer/timeline/scene.ts";
import type { Pointer } from "../../../../renderer/timeline/scene-of.ts";
import { blockAt, layoutStrips, type StripLayout } from "../../../../renderer/timeline/strips.ts";
import { track } from "./tracks.ts";

const tracks = [
  track(0, { kind: "process" }),
  track(1, { parent: 0 }),
  track(2, { parent: 0 }),
  ...[3, 4, 5, 6].map((id) => track(id)),
];

/** A timeline whose pointer is over the tracks; the layout changes as the key X says. */
function openTimeline(pinned: readonly number[]) {
  let tab: TraceTab = createTab("t", { token: "f", name: "a.json", bytes: 0 }, 0);
  tab = { ...tab, layout: { ...tab.layout, pinned } };
  const strips = (): StripLayout => layoutStrips(tracks, tab.layout);
  const place = { scrollTopPx: 0, pinnedTopPx: 0 };
  let moves = 0;
  const timeline = {
    lastPin: null,
    pointer: null as Pointer | null,
    get tab() {
      return tab;
    },
    layout: { get: strips },
    area: { blockAtY: (yPx: number) => blockAt(strips(), toContentY(strips(), place, 1000, yPx)) },
    actions: {
      changeLayout(change: Partial<TrackLayout>) {
        tab = { ...tab, layout: { ...tab.layout, ...change } };
      },
    },
  };
  return {
    /** Over a track, in the pinned part if it is there. */
    pointAt(id: number) {
      const { pinned: above, scrolled } = placeLines(strips(), place, 1000);
      const found = [...above, ...scrolled].find(({ line }) => line.block.track.id === id);
      timeline.pointer = { x: 100 + moves++, y: (found?.yPx ?? NaN) + 2 };
    },
    press() {
      const press = { key: "x", shiftKey: false, ctrlKey: false, metaKey: false, altKey: false };
      expect(runShortcut(timeline as unknown as TimelineController, press, false)).toBe(true);
      return tab.layout.pinned;
    },
  };
}

test("pressed twice over a pinned track, the key unpins it and pins it again, in its place", () => {
  const { pointAt, press } = openTimeline([4, 3, 5]);
  pointAt(3);
  expect(press()).toEqual([4, 5]);
  expect(press()).toEqual([4, 3, 5]);
  expect(press()).toEqual([4, 5]);
  // Elsewhere it means what is there.
  pointAt(5);
  expect(press()).toEqual([4]);
});

test("pressed twice over a track that is not pinned, the key changes nothing else", () => {
  const { pointAt, press } = openTimeline([]);
  pointAt(5);
  expect(press()).toEqual([5]);
  expect(press()).toEqual([]);
});

test("below a pinned group the key unpins the group, instead of pinning a track twice", () => {
  const { pointAt, press } = openTimeline([0]);
  pointAt(2);
  expect(press()).toEqual([]);
  expect(press()).toEqual([0]);
});
