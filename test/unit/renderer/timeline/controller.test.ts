// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type {
  EngineClient,
  TraceSummary,
  ViewPicture,
  ViewRequest,
} from "../../../../electron/contract/engine-contract.ts";
import { createTab } from "../../../../renderer/state/new-tab.ts";
import type { TimelineActions, Viewport } from "../../../../renderer/state/trace-tab.ts";
import { paletteOf } from "../../../../renderer/theme/coloring.ts";
import type { Palette } from "../../../../renderer/theme/palette.ts";
import { TimelineController } from "../../../../renderer/timeline/controller.ts";
import type { TimelineInputs } from "../../../../renderer/timeline/inputs.ts";
import type { TimelineElements } from "../../../../renderer/timeline/track-area.ts";
import { track } from "./tracks.ts";

const canvasNames = ["tracks", "overlay", "axis", "ruler", "minimap"] as const;

const palette = {
  font: "sans-serif",
  css: {},
  rgb: { hit: [0, 0, 0], text: [9, 9, 9] },
  slotRgba: [],
  slotFill: [],
  nameColors: [],
  shareColors: [
    [1, 1, 1],
    [2, 2, 2],
    [3, 3, 3],
  ],
} as unknown as Palette;

const emptyPicture = {
  startNs: 0,
  endNs: 100,
  widthPx: 0,
  stripCount: 0,
  counters: [],
  boxes: { span: [], strip: [], leftPx: [], rightPx: [], slot: [], name: [] },
  marks: { strip: [], xPx: [] },
  hits: [],
} as unknown as ViewPicture;

/** A context that takes every call, and tells of the first one of each frame of its canvas. */
function fakeContext(onDraw: () => void): CanvasRenderingContext2D {
  const calls = { setTransform: onDraw, measureText: () => ({ width: 10 }) };
  return new Proxy(calls, {
    get: (target, name) => Reflect.get(target, name) ?? (() => undefined),
    set: () => true,
  }) as unknown as CanvasRenderingContext2D;
}

function createElements(drawn: string[]): TimelineElements {
  const sized = <E extends HTMLElement>(element: E): E =>
    Object.defineProperties(element, { clientHeight: { value: 100 }, clientWidth: { value: 400 } });
  const canvases = canvasNames.map((name) => {
    const canvas = sized(document.createElement("canvas"));
    const context = fakeContext(() => drawn.push(name));
    return [name, Object.assign(canvas, { getContext: () => context })];
  });
  const boxes = ["root", "scroller", "sizer", "pinnedTree", "scrolledTree"].map((name) => [
    name,
    sized(document.createElement("div")),
  ]);
  return Object.fromEntries([...canvases, ...boxes]) as TimelineElements;
}

/** An engine whose pictures come when the test says so, in the order in which they were asked for. */
function createEngine(): { readonly engine: EngineClient; readonly asked: ViewRequest[]; answer(): Promise<void> } {
  const waiting: (() => void)[] = [];
  const asked: ViewRequest[] = [];
  const call = (_command: string, request: ViewRequest): Promise<ViewPicture> => {
    asked.push(request);
    const picture = { ...emptyPicture, slots: request.slots ?? "name" } as const;
    return new Promise((resolve) => waiting.push(() => resolve(picture)));
  };
  return {
    asked,
    engine: { call } as unknown as EngineClient,
    async answer() {
      for (const send of waiting.splice(0)) send();
      await Promise.resolve();
    },
  };
}

