import type { Pen } from "../charts/svg-pen.ts";
import { drawBookmarkLines } from "./draw-bookmarks.ts";
import { drawBoxes } from "./draw-boxes.ts";
import { pictureTransform } from "./draw-texels.ts";
import type { PictureRaster } from "./picture-raster.ts";
import { drawBothParts, type PlacedLine, type Scene, type ScrollPlace, toScreenY } from "./scene.ts";
import { type Block, blockIndexAt } from "./strips.ts";
import { toPx } from "./transform.ts";

const diamondPx = 4;
const pinnedBarPx = 6;
const shortestBarPx = 16;

/** Draws the texels and counters of some lines. */
export type DrawTexels<P> = (pen: P, scene: Scene, raster: PictureRaster, lines: readonly PlacedLine[]) => void;

/** Draws one frame of the tracks: background, grid, strips, boxes with labels, marks. */
export function drawTracks<P extends Pen>(context: P, scene: Scene, drawTexels: DrawTexels<P>): void {
  context.fillStyle = scene.palette.css.surfacePanel;
  context.fillRect(0, 0, scene.widthPx, scene.heightPx);
  drawHeaders(context, scene);
  drawGrid(context, scene);
  const { raster } = scene;
  if (raster !== null) {
    drawBothParts(context, scene, (lines) => {
      drawTexels(context, scene, raster, lines);
      drawBoxes(context, scene, raster, lines);
      drawMarks(context, scene, raster, lines);
    });
  }
  drawOutside(context, scene);
  drawCounterScales(context, scene);
  if (scene.bookmarks.length > 0)
    drawBookmarkLines(context, { ...scene, current: scene.currentBookmark }, scene.heightPx);
  if (scene.lines.splitPx > 0) {
    context.fillStyle = scene.palette.css.borderStrong;
    context.fillRect(0, scene.lines.splitPx - 1, scene.widthPx, 1);
    drawPinnedBar(context, scene);
  }
}

/** Where the pinned tracks are taller than their place: how much of them is on the screen, and where. */
function drawPinnedBar(context: Pen, scene: Scene): void {
  const { pinnedPx } = scene.layout;
  const { splitPx } = scene.lines;
  if (pinnedPx <= splitPx) return;
  const leftPx = scene.widthPx - pinnedBarPx - 2;
  const lengthPx = Math.max(shortestBarPx, (splitPx * splitPx) / pinnedPx);
  const topPx = (scene.pinnedTopPx / (pinnedPx - splitPx)) * (splitPx - 1 - lengthPx);
  context.fillStyle = scene.palette.css.surfacePanel;
  context.fillRect(leftPx - 2, 0, pinnedBarPx + 4, splitPx - 1);
  context.fillStyle = scene.palette.css.borderStrong;
  context.fillRect(leftPx, topPx, pinnedBarPx, lengthPx);
}

/** Blocks on the screen, pinned ones first, with their y on the canvas. */
export function visibleBlocks(
  scene: Pick<Scene, "layout" | "lines" | keyof ScrollPlace | "heightPx">,
): { block: Block; yPx: number }[] {
  const { layout } = scene;
  const found: { block: Block; yPx: number }[] = [];
  const collect = (first: number, last: number, bottomPx: number): void => {
    for (let index = first; index < last; index++) {
      const block = layout.blocks[index];
      if (block === undefined) break;
      const yPx = toScreenY(layout, scene, scene.heightPx, block.yPx);
      if (yPx >= bottomPx) break;
      found.push({ block, yPx });
    }
  };
  collect(blockIndexAt(layout, scene.pinnedTopPx), layout.pinnedCount, scene.lines.splitPx);
  const first = Math.max(layout.pinnedCount, blockIndexAt(layout, layout.pinnedPx + scene.scrollTopPx));
  collect(first, layout.blocks.length, scene.heightPx);
  return found;
}

function drawHeaders(context: Pen, scene: Scene): void {
  const { css } = scene.palette;
  for (const { block, yPx } of visibleBlocks(scene)) {
    const { splitPx } = scene.lines;
    const topPx = block.pinned ? yPx : Math.max(yPx, splitPx);
    const endPx = block.pinned ? splitPx : scene.heightPx;
    const headerEndPx = Math.min(endPx, yPx + block.headerPx);
    if (block.headerPx > 0 && headerEndPx > topPx) {
      context.fillStyle = css.surfaceRaised;
      context.fillRect(0, topPx, scene.widthPx, headerEndPx - topPx);
    }
    const bottomPx = yPx + block.heightPx - 1;
    if (bottomPx < topPx || bottomPx >= endPx) continue;
    context.fillStyle = css.grid;
    context.fillRect(0, bottomPx, scene.widthPx, 1);
  }
}

