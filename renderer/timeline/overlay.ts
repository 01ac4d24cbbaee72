import { formatDuration } from "../../traces/model/format-units.ts";
import { isCalled } from "../../traces/model/step-label.ts";
import type { Pen } from "../charts/svg-pen.ts";
import type { Measure, Selection, Viewport } from "../state/trace-tab.ts";
import type { Palette } from "../theme/palette.ts";
import { exactTime } from "./axis-ticks.ts";
import { pictureTransform } from "./draw-texels.ts";
import { formatValue } from "./draw-tracks.ts";
import { drawArrow, type FlowArrow } from "./flow-arrows.ts";
import { boxesOf, type PictureRaster } from "./picture-raster.ts";
import { drawBothParts, type PlacedLines, type ScrollPlace, toScreenY } from "./scene.ts";
import { placeOfRow, type StripLayout } from "./strips.ts";
import { toPx } from "./transform.ts";

/** What lies above the tracks and changes with the pointer. CSS px of the canvas. */
export interface OverlayScene {
  readonly widthPx: number;
  readonly heightPx: number;
  readonly dpr: number;
  readonly view: Viewport;
  readonly scrollTopPx: number;
  readonly pinnedTopPx: number;
  readonly layout: StripLayout;
  readonly lines: PlacedLines;
  readonly palette: Palette;
  readonly raster: PictureRaster | null;
  readonly selection: Selection;
  readonly hovered: HoveredSpan | null;
  /** Spans of this name are outlined; null for none. */
  readonly hoveredName: string | null;
  readonly nameOf: (id: number) => string | undefined;
  /** Pointer over the tracks; null outside. */
  readonly pointerX: number | null;
  readonly drag: {
    readonly startNs: number;
    readonly endNs: number;
    readonly topPx: number;
    readonly bottomPx: number;
  } | null;
  readonly measure: Measure | null;
  readonly arrows: readonly FlowArrow[];
}

export interface HoveredSpan {
  readonly span: number;
  readonly track: number;
  readonly row: number;
  readonly startNs: number;
  readonly durationNs: number;
}

/** Whether there is nothing to draw: no pointer, no selection, no measuring bar. */
export function isOverlayEmpty(scene: OverlayScene): boolean {
  const { selection, hovered, hoveredName, pointerX, drag, measure, arrows } = scene;
  const isPointedAt = hovered !== null || hoveredName !== null || pointerX !== null || drag !== null;
  return selection.kind === "none" && !isPointedAt && measure === null && arrows.length === 0;
}

/** Draws one frame of the overlay, onto nothing. */
export function drawOverlay(context: Pen, scene: OverlayScene): void {
  drawSelectedTime(context, scene);
  drawSameName(context, scene);
  if (scene.hovered !== null) outlineSpan(context, scene, scene.hovered, scene.palette.css.textSoft, 1);
  if (scene.selection.kind === "span")
    outlineSpan(context, scene, scene.selection.span, scene.palette.css.selection, 2);
  drawArrows(context, scene);
  drawCursor(context, scene);
  if (scene.drag !== null) drawDrag(context, scene, scene.drag);
  if (scene.measure !== null) drawMeasure(context, scene, scene.measure);
}

/** The rectangle of a span on the canvas, at least a few pixels wide; null when its track is hidden. */
export function spanRect(
  scene: Pick<OverlayScene, "layout" | keyof ScrollPlace | "heightPx" | "widthPx" | "view">,
  span: Omit<HoveredSpan, "span">,
): { x: number; y: number; width: number; height: number; pinned: boolean } | null {
  const place = placeOfRow(scene.layout, span.track, span.row);
  if (place === null) return null;
  const left = toPx(scene.view, scene.widthPx, span.startNs);
  const right = toPx(scene.view, scene.widthPx, span.startNs + span.durationNs);
  const y = toScreenY(scene.layout, scene, scene.heightPx, place.yPx);
  return {
    x: left,
    y,
    width: Math.max(2, right - left),
    height: place.heightPx,
    pinned: place.yPx < scene.layout.pinnedPx,
  };
}

