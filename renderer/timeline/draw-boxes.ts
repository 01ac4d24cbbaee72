import { SpanFlag } from "../../traces/model/trace.ts";
import type { Pen } from "../charts/svg-pen.ts";
import type { Palette } from "../theme/palette.ts";
import { pictureTransform } from "./draw-texels.ts";
import { boxesOf, type PictureRaster } from "./picture-raster.ts";
import type { PlacedLine, Scene } from "./scene.ts";
import { dimmedAlpha, mutedAlpha } from "./texel-colors.ts";

/** Bit of a box's flags: a search hit. */
const hitFlag = 128;
/** Boxes below this show no label: three characters would not fit. CSS px. */
const minLabelBoxPx = 24;
const labelPaddingPx = 4;
const fadePx = 48;

interface Placed {
  readonly box: number;
  readonly leftPx: number;
  readonly rightPx: number;
  readonly yPx: number;
  readonly heightPx: number;
}

/** Draws the wide spans of the lines: crisp rectangles with a hairline between neighbors, then their labels. */
export function drawBoxes(context: Pen, scene: Scene, raster: PictureRaster, lines: readonly PlacedLine[]): void {
  const placed = placeBoxes(scene, raster, lines);
  drawFills(context, scene, raster, placed);
  context.fillStyle = scene.palette.css.surfacePanel;
  for (const each of placed) context.fillRect(each.leftPx, each.yPx, 1 / scene.dpr, each.heightPx);
  for (const each of placed) if (isOpenEnded(raster, each.box)) fadeOut(context, scene, each);
  drawLabels(context, scene, raster, placed);
}

function placeBoxes(scene: Scene, raster: PictureRaster, lines: readonly PlacedLine[]): Placed[] {
  const { scale, offset } = pictureTransform(raster, scene);
  const { table } = raster.boxes;
  const placed: Placed[] = [];
  for (const { line, yPx } of lines) {
    const strip = raster.cached.stripOf.get(line.key);
    // A merged line shows occupancy: the spans of its rows overlap.
    if (strip === undefined || line.block.mergedRows !== null) continue;
    for (const box of boxesOf(raster.boxes, strip)) {
      const left = (table.leftPx[box] ?? 0) * scale + offset;
      const right = (table.rightPx[box] ?? 0) * scale + offset;
      if (right <= 0 || left >= scene.widthPx) continue;
      // Every touched pixel belongs to the box; its first one carries the hairline.
      const leftPx = Math.floor(left * scene.dpr + 0.001) / scene.dpr;
      const rightPx = Math.ceil(right * scene.dpr - 0.001) / scene.dpr;
      placed.push({ box, leftPx, rightPx, yPx, heightPx: line.heightPx - 1 });
    }
  }
  return placed;
}

function drawFills(context: Pen, scene: Scene, raster: PictureRaster, placed: readonly Placed[]): void {
  const { slot } = raster.boxes.table;
  const { slotFill, css } = raster.palette;
  const byColor = placed.toSorted((a, b) => (slot[a.box] ?? 0) - (slot[b.box] ?? 0));
  let fill = "";
  for (const each of byColor) {
    const strength = strengthOf(scene, raster, each.box);
    const next = slotFill[slot[each.box] ?? 0] ?? css.surfacePanel;
    if (strength < 1) {
      // Texels below are solid: clear them, else the strengths add up.
      context.fillStyle = css.surfacePanel;
      context.fillRect(each.leftPx, each.yPx, each.rightPx - each.leftPx, each.heightPx);
      context.globalAlpha = strength;
      fill = "";
    }
    if (next !== fill) {
      context.fillStyle = next;
      fill = next;
    }
    context.fillRect(each.leftPx, each.yPx, each.rightPx - each.leftPx, each.heightPx);
    if (strength < 1) context.globalAlpha = 1;
    if (scene.searching && isHit(raster, each.box)) {
      context.fillStyle = css.hit;
      context.fillRect(each.leftPx, each.yPx + each.heightPx - 2, each.rightPx - each.leftPx, 2);
      fill = "";
    }
  }
}

function drawLabels(context: Pen, scene: Scene, raster: PictureRaster, placed: readonly Placed[]): void {
  const { table } = raster.boxes;
  context.textBaseline = "middle";
  context.textAlign = "left";
  context.font = labelFont(scene.palette, scene.layout.rowPx);
  let color = "";
  for (const each of placed) {
    const left = Math.max(0, each.leftPx) + labelPaddingPx;
    const room = Math.min(scene.widthPx, each.rightPx) - left - 2;
    if (room < minLabelBoxPx - labelPaddingPx) continue;
    const name = scene.nameOf(table.name[each.box] ?? 0);
    if (name === undefined) continue;
    const label = scene.labels.label(name, room);
    if (label === "") continue;
    const faint = strengthOf(scene, raster, each.box) < 1;
    const next = faint
      ? scene.palette.css.textFaint
      : (raster.palette.slotLabel[table.slot[each.box] ?? 0] ?? scene.palette.css.text);
    if (next !== color) {
      context.fillStyle = next;
      color = next;
    }
    context.fillText(label, left, each.yPx + each.heightPx / 2 + 0.5);
  }
}

/** Font of the labels for a row height; the label cache must measure with the same. */
export function labelFont(palette: Pick<Palette, "font">, rowPx: number): string {
  return `${rowPx < 15 ? 10 : rowPx < 21 ? 11 : 12}px ${palette.font}`;
}

/** An open end fades: where the span ended is not in the file. */
function fadeOut(context: Pen, scene: Scene, each: Placed): void {
  const from = Math.max(each.leftPx, each.rightPx - fadePx);
  const surface = scene.palette.css.surfacePanel;
  const gradient = context.createLinearGradient(from, 0, each.rightPx, 0);
  gradient.addColorStop(0, `${surface}00`);
  gradient.addColorStop(1, surface);
  context.fillStyle = gradient;
  context.fillRect(from, each.yPx, each.rightPx - from, each.heightPx);
}

function strengthOf(scene: Scene, raster: PictureRaster, box: number): number {
  if (scene.isMuted(raster.boxes.table.slot[box] ?? 0)) return mutedAlpha;
  return scene.searching && !isHit(raster, box) ? dimmedAlpha : 1;
}

const isHit = (raster: PictureRaster, box: number): boolean => ((raster.boxes.table.flags[box] ?? 0) & hitFlag) !== 0;
const isOpenEnded = (raster: PictureRaster, box: number): boolean =>
  ((raster.boxes.table.flags[box] ?? 0) & SpanFlag.openEnded) !== 0;
