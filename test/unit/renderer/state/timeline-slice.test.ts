import { beforeEach, describe, expect, test } from "vitest";
import type { SpanBrief, TrackSummary } from "../../../../electron/contract/engine-contract.ts";
import { createAppStore, type AppStore } from "../../../../renderer/state/store.ts";
import { timelineActionsOf } from "../../../../renderer/state/timeline-slice.ts";
import type { TimelineActions, TraceTab } from "../../../../renderer/state/trace-tab.ts";
import { setAllCollapsed } from "../../../../renderer/timeline/commands.ts";
import type { TimelineController } from "../../../../renderer/timeline/controller.ts";
import { track as makeTrack } from "../timeline/tracks.ts";
import { createHandEngine, createHandPlatform, grantOf, summaryOf } from "../fake-platform.ts";

const span: SpanBrief = {
  span: 3,
  name: "gemm",
  category: null,
  kind: "kernel",
  track: 1,
  row: 0,
  depth: 0,
  startNs: 400_000,
  durationNs: 20_000,
  selfNs: 20_000,
  openEnded: false,
};
const whole = { startNs: 0, endNs: 1_000_000 };

let store: AppStore;
let actions: TimelineActions;
let key: string;
const tab = (): TraceTab => {
  const found = store.getState().tabs[0];
  if (found === undefined) throw new Error("no tab");
  return found;
};

beforeEach(() => {
  store = createAppStore({ platform: createHandPlatform(), now: () => 0 });
  store.getState().connectEngine(createHandEngine());
  store.getState().openFiles([grantOf("a.json")]);
  key = tab().key;
  store.getState().acceptSummary(summaryOf(key));
  actions = timelineActionsOf(store, key);
});

describe("history of views", () => {
  test("a gesture counts as one step, from where it began", () => {
    actions.zoomTo({ startNs: 0, endNs: 800_000 }, false);
    actions.zoomTo({ startNs: 0, endNs: 600_000 }, false);
    actions.zoomTo({ startNs: 0, endNs: 500_000 }, true);
    expect(tab().back).toEqual([whole]);
    actions.previousView();
    expect(tab().viewport).toEqual(whole);
    actions.nextView();
    expect(tab().viewport).toEqual({ startNs: 0, endNs: 500_000 });
  });

  test("a new view ends the way forward, and an end without a start does nothing", () => {
    actions.previousView();
    expect(tab().viewport).toEqual(whole);
    actions.zoomTo({ startNs: 0, endNs: 10 }, true);
    actions.previousView();
    actions.zoomTo({ startNs: 0, endNs: 20 }, true);
    actions.nextView();
    expect(tab().viewport).toEqual({ startNs: 0, endNs: 20 });
  });
});

describe("a trace that grows", () => {
  const grow = (durationNs: number, completeFromNs = 0): void =>
    store.getState().acceptSummary(summaryOf(key, { durationNs, completeFromNs }));

  test("leaves a view of a part alone", () => {
    actions.zoomTo({ startNs: 0, endNs: 500_000 }, true);
    grow(2_000_000);
    expect(tab().viewport).toEqual({ startNs: 0, endNs: 500_000 });
  });

  test("is followed by a view of the whole, also when the user has gone back to it", () => {
    actions.zoomTo({ startNs: 0, endNs: 500_000 }, true);
    store.getState().zoomToWhole(key);
    grow(2_000_000);
    expect(tab().viewport).toEqual({ startNs: 0, endNs: 2_000_000 });
    grow(3_000_000, 1_000_000);
    expect(tab().viewport).toEqual({ startNs: 1_000_000, endNs: 3_000_000 });
  });

  test("is whole in the history too", () => {
    actions.zoomTo({ startNs: 0, endNs: 500_000 }, true);
    grow(2_000_000);
    actions.previousView();
    expect(tab().viewport).toEqual({ startNs: 0, endNs: 2_000_000 });
    grow(3_000_000);
    expect(tab().viewport).toEqual({ startNs: 0, endNs: 3_000_000 });
  });
});

describe("selection", () => {
  test("a click selects where it is and opens the details", () => {
    store.getState().showDock("top");
    actions.selectSpan(span, false);
    expect(tab()).toMatchObject({ selection: { kind: "span", span }, viewport: whole, revealCount: 0 });
    expect(store.getState().dockTab).toBe("details");
  });

  test("an area is told in the panel that is open, or in the details when that knows of no areas", () => {
    store.getState().showDock("flame");
    actions.selectArea(1000, 2000, [0]);
    expect(store.getState().dockTab).toBe("flame");
    store.getState().showDock("import");
    actions.selectRange(1000, 2000);
    expect(store.getState().dockTab).toBe("details");
    store.getState().showDock("bookmarks");
    store.getState().setDockCollapsed(true);
    actions.selectArea(1000, 2000, [0]);
    expect(store.getState().dockTab).toBe("bookmarks");
  });

  test("folded panels stay folded", () => {
    store.getState().setDockCollapsed(true);
    actions.selectSpan(span, false);
    expect(store.getState()).toMatchObject({ dockCollapsed: true, dockTab: "top" });
  });

  test("a jump shows the span, and its track when that was hidden", () => {
    actions.zoomTo({ startNs: 0, endNs: 100_000 }, true);
    actions.setHidden(0, true);
    actions.selectSpan(span, true);
    const { viewport, layout, revealCount } = tab();
    expect(viewport.startNs).toBeLessThanOrEqual(span.startNs);
    expect(viewport.endNs).toBeGreaterThanOrEqual(span.startNs + span.durationNs);
    expect(viewport.endNs - viewport.startNs).toBe(100_000);
    expect(layout.hidden.has(0)).toBe(false);
    expect(revealCount).toBe(1);
  });

  test("zooming to the selection fits an area exactly and gives a span air", () => {
    actions.selectArea(1000, 2000, [0]);
    store.getState().zoomToSelection(key);
    expect(tab().viewport).toEqual({ startNs: 1000, endNs: 2000 });
    actions.selectSpan(span, false);
    store.getState().zoomToSelection(key);
    expect(tab().viewport.startNs).toBeLessThan(span.startNs);
  });
});

