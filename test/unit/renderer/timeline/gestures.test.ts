import { describe, expect, it } from "vitest";
import { timelineCommands } from "../../../../renderer/timeline/commands.ts";
import { HoverTracker, type HoverHit, type HoverQuestion } from "../../../../renderer/timeline/hover.ts";
import { LiveView } from "../../../../renderer/timeline/live-view.ts";
import { layoutStrips, linesBetween } from "../../../../renderer/timeline/strips.ts";
import { dropPlace, siblingsOf } from "../../../../renderer/timeline/track-moves.ts";
import { readWheel } from "../../../../renderer/timeline/wheel.ts";
import { matchesShortcut } from "../../../../renderer/ui/shortcut.ts";
import { plainLayout, track } from "./tracks.ts";

const wheelInput = { deltaX: 0, deltaY: 0, deltaMode: 0, ctrlKey: false, metaKey: false, shiftKey: false };

describe("readWheel", () => {
  it("scrolls, pans with Shift, zooms with Ctrl or Command", () => {
    expect(readWheel({ ...wheelInput, deltaY: 120 }, 1.25)).toEqual({ kind: "pan", deltaXPx: 0, deltaYPx: 120 });
    expect(readWheel({ ...wheelInput, deltaY: 3, deltaMode: 1 }, 1.25)).toEqual({
      kind: "pan",
      deltaXPx: 0,
      deltaYPx: 48,
    });
    expect(readWheel({ ...wheelInput, deltaY: 120, shiftKey: true }, 1.25)).toEqual({
      kind: "pan",
      deltaXPx: 120,
      deltaYPx: 0,
    });
    expect(readWheel({ ...wheelInput, deltaX: 30, deltaY: 4 }, 1.25)).toEqual({
      kind: "pan",
      deltaXPx: 30,
      deltaYPx: 4,
    });
    expect(readWheel({ ...wheelInput, deltaY: -120, ctrlKey: true }, 1.25)).toEqual({
      kind: "zoom",
      factor: 1.25,
      smooth: true,
    });
    expect(readWheel({ ...wheelInput, deltaY: 100, metaKey: true }, 1.25)).toEqual({
      kind: "zoom",
      factor: 0.8,
      smooth: true,
    });
  });

  it("zooms continuously when pinching, the same way there and back", () => {
    const closer = readWheel({ ...wheelInput, deltaY: -4.5, ctrlKey: true }, 1.25);
    const away = readWheel({ ...wheelInput, deltaY: 4.5, ctrlKey: true }, 1.25);
    if (closer.kind !== "zoom" || away.kind !== "zoom") throw new Error("pinching zooms");
    expect(closer.smooth).toBe(false);
    expect(closer.factor).toBeGreaterThan(1);
    expect(closer.factor * away.factor).toBeCloseTo(1, 12);
  });
});

describe("timelineCommands", () => {
  it("have ids and keys of their own", () => {
    const ids = timelineCommands.map((command) => command.id);
    const keys = timelineCommands.flatMap((command) => command.shortcuts);
    expect(new Set(ids).size).toBe(ids.length);
    expect(new Set(keys).size).toBe(keys.length);
    expect(timelineCommands.every((command) => command.shortcuts.length > 0)).toBe(true);
  });

  it("are each reached by exactly one key press", () => {
    for (const command of timelineCommands) {
      for (const shortcut of command.shortcuts) {
        const parts = shortcut.split("+");
        const press = {
          key: parts.at(-1) ?? "",
          ctrlKey: false,
          metaKey: false,
          altKey: parts.includes("Alt"),
          shiftKey: parts.includes("Shift"),
        };
        const found = timelineCommands.filter((other) =>
          other.shortcuts.some((each) => matchesShortcut(each, press, false)),
        );
        expect(found.map((each) => each.id)).toEqual([command.id]);
      }
    }
  });
});