function drawGrid(context: Pen, scene: Scene): void {
  context.fillStyle = scene.palette.css.grid;
  for (const tick of scene.ticks.ticks) {
    const x = Math.round(toPx(scene.view, scene.widthPx, tick.ns) * scene.dpr) / scene.dpr;
    context.fillRect(x, 0, 1 / scene.dpr, scene.heightPx);
  }
}

/** Before the first and after the last event nothing was recorded. */
function drawOutside(context: Pen, scene: Scene): void {
  const from = toPx(scene.view, scene.widthPx, 0);
  const to = toPx(scene.view, scene.widthPx, scene.summary.durationNs);
  context.fillStyle = scene.palette.css.surfaceApp;
  if (from > 0) context.fillRect(0, 0, Math.min(scene.widthPx, from), scene.heightPx);
  if (to < scene.widthPx) context.fillRect(Math.max(0, to + 1), 0, scene.widthPx - to, scene.heightPx);
}

function drawMarks(context: Pen, scene: Scene, raster: PictureRaster, lines: readonly PlacedLine[]): void {
  const { scale, offset } = pictureTransform(raster, scene);
  const { marks } = raster.picture;
  context.fillStyle = scene.palette.css.textSoft;
  for (const { line, yPx } of lines) {
    if (line.strip.kind !== "instants") continue;
    const strip = raster.cached.stripOf.get(line.key);
    if (strip === undefined) continue;
    const middle = yPx + line.heightPx / 2;
    context.beginPath();
    const xs = (raster.marksOf.get(strip) ?? []).map((mark) => (marks.xPx[mark] ?? 0) * scale + offset);
    for (const x of lonePositions(xs, diamondPx * 2)) {
      if (x < -diamondPx || x > scene.widthPx + diamondPx) continue;
      context.moveTo(x, middle - diamondPx);
      context.lineTo(x + diamondPx, middle);
      context.lineTo(x, middle + diamondPx);
      context.lineTo(x - diamondPx, middle);
      context.closePath();
    }
    context.fill();
  }
}

/** Ascending positions with no other one closer than `gap`: only these are drawn as diamonds, crowds stay ticks. */
export function lonePositions(xs: readonly number[], gap: number): readonly number[] {
  return xs.filter(
    (x, index) =>
      x - (xs[index - 1] ?? Number.NEGATIVE_INFINITY) >= gap && (xs[index + 1] ?? Number.POSITIVE_INFINITY) - x >= gap,
  );
}

/** The extremes a counter is drawn between, at its left edge. */
function drawCounterScales(context: Pen, scene: Scene): void {
  context.font = `10px ${scene.palette.font}`;
  context.textAlign = "left";
  drawBothParts(context, scene, (lines) => {
    for (const { line, yPx } of lines) {
      const range = line.strip.kind === "counter" ? line.block.track.sampleRange : null;
      if (range === null) continue;
      drawHaloText(context, scene, formatValue(range[1]), 4, yPx + 8);
      if (range[1] !== range[0])
        drawHaloText(
          context,
          scene,
          formatValue(range[0] > 0 && range[0] < range[1] * 0.8 ? 0 : range[0]),
          4,
          yPx + line.heightPx - 8,
        );
    }
  });
}

/** Text over anything: with an edge in the color of the surface. */
export function drawHaloText(
  context: Pen,
  scene: Pick<Scene, "palette">,
  text: string,
  xPx: number,
  yPx: number,
): void {
  context.textBaseline = "middle";
  context.lineJoin = "round";
  context.lineWidth = 3;
  context.strokeStyle = scene.palette.css.surfacePanel;
  context.strokeText(text, xPx, yPx);
  context.fillStyle = scene.palette.css.textSoft;
  context.fillText(text, xPx, yPx);
}

/** A counter value with up to four significant digits and a decimal multiple. */
export function formatValue(value: number): string {
  const size = Math.abs(value);
  if (size >= 1e12) return `${trim(value / 1e12)}\u202fT`;
  if (size >= 1e9) return `${trim(value / 1e9)}\u202fG`;
  if (size >= 1e6) return `${trim(value / 1e6)}\u202fM`;
  if (size >= 1e4) return `${trim(value / 1e3)}\u202fk`;
  return trim(value);
}

const trim = (value: number): string => String(Number(value.toPrecision(4))).replace("-", "−");
