// @vitest-environment happy-dom
import { expect, test } from "vitest";
import { claimPixels } from "../../../../renderer/timeline/painter.ts";
import { layoutStrips } from "../../../../renderer/timeline/strips.ts";
import { TreeScroll } from "../../../../renderer/timeline/tree-scroll.ts";
import { plainLayout, track } from "./tracks.ts";

test("the pixels of all canvases are claimed after every size was asked for: a size that is set lays the page out anew", () => {
  const order: string[] = [];
  const canvas = (name: string): HTMLCanvasElement => {
    const pixels = { width: 300, height: 150 };
    const paint = { font: "", fillStyle: "", fillRect: () => undefined };
    const asked = (px: number) => ({ get: () => (order.push(`ask ${name}`), px) });
    const set = (side: "width" | "height") => ({
      get: () => pixels[side],
      set: (px: number) => {
        order.push(`set ${name}`);
        pixels[side] = px;
      },
    });
    return Object.defineProperties(document.createElement("canvas"), {
      clientWidth: asked(640),
      clientHeight: asked(80),
      width: set("width"),
      height: set("height"),
      getContext: { value: () => paint },
    });
  };
  const [tracks, axis] = [canvas("tracks"), canvas("axis")];
  claimPixels([tracks, axis], { css: { surfacePanel: "#ffffff" }, font: "sans-serif" });
  expect(order.lastIndexOf("ask axis")).toBeLessThan(order.indexOf("set tracks"));
  expect([tracks.width, tracks.height, axis.width]).toEqual([640, 80, 640]);
});

test("the height of a name is asked for only while its track is scrolled out of sight", () => {
  const layout = layoutStrips([track(0, { rowCount: 100 }), track(1)], plainLayout);
  const scrolled = document.createElement("div");
  let asked = 0;
  for (const { track: own } of layout.blocks) {
    const row = document.createElement("div");
    row.dataset["track"] = String(own.id);
    const label = document.createElement("span");
    label.dataset["label"] = "";
    Object.defineProperty(label, "offsetHeight", { get: () => (asked++, 18) });
    row.append(label);
    scrolled.append(row);
  }
  const tree = new TreeScroll(document.createElement("div"), scrolled);
  const scrolledBy = (scrollTopPx: number): Parameters<TreeScroll["sync"]>[0] => ({
    layout,
    scrollTopPx,
    pinnedTopPx: 0,
    heightPx: 500,
    lines: { splitPx: 0, pinned: [], scrolled: [] },
  });
  tree.sync(scrolledBy(0));
  expect(asked).toBe(0);
  tree.sync(scrolledBy(40));
  expect(asked).toBe(1);
  expect(scrolled.querySelector<HTMLElement>("[data-label]")?.style.transform).toBe("translateY(40px)");
});