function outlineSpan(
  context: Pen,
  scene: OverlayScene,
  span: Omit<HoveredSpan, "span">,
  color: string,
  lineWidth: number,
): void {
  const rect = spanRect(scene, span);
  if (rect === null || rect.x > scene.widthPx || rect.x + rect.width < 0) return;
  const left = Math.max(-4, Math.floor(rect.x));
  const right = Math.min(scene.widthPx + 4, Math.ceil(rect.x + rect.width));
  context.save();
  clipTo(context, scene, rect.pinned);
  // Two strokes, so that the outline stands out on any fill.
  context.strokeStyle = scene.palette.css.surfacePanel;
  context.lineWidth = lineWidth + 2;
  context.strokeRect(left - 0.5, rect.y - 0.5, right - left + 1, rect.height + 1);
  context.strokeStyle = color;
  context.lineWidth = lineWidth;
  context.strokeRect(left - 0.5, rect.y - 0.5, right - left + 1, rect.height + 1);
  context.restore();
}

function clipTo(context: Pen, scene: OverlayScene, pinned: boolean): void {
  const { splitPx } = scene.lines;
  context.beginPath();
  if (pinned) context.rect(0, 0, scene.widthPx, splitPx);
  else context.rect(0, splitPx, scene.widthPx, scene.heightPx - splitPx);
  context.clip();
}

/** The time of the selection as a band over all tracks. */
function drawSelectedTime(context: Pen, scene: OverlayScene): void {
  const { selection } = scene;
  if (selection.kind === "none" || selection.kind === "instant") return;
  const [startNs, endNs] =
    selection.kind === "span"
      ? [selection.span.startNs, selection.span.startNs + selection.span.durationNs]
      : [selection.startNs, selection.endNs];
  const from = toPx(scene.view, scene.widthPx, startNs);
  const to = Math.max(from + 1, toPx(scene.view, scene.widthPx, endNs));
  if (to < 0 || from > scene.widthPx) return;
  context.fillStyle = scene.palette.css.selectionFill;
  if (selection.kind === "area") {
    context.globalAlpha = 0.13;
    const rows = new Set(selection.rows);
    drawBothParts(context, scene, (lines) => {
      for (const { line, yPx } of lines) {
        if (line.strip.kind === "rows" && line.strip.rows.some((row) => rows.has(row)))
          context.fillRect(from, yPx, to - from, line.heightPx);
      }
    });
  } else {
    context.globalAlpha = selection.kind === "span" ? 0.06 : 0.14;
    context.fillRect(from, 0, to - from, scene.heightPx);
  }
  context.globalAlpha = selection.kind === "span" ? 0.35 : 0.8;
  for (const x of [from, to]) context.fillRect(Math.round(x), 0, 1, scene.heightPx);
  context.globalAlpha = 1;
}

function drawSameName(context: Pen, scene: OverlayScene): void {
  const { raster, hoveredName } = scene;
  if (raster === null || hoveredName === null) return;
  const { scale, offset } = pictureTransform(raster, scene);
  const { table } = raster.boxes;
  context.strokeStyle = scene.palette.css.selection;
  context.lineWidth = 1;
  drawBothParts(context, scene, (lines) => {
    context.beginPath();
    for (const { line, yPx } of lines) {
      const strip = raster.cached.stripOf.get(line.key);
      if (strip === undefined || line.block.mergedRows !== null) continue;
      for (const box of boxesOf(raster.boxes, strip)) {
        if (!isCalled(scene.nameOf(table.name[box] ?? 0) ?? "", hoveredName)) continue;
        const left = Math.max(-2, Math.floor((table.leftPx[box] ?? 0) * scale + offset));
        const right = Math.min(scene.widthPx + 2, Math.ceil((table.rightPx[box] ?? 0) * scale + offset));
        if (right > left) context.rect(left + 0.5, yPx + 0.5, right - left - 1, line.heightPx - 2);
      }
    }
    context.stroke();
  });
}

function drawArrows(context: Pen, scene: OverlayScene): void {
  const { css } = scene.palette;
  const topPx = 0;
  for (const arrow of scene.arrows) {
    const from = spanRect(scene, arrow.from);
    const to = spanRect(scene, arrow.to);
    if (from === null || to === null) continue;
    const start = { x: toPx(scene.view, scene.widthPx, arrow.fromNs), y: from.y + from.height / 2 };
    const end = { x: toPx(scene.view, scene.widthPx, arrow.toNs), y: to.y + to.height / 2 };
    const bounds = {
      widthPx: scene.widthPx,
      topPx: from.pinned || to.pinned ? topPx : scene.lines.splitPx,
      bottomPx: scene.heightPx,
    };
    context.strokeStyle = css.surfacePanel;
    context.fillStyle = css.surfacePanel;
    context.lineWidth = 4;
    drawArrow(context, start, end, bounds);
    context.strokeStyle = css.flow;
    context.fillStyle = css.flow;
    context.lineWidth = 1.5;
    drawArrow(context, start, end, bounds);
  }
}