describe("a timeline", () => {
  const drawn: string[] = [];
  let frames: FrameRequestCallback[] = [];
  const nextFrame = (): readonly string[] => {
    drawn.length = 0;
    for (const draw of frames.splice(0)) draw(performance.now());
    return [...drawn];
  };
  beforeEach(() => {
    frames = [];
    vi.useFakeTimers();
    vi.stubGlobal("requestAnimationFrame", (draw: FrameRequestCallback) => frames.push(draw));
    vi.stubGlobal(
      "ResizeObserver",
      class {
        observe() {}
        disconnect() {}
      },
    );
    vi.stubGlobal(
      "OffscreenCanvas",
      class {
        getContext = () => fakeContext(() => undefined);
      },
    );
  });
  afterEach(() => {
    vi.useRealTimers();
    vi.unstubAllGlobals();
  });

  const summaryOf = (durationNs: number): TraceSummary =>
    ({ durationNs, tracks: [track(0)], steps: [] }) as unknown as TraceSummary;
  const tab = createTab("trace-1", { token: "file-1", name: "live.json", bytes: 0 }, 0);
  const inputsOf = (durationNs: number): TimelineInputs => ({
    tab: { ...tab, viewport: { startNs: 0, endNs: durationNs } },
    summary: summaryOf(durationNs),
    palette,
    coloring: "kind",
    hovered: null,
  });
  const open = async () => {
    const { engine, asked, answer } = createEngine();
    const zoomed: Viewport[] = [];
    const actions = { zoomTo: (view: Viewport) => zoomed.push(view) } as unknown as TimelineActions;
    const timeline = new TimelineController(createElements(drawn), engine, actions, inputsOf(100));
    nextFrame();
    await answer();
    nextFrame();
    // At rest.
    vi.advanceTimersByTime(1000);
    nextFrame();
    return { timeline, asked, answer, zoomed };
  };

  it("leaves canvases alone that would come out the same", async () => {
    const { timeline } = await open();
    timeline.invalidate();
    expect(nextFrame()).toEqual([]);
    timeline.jump({ startNs: 10, endNs: 90 });
    expect(nextFrame()).toEqual(["tracks", "axis", "ruler", "minimap"]);
    timeline.dispose();
  });

  it("colors the picture at hand by name, and keeps the meaning of its colors until one by self share has come", async () => {
    const { timeline, asked, answer } = await open();
    const inputs = { tab: timeline.tab, summary: timeline.summary, palette, hovered: null };
    asked.length = 0;
    timeline.update({ ...inputs, coloring: "name" });
    nextFrame();
    expect(asked.filter(({ slots }) => slots === "selfShare")).toEqual([]);
    expect(timeline.scene().raster?.palette).toBe(paletteOf(palette, "name"));

    timeline.update({ ...inputs, coloring: "selfShare" });
    nextFrame();
    // The answer to what was asked before.
    await answer();
    await Promise.resolve();
    expect(timeline.scene().raster?.palette).toBe(palette);
    const wanted = asked.filter(({ slots }) => slots === "selfShare").map(({ panel }) => panel);
    expect(wanted.toSorted()).toEqual(["minimap trace-1", "timeline trace-1"]);
    await answer();
    expect(timeline.scene().raster?.palette).toBe(paletteOf(palette, "selfShare"));
    timeline.dispose();
  });

  it("asks for its overview anew when tracks are grouped otherwise, not when they are folded", async () => {
    const { timeline, asked, answer } = await open();
    const overviews = (): number => asked.filter(({ panel }) => panel === "minimap trace-1").length;
    const before = overviews();
    const layoutWith = (layout: Partial<TimelineInputs["tab"]["layout"]>): void => {
      const { tab: shown, summary } = timeline;
      timeline.update({ ...inputsOf(100), summary, tab: { ...shown, layout: { ...shown.layout, ...layout } } });
      nextFrame();
    };
    layoutWith({ groupBy: "role" });
    expect(overviews()).toBe(before + 1);
    await answer();
    await Promise.resolve();
    layoutWith({ collapsed: new Set([0]) });
    expect(overviews()).toBe(before + 1);
    timeline.dispose();
  });

  it("has the names of its tracks rendered before its frame, and of those that come later", () => {
    const inputs = inputsOf(100);
    const timeline = new TimelineController(
      createElements(drawn),
      createEngine().engine,
      {} as TimelineActions,
      inputs,
    );
    expect(timeline.tree.range.get()).toEqual({ first: 0, last: 1 });
    timeline.update({ ...inputs, summary: { ...inputs.summary, tracks: [track(0), track(1)] } });
    expect(timeline.tree.range.get()).toEqual({ first: 0, last: 2 });
    timeline.dispose();
  });

  it("draws a trace that has grown once, when its picture has come", async () => {
    const { timeline, answer } = await open();
    timeline.update(inputsOf(200));
    expect(nextFrame()).toEqual([]);
    await answer();
    expect(nextFrame()).toEqual(["tracks", "axis", "ruler", "minimap"]);
    vi.advanceTimersByTime(1000);
    expect(nextFrame()).toEqual([]);
    timeline.dispose();
  });

  it("draws a trace that has grown with its old picture when the new one takes long, or the pointer moves", async () => {
    const { timeline } = await open();
    timeline.update(inputsOf(200));
    vi.advanceTimersByTime(100);
    expect(nextFrame()).toContain("tracks");
    timeline.update(inputsOf(300));
    timeline.movePointer({ x: 10, y: 10 });
    expect(nextFrame()).toContain("tracks");
    timeline.dispose();
  });

  it("keeps a gesture that a growing trace overtakes, and tells of it when it rests", async () => {
    const { timeline, zoomed } = await open();
    timeline.jump({ startNs: 20, endNs: 60 });
    timeline.update(inputsOf(200));
    nextFrame();
    expect(timeline.live.view).toEqual({ startNs: 20, endNs: 60 });
    vi.advanceTimersByTime(1000);
    expect(zoomed).toEqual([{ startNs: 20, endNs: 60 }]);
    timeline.dispose();
  });

  it("says which view the history leads to, and leaves the word to a selection that moves it", async () => {
    const { timeline } = await open();
    const inputs = inputsOf(2000);
    timeline.update(inputs);
    expect(timeline.announcement.get()).toBe("");
    const back = { ...inputs.tab, viewportTouched: true, viewport: { startNs: 0, endNs: 1000 } };
    timeline.update({ ...inputs, tab: back });
    expect(timeline.announcement.get()).toMatch(/^Showing 0\sns to 1\sµs, 1\.00\sµs wide$/u);
    const selection = { kind: "range", startNs: 1500, endNs: 1600 } as const;
    timeline.update({ ...inputs, tab: { ...back, selection, viewport: { startNs: 1000, endNs: 2000 } } });
    expect(timeline.announcement.get()).toContain("Showing 0");
    timeline.dispose();
  });

  it("follows a growing trace between gestures", async () => {
    const { timeline } = await open();
    timeline.update(inputsOf(2000));
    expect(timeline.live.view).toEqual({ startNs: 0, endNs: 2000 });
    timeline.dispose();
  });
});