describe("tracks and kinds", () => {
  test("a moved track gets its place among its siblings", () => {
    actions.moveTrack(2, 1);
    expect([...tab().layout.order.process]).toEqual([
      [2, 0],
      [1, 1],
    ]);
    actions.moveTrack(2, null);
    expect(tab().layout.order.process.get(2)).toBe(1);
  });

  test("pins keep their order; a second time unpins", () => {
    actions.togglePinned(2);
    actions.togglePinned(1);
    expect(tab().layout.pinned).toEqual([2, 1]);
    actions.togglePinned(2);
    expect(tab().layout.pinned).toEqual([1]);
  });

  test("folding is remembered for the format by words, and applied to the next trace", () => {
    actions.toggleCollapsed(0);
    expect(store.getState().layouts["chrome-json"]).toEqual({
      rowHeight: "normal",
      groupBy: "process",
      collapsed: ["process/python #"],
    });
    store.getState().openFiles([grantOf("b.json")]);
    const second = store.getState().tabs[1]?.key ?? "";
    const tracks = summaryOf(second).tracks.map((track) => (track.id === 0 ? { ...track, name: "python 99" } : track));
    store.getState().acceptSummary(summaryOf(second, { tracks }));
    expect([...(store.getState().tabs[1]?.layout.collapsed ?? [])]).toEqual([0]);
  });

  /** Processes of two workers and a main thread each, under numbers of their own. */
  const ranks = (count: number, firstPid: number) =>
    Array.from({ length: count }, (_, rank) => [
      makeTrack(rank * 4, { kind: "process", name: `python ${firstPid + rank}`, rowCount: 0 }),
      ...["main", "worker 1", "worker 2"].map((name, index) =>
        makeTrack(rank * 4 + 1 + index, { name, parent: rank * 4, rowCount: 3 }),
      ),
    ]).flat();
  const open = (name: string, tracks: readonly TrackSummary[], partial = false) => {
    store.getState().openFiles([grantOf(name)]);
    const opened = store.getState().activeKey ?? "";
    store.getState().acceptSummary(summaryOf(opened, { tracks, partial }));
    return {
      opened,
      actions: timelineActionsOf(store, opened),
      folds: () => [...(store.getState().tabs.find((each) => each.key === opened)?.layout.collapsed ?? [])],
    };
  };

  test("one of several tracks of equal names is folded alone, there and in the next trace", () => {
    const first = open("ranks.json", ranks(3, 100));
    first.actions.toggleCollapsed(4);
    first.actions.toggleCollapsed(10);
    expect(store.getState().layouts["chrome-json"]?.collapsed).toEqual([
      "process/python #~2",
      "process/python #~3|thread/worker #",
    ]);
    expect(open("ranks.json", ranks(3, 700)).folds()).toEqual([4, 10]);
    expect(open("one.json", ranks(1, 7)).folds()).toEqual([]);
  });

  test("to fold all is remembered as that, however many tracks another trace has, with what was unfolded since", () => {
    const first = open("ranks.json", ranks(2, 100));
    const timeline = { summary: summaryOf("", { tracks: ranks(2, 100) }), tab: tab(), actions: first.actions };
    setAllCollapsed(timeline as unknown as TimelineController, true);
    expect(first.folds()).toHaveLength(8);
    first.actions.toggleCollapsed(5);
    const other = open("more.json", ranks(40, 900));
    expect(other.folds()).toHaveLength(159);
    expect(other.folds()).not.toContain(5);
    setAllCollapsed({ ...timeline, actions: other.actions } as unknown as TimelineController, false);
    expect(open("last.json", ranks(2, 3)).folds()).toEqual([]);
  });

  test("tracks that a file brings later are folded as is remembered, beside what the user folds meanwhile", () => {
    const first = open("ranks.json", ranks(2, 100));
    first.actions.toggleCollapsed(4);
    const growing = open("growing.json", ranks(1, 100), true);
    growing.actions.toggleCollapsed(1);
    expect(growing.folds()).toEqual([1]);
    store.getState().acceptSummary(summaryOf(growing.opened, { tracks: ranks(2, 100), partial: true }));
    expect(new Set(growing.folds())).toEqual(new Set([1, 4]));
    // What another trace changes for the format folds nothing in one that is open.
    first.actions.toggleCollapsed(5);
    store.getState().acceptSummary(summaryOf(growing.opened, { tracks: ranks(3, 100) }));
    expect(new Set(growing.folds())).toEqual(new Set([1, 4]));
  });

  test("muting others shows one kind; again shows all", () => {
    store.getState().muteOthers(key, "kernel");
    expect(tab().mutedKinds).toEqual(["op"]);
    store.getState().muteOthers(key, "kernel");
    expect(tab().mutedKinds).toEqual([]);
  });
});
