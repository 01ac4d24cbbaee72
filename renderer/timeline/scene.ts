import type { Bookmark } from "../../electron/contract/bookmark-contract.ts";
import type { TraceSummary } from "../../electron/contract/engine-contract.ts";
import type { Pen } from "../charts/svg-pen.ts";
import type { Viewport } from "../state/trace-tab.ts";
import type { Palette } from "../theme/palette.ts";
import type { AxisTicks } from "./axis-ticks.ts";
import type { LabelCache } from "./fit-label.ts";
import type { PictureRaster } from "./picture-raster.ts";
import { type Line, linesBetween, type StripLayout } from "./strips.ts";

/** All that one frame of the tracks is drawn from. CSS px; contexts are scaled by `dpr`. */
export interface Scene {
  readonly widthPx: number;
  readonly heightPx: number;
  readonly dpr: number;
  readonly view: Viewport;
  readonly scrollTopPx: number;
  readonly pinnedTopPx: number;
  readonly layout: StripLayout;
  readonly lines: PlacedLines;
  readonly summary: TraceSummary;
  readonly palette: Palette;
  readonly raster: PictureRaster | null;
  readonly ticks: AxisTicks;
  readonly labels: LabelCache;
  /** Names by id; undefined while the engine is asked. */
  readonly nameOf: (id: number) => string | undefined;
  /** How many names are known: more of them are another picture. */
  readonly nameCount: number;
  /** The same function as long as the same kinds are muted. */
  readonly isMuted: (slot: number) => boolean;
  readonly searching: boolean;
  /** By time. */
  readonly bookmarks: readonly Bookmark[];
  readonly currentBookmark: Bookmark | null;
}

/** How far both parts are scrolled: the tracks, and the pinned ones where they are taller than their place. */
export type ScrollPlace = Pick<Scene, "scrollTopPx" | "pinnedTopPx">;

export interface PlacedLine {
  readonly line: Line;
  /** From the top of the canvas. */
  readonly yPx: number;
}

/** Lines on the screen: the pinned ones stay above `splitPx`, the others scroll below it. */
export interface PlacedLines {
  readonly splitPx: number;
  readonly pinned: readonly PlacedLine[];
  readonly scrolled: readonly PlacedLine[];
}

/** Pinned tracks take at most this part of the height. */
const pinnedShare = 0.6;

export function splitOf(layout: StripLayout, heightPx: number): number {
  return Math.min(layout.pinnedPx, Math.floor(heightPx * pinnedShare));
}

/** Largest scroll position of the pinned tracks: the last of them ends at the split. */
export function maxPinnedScroll(layout: StripLayout, heightPx: number): number {
  return layout.pinnedPx - splitOf(layout, heightPx);
}

/** Largest scroll position: the last track ends at the lower edge, with a little room. */
export function maxScroll(layout: StripLayout, heightPx: number): number {
  const room = layout.totalPx - layout.pinnedPx > heightPx - splitOf(layout, heightPx) ? 24 : 0;
  return Math.max(0, layout.totalPx - layout.pinnedPx + room - (heightPx - splitOf(layout, heightPx)));
}

export function placeLines(
  layout: StripLayout,
  { scrollTopPx, pinnedTopPx }: ScrollPlace,
  heightPx: number,
): PlacedLines {
  const splitPx = splitOf(layout, heightPx);
  const shift = layout.pinnedPx + scrollTopPx - splitPx;
  return {
    splitPx,
    pinned: linesBetween(layout, pinnedTopPx, pinnedTopPx + splitPx)
      // Where the last of them is cut off, what follows it is no pinned line.
      .filter(({ block }) => block.pinned)
      .map((line) => ({ line, yPx: line.yPx - pinnedTopPx })),
    scrolled: linesBetween(layout, layout.pinnedPx + scrollTopPx, shift + heightPx).map((line) => ({
      line,
      yPx: line.yPx - shift,
    })),
  };
}

/** From a y of the canvas to a y of the content. */
export function toContentY(
  layout: StripLayout,
  { scrollTopPx, pinnedTopPx }: ScrollPlace,
  heightPx: number,
  yPx: number,
): number {
  const splitPx = splitOf(layout, heightPx);
  return yPx < splitPx ? yPx + pinnedTopPx : yPx + layout.pinnedPx + scrollTopPx - splitPx;
}

/** From a y of the content to a y of the canvas. */
export function toScreenY(
  layout: StripLayout,
  { scrollTopPx, pinnedTopPx }: ScrollPlace,
  heightPx: number,
  contentPx: number,
): number {
  return contentPx < layout.pinnedPx
    ? contentPx - pinnedTopPx
    : contentPx - layout.pinnedPx - scrollTopPx + splitOf(layout, heightPx);
}

/** Runs `draw` for the pinned and for the scrolled part, each clipped to its place. */
export function drawBothParts(
  context: Pen,
  scene: Pick<Scene, "lines" | "widthPx" | "heightPx">,
  draw: (lines: readonly PlacedLine[]) => void,
): void {
  const { splitPx, pinned, scrolled } = scene.lines;
  const part = (topPx: number, bottomPx: number, lines: readonly PlacedLine[]): void => {
    if (lines.length === 0) return;
    context.save();
    context.beginPath();
    context.rect(0, topPx, scene.widthPx, bottomPx - topPx);
    context.clip();
    draw(lines);
    context.restore();
  };
  part(0, splitPx, pinned);
  part(splitPx, scene.heightPx, scrolled);
}