/** A thin line at the pointer, and the values of the counters there. */
function drawCursor(context: Pen, scene: OverlayScene): void {
  const { pointerX, raster } = scene;
  if (pointerX === null) return;
  context.fillStyle = scene.palette.css.borderStrong;
  context.globalAlpha = 0.6;
  context.fillRect(Math.round(pointerX), 0, 1, scene.heightPx);
  context.globalAlpha = 1;
  if (raster === null) return;
  const { scale, offset } = pictureTransform(raster, scene);
  const texel = Math.floor((pointerX - offset) / scale);
  context.font = `11px ${scene.palette.font}`;
  drawBothParts(context, scene, (lines) => {
    for (const { line, yPx } of lines) {
      if (line.strip.kind !== "counter") continue;
      const strip = raster.cached.stripOf.get(line.key);
      const counter = raster.picture.counters.find((each) => each.strip === strip);
      const value = counter?.last[texel];
      if (value === undefined || Number.isNaN(value)) continue;
      const text = formatValue(value);
      const width = context.measureText(text).width;
      const x = pointerX + 8 + width > scene.widthPx ? pointerX - 8 - width : pointerX + 8;
      drawTag(context, scene, text, x, yPx + line.heightPx / 2, width);
    }
  });
}

function drawDrag(context: Pen, scene: OverlayScene, drag: NonNullable<OverlayScene["drag"]>): void {
  const from = toPx(scene.view, scene.widthPx, Math.min(drag.startNs, drag.endNs));
  const to = toPx(scene.view, scene.widthPx, Math.max(drag.startNs, drag.endNs));
  context.fillStyle = scene.palette.css.selectionFill;
  context.globalAlpha = 0.16;
  context.fillRect(from, drag.topPx, to - from, drag.bottomPx - drag.topPx);
  context.globalAlpha = 1;
  context.strokeStyle = scene.palette.css.selectionFill;
  context.lineWidth = 1;
  context.strokeRect(Math.round(from) + 0.5, drag.topPx + 0.5, Math.round(to - from), drag.bottomPx - drag.topPx - 1);
  centeredTag(
    context,
    scene,
    formatDuration(Math.abs(drag.endNs - drag.startNs)),
    from,
    to,
    Math.max(14, drag.topPx + 14),
  );
}

function drawMeasure(context: Pen, scene: OverlayScene, measure: Measure): void {
  const from = toPx(scene.view, scene.widthPx, Math.min(measure.fromNs, measure.toNs));
  const to = toPx(scene.view, scene.widthPx, Math.max(measure.fromNs, measure.toNs));
  const y = scene.heightPx - 26;
  context.fillStyle = scene.palette.css.measure;
  for (const x of [from, to]) context.fillRect(Math.round(x), 0, 1, scene.heightPx);
  context.fillRect(Math.max(0, from), y, Math.min(scene.widthPx, to) - Math.max(0, from), 1);
  const delta = Math.abs(measure.toNs - measure.fromNs);
  const text = delta > 0 ? `Δ ${exactTime(delta)}  ·  ${formatRate(1e9 / delta)}` : "Δ 0 ns";
  centeredTag(context, scene, text, from, to, y);
}

const formatRate = (perSecond: number): string => `${formatValue(perSecond)}/s`;

function centeredTag(context: Pen, scene: OverlayScene, text: string, from: number, to: number, y: number): void {
  context.font = `600 11px ${scene.palette.font}`;
  const width = context.measureText(text).width;
  const middle = (Math.max(0, from) + Math.min(scene.widthPx, to)) / 2;
  drawTag(context, scene, text, Math.min(scene.widthPx - width - 8, Math.max(8, middle - width / 2)), y, width);
}

function drawTag(context: Pen, scene: OverlayScene, text: string, x: number, y: number, width: number): void {
  context.fillStyle = scene.palette.css.surfaceTooltip;
  context.beginPath();
  context.roundRect(x - 5, y - 9, width + 10, 18, 4);
  context.fill();
  context.fillStyle = scene.palette.css.textTooltip;
  context.textBaseline = "middle";
  context.textAlign = "left";
  context.fillText(text, x, y + 0.5);
}