describe("LiveView", () => {
  const from = { startNs: 0, endNs: 1000 };
  const to = { startNs: 400, endNs: 500 };

  it("reaches its goal within 120 ms and stops there", () => {
    const live = new LiveView(from);
    live.glide(to, 0, true);
    expect(live.target).toEqual(to);
    live.tick(60);
    expect(live.view.startNs).toBeGreaterThan(0);
    expect(live.view).not.toEqual(to);
    live.tick(120);
    expect(live.view).toEqual(to);
    expect(live.gliding).toBe(false);
    expect(live.tick(140)).toBe(false);
  });

  it("is there at once without motion", () => {
    const live = new LiveView(from);
    live.glide(to, 0, false);
    expect(live.view).toEqual(to);
    expect(live.gliding).toBe(false);
  });

  it("lets a gesture take over a glide", () => {
    const live = new LiveView(from);
    live.glide(to, 0, true);
    live.tick(30);
    live.jump(from, 40);
    expect(live.tick(50)).toBe(false);
    expect(live.view).toEqual(from);
  });
});

describe("HoverTracker", () => {
  const strips = layoutStrips([track(0)], plainLayout);
  const line = linesBetween(strips, 0, strips.totalPx)[0];
  if (line === undefined) throw new Error("a track with a row has a line");
  const question = (atNs: number): HoverQuestion => ({ line, atNs, nsPerPx: 1 });
  const later = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

  it("asks for one place at a time and then for the newest one", async () => {
    const asked: number[] = [];
    const answers: (() => void)[] = [];
    const hits: (HoverHit | null)[] = [];
    const tracker = new HoverTracker(
      ({ startNs, endNs }) => {
        const timeNs = (startNs + endNs) / 2;
        asked.push(timeNs);
        return new Promise((resolve) => answers.push(() => resolve({ kind: "sample", timeNs, value: 1 })));
      },
      (hit) => hits.push(hit),
      (error) => {
        throw error;
      },
    );
    for (const atNs of [10, 20, 30]) tracker.move(question(atNs));
    expect(asked).toEqual([10]);
    answers[0]?.();
    await later();
    expect(asked).toEqual([10, 30]);
    answers[1]?.();
    await later();
    expect(hits.map((hit) => hit?.atNs)).toEqual([10, 30]);
  });

  it("forgets a question when the pointer leaves", async () => {
    let answer = (): void => undefined;
    const hits: (HoverHit | null)[] = [];
    const tracker = new HoverTracker(
      () => new Promise((resolve) => (answer = () => resolve({ kind: "sample", timeNs: 1, value: 1 }))),
      (hit) => hits.push(hit),
      (error) => {
        throw error;
      },
    );
    tracker.move(question(10));
    tracker.move(null);
    answer();
    await later();
    expect(hits).toEqual([]);
  });

  it("looks a few pixels around when the very pixel is empty", async () => {
    const ranges: [number, number][] = [];
    const tracker = new HoverTracker(
      async ({ startNs, endNs }) => {
        ranges.push([startNs, endNs]);
        return null;
      },
      () => undefined,
      (error) => {
        throw error;
      },
    );
    tracker.move(question(100));
    await later();
    expect(ranges).toEqual([
      [99.5, 100.5],
      [97, 103],
    ]);
  });
});

describe("dropPlace", () => {
  const tracks = [
    track(0, { kind: "process", rowCount: 0 }),
    track(1, { parent: 0 }),
    track(2, { parent: 0 }),
    track(3, { parent: 0 }),
    track(4, { kind: "process", rowCount: 0 }),
    track(5, { parent: 4 }),
  ];
  const { blocks } = layoutStrips(tracks, plainLayout);
  const block = (id: number): (typeof blocks)[number] => {
    const found = blocks.find((each) => each.track.id === id);
    if (found === undefined) throw new Error(`no block ${id}`);
    return found;
  };

  it("moves tracks among their siblings only", () => {
    expect(siblingsOf(blocks, block(2)).map((each) => each.track.id)).toEqual([1, 2, 3]);
    expect(siblingsOf(blocks, block(0)).map((each) => each.track.id)).toEqual([0, 4]);
  });

  it("lands before the sibling whose upper half it is over, or last", () => {
    expect(dropPlace(blocks, block(3), block(1).yPx)?.before).toBe(1);
    expect(dropPlace(blocks, block(1), block(3).yPx + block(3).heightPx)?.before).toBeNull();
    expect(dropPlace(blocks, block(4), 0)?.before).toBe(0);
  });

  it("does nothing where the track already is", () => {
    expect(dropPlace(blocks, block(2), block(2).yPx + 1)).toBeNull();
    expect(dropPlace(blocks, block(2), block(2).yPx + block(2).heightPx - 1)).toBeNull();
  });
});
