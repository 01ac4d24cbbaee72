import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { groupTracks, type GroupedSummary, regroup } from "../../../../renderer/state/group-tracks.ts";
import { createAppStore } from "../../../../renderer/state/store.ts";
import { timelineActionsOf } from "../../../../renderer/state/timeline-slice.ts";
import { layoutFor, rememberLayout } from "../../../../renderer/state/track-layout.ts";
import type { TrackLayout } from "../../../../renderer/state/trace-tab.ts";
import { layoutStrips } from "../../../../renderer/timeline/strips.ts";
import { createHandEngine, createHandPlatform, grantOf, summaryOf } from "../fake-platform.ts";
import { plainLayout, randomTracks, track } from "../timeline/tracks.ts";

const role: TrackLayout = { ...plainLayout, groupBy: "role" };
const summaryWith = (tracks: GroupedSummary["tracks"], parts: Partial<GroupedSummary> = {}): GroupedSummary => ({
  tracks,
  steps: [],
  stepCount: 0,
  ...parts,
});
const outline = (summary: GroupedSummary, layout: TrackLayout): readonly string[] =>
  layoutStrips(groupTracks(summary, layout), layout).blocks.map(
    ({ level, track: { name } }) => `${"  ".repeat(level)}${name}`,
  );

const empty = { rowCount: 0, spanCount: 0 };
const two = summaryWith(
  [
    track(0, { kind: "process", name: "rank 0", sortIndex: 1, ...empty }),
    track(1, { name: "main", parent: 0, sortIndex: 2, spanCount: 5 }),
    track(2, { kind: "counter", name: "memory", parent: 0, ...empty, sampleCount: 3 }),
    track(3, { kind: "process", name: "rank 1", sortIndex: 2, ...empty }),
    track(4, { name: "main", parent: 3 }),
    track(5, { kind: "async", name: "requests", parent: 3 }),
    track(6, { kind: "device", name: "GPU 0", sortIndex: 3, ...empty }),
    track(7, { kind: "stream", name: "stream 7", parent: 6 }),
    track(8, { name: "steps", parent: 6, spanCount: 2 }),
    track(9, { name: "worker", parent: 1, sortIndex: 1 }),
  ],
  {
    // Spans 8 and 9 are those of track 8.
    steps: [8, 9].map((span) => ({ span, name: "step", startNs: 0, durationNs: 1 })),
    stepCount: 2,
  },
);

describe("tracks", () => {
  test("lie below their processes and devices, or below what they are for", () => {
    expect(groupTracks(two, plainLayout)).toBe(two.tracks);
    expect(outline(two, role)).toEqual([
      "Steps",
      "  steps",
      "Host threads",
      "  main · rank 0",
      "    worker",
      "  main · rank 1",
      "Device streams",
      "  stream 7",
      "Asynchronous work",
      "  requests",
      "Counters",
      "  memory",
    ]);
    const one = summaryWith(two.tracks.slice(0, 3));
    expect(outline(one, role)).toEqual(["Host threads", "  main", "Counters", "  memory"]);
  });

  test("show the same rows, instants and counters either way", () => {
    fc.assert(
      fc.property(randomTracks, (tracks) => {
        const contents = (layout: TrackLayout): readonly string[] =>
          layoutStrips(groupTracks(summaryWith(tracks), layout), layout)
            .blocks.filter(({ track: { id } }) => id >= 0)
            .flatMap(({ track: { id }, rowCount, instantsPx, counterPx }) =>
              rowCount + instantsPx + counterPx > 0 ? [`${id} ${rowCount} ${instantsPx} ${counterPx}`] : [],
            )
            .toSorted();
        expect(contents(role)).toEqual(contents(plainLayout));
      }),
    );
  });

  test("are grouped in the next trace of the format as in the last, with the groups that were folded", () => {
    const store = createAppStore({ platform: createHandPlatform(), now: () => 0 });
    store.getState().connectEngine(createHandEngine());
    store.getState().openFiles([grantOf("a.json")]);
    const key = store.getState().activeKey ?? "";
    const summary = summaryOf(key);
    store.getState().acceptSummary(summary);
    store.getState().changeLayout(key, (layout) => regroup(layout, "role"));
    const groups = groupTracks(summary, role).filter(({ id }) => id < 0);
    expect(groups.map(({ name }) => name)).toEqual(["Host threads"]);
    store.getState().changeLayout(key, () => ({ collapsed: new Set([groups[0]?.id ?? 0, 1]) }));
    const kept = store.getState().layouts[summary.format];
    expect(kept).toEqual({
      rowHeight: "normal",
      groupBy: "role",
      collapsed: ["role/Host threads", "process/python #|thread/main #"],
    });

    store.getState().openFiles([grantOf("b.json")]);
    const next = store.getState().activeKey ?? "";
    store.getState().acceptSummary(summaryOf(next));
    const layout = store.getState().tabs.find((tab) => tab.key === next)?.layout;
    expect(layout).toMatchObject({ groupBy: "role", collapsed: new Set([1, groups[0]?.id]) });
    expect(rememberLayout(summary, layoutFor(summary, kept ?? null, plainLayout), null)).toEqual(kept);
  });

  test("that were hidden as a group are there again in another grouping", () => {
    const changed = { ...role, hidden: new Set([-1, 4]), pinned: [-2, 5] };
    expect(regroup(changed, "process")).toEqual({ groupBy: "process", hidden: new Set([4]), pinned: [5] });
    expect(regroup(changed, "role")).toEqual({});
  });

  test("lie where the user put them whenever they are grouped so", () => {
    const store = createAppStore({ platform: createHandPlatform(), now: () => 0 });
    store.getState().connectEngine(createHandEngine());
    store.getState().openFiles([grantOf("a.json")]);
    const key = store.getState().activeKey ?? "";
    store.getState().acceptSummary(summaryOf(key, two));
    const actions = timelineActionsOf(store, key);
    const shown = (): readonly string[] => {
      const layout = store.getState().tabs[0]?.layout ?? plainLayout;
      return outline(two, layout).filter((name) => name.trim() !== "worker");
    };
    actions.moveTrack(6, 0);
    const byProcess = shown();
    expect(byProcess.slice(0, 2)).toEqual(["GPU 0", "  stream 7"]);
    store.getState().changeLayout(key, (layout) => regroup(layout, "role"));
    actions.moveTrack(4, 1);
    const byRole = shown();
    expect(byRole.slice(2, 5)).toEqual(["Host threads", "  main · rank 1", "  main · rank 0"]);
    store.getState().changeLayout(key, (layout) => regroup(layout, "process"));
    expect(shown()).toEqual(byProcess);
    store.getState().changeLayout(key, (layout) => regroup(layout, "role"));
    expect(shown()).toEqual(byRole);
  });
});
