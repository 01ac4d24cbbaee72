// @vitest-environment happy-dom
import { describe, expect, it } from "vitest";
import { placeLines } from "../../../../renderer/timeline/scene.ts";
import { layoutStrips, type StripLayout } from "../../../../renderer/timeline/strips.ts";
import { TrackArea } from "../../../../renderer/timeline/track-area.ts";
import { originOf } from "../../../../renderer/timeline/tree-scroll.ts";
import { plainLayout, track } from "./tracks.ts";

const viewPx = 500;

/** An area over a layout, or over one thread of so many rows; the elements have a height, as on a screen. */
function areaOf(content: number | (() => number) | StripLayout): {
  readonly area: TrackArea;
  readonly scroller: HTMLElement;
  readonly layout: StripLayout;
} {
  const sized = (element: HTMLElement): HTMLElement =>
    Object.defineProperties(element, { clientHeight: { value: viewPx }, clientWidth: { value: 800 } });
  const layoutNow = (): StripLayout => {
    if (typeof content === "object") return content;
    const count = typeof content === "number" ? content : content();
    return layoutStrips([track(0, { kind: "thread", rowCount: count })], plainLayout);
  };
  const scroller = sized(document.createElement("div"));
  const area = new TrackArea(
    {
      tracks: sized(document.createElement("canvas")) as HTMLCanvasElement,
      minimap: sized(document.createElement("canvas")) as HTMLCanvasElement,
      scroller,
      sizer: document.createElement("div"),
    },
    { get: layoutNow },
  );
  area.measure();
  return { area, scroller, layout: layoutNow() };
}

/** Thirty pinned tracks over as many others: 660 px, of which 300 have a place. */
function pinnedArea() {
  const tracks = Array.from({ length: 60 }, (_, id) => track(id));
  const pinned = tracks.slice(0, 30).map(({ id }) => id);
  const layout = layoutStrips(tracks, { ...plainLayout, pinned });
  const { area, scroller } = areaOf(layout);
  return { area, scroller, layout };
}

describe("the track area", () => {
  it("scrolls pinned tracks that are taller than their place, where the wheel is over them", () => {
    const { area, scroller, layout } = pinnedArea();
    let told = 0;
    scroller.addEventListener("scroll", () => told++);
    expect(area.blockAtY(299)?.track.id).toBe(13);
    area.scrollAt(150, 100);
    expect([area.pinnedTopPx, area.scrollTopPx, told]).toEqual([100, 0, 1]);
    area.scrollAt(150, 1e6);
    expect(area.pinnedTopPx).toBe(layout.pinnedPx - 300);
    expect(area.blockAtY(299)?.track.id).toBe(29);
    expect(area.screenY(layout.blocks[29]?.yPx ?? 0)).toBe(300 - (layout.blocks[29]?.heightPx ?? 0));
    // Below them the others scroll, and nothing of these stands among the pinned ones.
    area.scrollAt(301, 40);
    expect(area.scrollTopPx).toBe(40);
    const { pinned, scrolled } = placeLines(layout, area, viewPx);
    expect(pinned.map(({ line }) => line.block.track.id)).toEqual(expect.arrayContaining([16, 29]));
    expect(pinned.every(({ line, yPx }) => line.block.pinned && yPx < 300)).toBe(true);
    expect(scrolled.some(({ line }) => line.block.pinned)).toBe(false);
  });

  it("brings a pinned track that is cut off into view", () => {
    const { area, layout } = pinnedArea();
    const block = layout.blocks[25];
    if (block === undefined) throw new Error("no block");
    area.revealBlock(block);
    const yPx = area.screenY(block.yPx);
    expect(yPx).toBeGreaterThanOrEqual(0);
    expect(yPx + block.heightPx).toBeLessThanOrEqual(300);
    expect(area.scrollTopPx).toBe(0);
  });

  it("scrolls as the scrollbar does while the tracks are no taller than an element can be", () => {
    const { area, scroller } = areaOf(10_000);
    area.scrollTopPx = 1234;
    expect(scroller.scrollTop).toBe(1234);
    scroller.scrollTop = 77;
    area.readScroll();
    expect(area.scrollTopPx).toBe(77);
  });

  it("does not ask the page where it is between two moves, and stays within tracks that got shorter", () => {
    let rowCount = 10_000;
    const { area, scroller } = areaOf(() => rowCount);
    area.scrollTopPx = 1234;
    let asked = 0;
    Object.defineProperty(scroller, "scrollTop", { get: () => asked++, configurable: true });
    expect(area.contentY(10)).toBe(1244);
    expect(area.lineAtY(10)).not.toBeNull();
    expect(asked).toBe(0);
    Reflect.deleteProperty(scroller, "scrollTop");
    rowCount = 30;
    area.measure();
    expect(area.scrollTopPx).toBeLessThan(1234);
    expect(scroller.scrollTop).toBe(area.scrollTopPx);
  });

  it("moves taller tracks by single pixels, tells of it, and to the end when the bar is dragged there", () => {
    const { area, scroller, layout } = areaOf(5_000_000);
    let told = 0;
    scroller.addEventListener("scroll", () => told++);
    for (let i = 0; i < 5; i++) area.scrollTopPx += 1;
    expect(area.scrollTopPx).toBe(5);
    expect(told).toBeGreaterThanOrEqual(5);
    scroller.scrollTop = 2 ** 24;
    area.readScroll();
    expect(area.scrollTopPx).toBeGreaterThan(layout.totalPx - viewPx);
    area.scrollTopPx += 1e9;
    expect(area.scrollTopPx).toBeLessThan(layout.totalPx + viewPx);
    expect(area.contentY(10)).toBe(area.scrollTopPx + 10);
  });
});

it("rows far down are placed from an origin close to them", () => {
  const layout = layoutStrips(
    Array.from({ length: 100_000 }, (_, id) => track(id, { kind: "thread", rowCount: 30, firstRow: 30 * id })),
    plainLayout,
  );
  expect(layout.totalPx).toBeGreaterThan(2 ** 25);
  for (const first of [0, 50_000, 99_999]) {
    const offsetPx = (layout.blocks[first]?.yPx ?? 0) - originOf(layout.blocks, first);
    expect(offsetPx).toBeGreaterThanOrEqual(0);
    expect(offsetPx).toBeLessThan(2 ** 20);
  }
});
