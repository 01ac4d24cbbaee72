import { SpanKind } from "../../../traces/model/span-kind.ts";
import { toSlot, variantCount } from "../../../traces/model/color-slot.ts";
import type { DiffTree } from "../../../traces/compare/comparison.ts";
import { signedPercent, toneSign } from "../../charts/change.ts";
import type { Pen } from "../../charts/svg-pen.ts";
import { fitMiddle } from "../../charts/text.ts";
import { type Rgb, toHex } from "../../theme/color.ts";
import { labelOn, type Palette } from "../../theme/palette.ts";
import type { DiffBox } from "./diff-layout.ts";
import { lookOf, nameOf, type NodeLook } from "./diff-tree.ts";

export type DiffPanel = "before" | "change" | "after";

export const diffRowPx = 20;
const labelPadPx = 5;
const minLabelPx = 30;
/** From here on a change has the full color. */
const fullChange = 0.5;

export interface DiffLook {
  readonly palette: Palette;
  readonly hovered: number | null;
  readonly selected: number | null;
  /** Lower case; boxes without it fade. Empty = no search. */
  readonly search: string;
  /** 1 for nodes that are shown in full; the others fade: they changed too little. */
  readonly changed: Uint8Array;
}

export interface PlacedPanel {
  readonly panel: DiffPanel;
  readonly leftPx: number;
  readonly widthPx: number;
}

/** Of all levels, px. */
export function graphHeight(boxes: readonly DiffBox[]): number {
  return diffRowPx * (1 + boxes.reduce((most, box) => Math.max(most, box.level), 0));
}

/** Draws one panel; the context is scaled to CSS px and cleared. */
export function drawDiffPanel(
  context: Pen,
  tree: DiffTree,
  boxes: readonly DiffBox[],
  place: PlacedPanel,
  look: DiffLook,
): void {
  const { palette, search } = look;
  const patterns = createPatterns(context, palette);
  context.save();
  context.beginPath();
  context.rect(place.leftPx, 0, place.widthPx, graphHeight(boxes));
  context.clip();
  context.translate(place.leftPx, 0);
  context.font = `11.5px ${palette.font}`;
  context.textBaseline = "middle";
  for (const box of boxes) {
    if (box.node === null) {
      drawMerged(context, box, palette);
      continue;
    }
    const name = nameOf(tree, box.node);
    const isFaded = look.changed[box.node] === 0 || (search !== "" && !name.toLowerCase().includes(search));
    context.globalAlpha = isFaded ? 0.25 : 1;
    if (place.panel === "change") drawChange(context, tree, box.node, box, patterns, palette);
    else drawSide(context, tree, box.node, box, place.panel, patterns, palette);
    context.globalAlpha = 1;
    if (box.node === look.hovered || box.node === look.selected) outline(context, box, look);
  }
  context.restore();
}

/** What a side has of the slot, from the left; the rest is hatched: the other side has more here. */
function drawSide(
  context: Pen,
  tree: DiffTree,
  node: number,
  box: DiffBox,
  side: "before" | "after",
  patterns: Patterns,
  palette: Palette,
): void {
  const fill = (side === "before" ? tree.beforeFill : tree.afterFill)[node] ?? 0;
  const y = box.level * diffRowPx;
  const slotPx = Math.max(0.5, box.widthPx - 1);
  const ownPx = slotPx * fill;
  context.fillStyle = patterns.missing;
  context.fillRect(box.leftPx + ownPx, y, slotPx - ownPx, diffRowPx - 1);
  if (ownPx <= 0) return;
  // Roles of tracks are no work of any kind.
  const isRole = (tree.row[node] ?? -1) < 0;
  const slot = isRole ? toSlot(SpanKind.step, 0) : toSlot(tree.kind[node] ?? 0, (tree.name[node] ?? 0) % variantCount);
  context.fillStyle = palette.slotFill[slot] ?? palette.css.borderStrong;
  context.fillRect(box.leftPx, y, Math.max(0.5, ownPx), diffRowPx - 1);
  context.fillStyle = palette.slotLabel[slot] ?? palette.css.text;
  drawLabel(context, nameOf(tree, node), box.leftPx, y, ownPx);
}

function drawChange(
  context: Pen,
  tree: DiffTree,
  node: number,
  box: DiffBox,
  patterns: Patterns,
  palette: Palette,
): void {
  const look = lookOf(tree, node);
  const y = box.level * diffRowPx;
  const slotPx = Math.max(0.5, box.widthPx - 1);
  const fill = changeColor(palette, look, tree.relative[node] ?? 0);
  context.fillStyle = toHex(fill);
  context.fillRect(box.leftPx, y, slotPx, diffRowPx - 1);
  if (look.presence !== "both") {
    context.fillStyle = look.presence === "added" ? patterns.added : patterns.removed;
    context.fillRect(box.leftPx, y, slotPx, diffRowPx - 1);
  }
  context.fillStyle = toHex(labelOn(fill));
  const relative = tree.relative[node] ?? Number.NaN;
  const change = look.presence === "added" ? "+ " : look.presence === "removed" ? "− " : `${toneSign(look.tone)} `;
  const number =
    look.tone !== "even" && look.presence === "both" && Number.isFinite(relative) ? ` ${signedPercent(relative)}` : "";
  drawLabel(
    context,
    `${change}${nameOf(tree, node)}${slotPx > 150 ? number : ""}`,
    box.leftPx,
    y,
    slotPx,
    look.presence !== "both" ? toHex(fill) : null,
  );
}

/** Grey without a decision; else the tone, stronger for larger changes. New and gone things have the full tone. */
export function changeColor(palette: Palette, look: NodeLook, relative: number): Rgb {
  if (look.tone === "even") return mix(palette.rgb.compareEven, palette.rgb.surfacePanel, 0.62);
  const full = look.tone === "slower" ? palette.rgb.compareSlower : palette.rgb.compareFaster;
  const size = look.presence === "both" ? Math.min(1, Math.abs(relative) / fullChange) : 1;
  return mix(full, palette.rgb.surfacePanel, 0.55 * (1 - size));
}

interface Patterns {
  readonly added: CanvasPattern | string;
  readonly removed: CanvasPattern | string;
  readonly missing: CanvasPattern | string;
}

function createPatterns(context: Pen, palette: Palette): Patterns {
  const panel = palette.css.surfacePanel;
  return {
    added: patternOf(context, (tile) => {
      tile.fillStyle = panel;
      tile.beginPath();
      tile.arc(3, 3, 1.2, 0, 2 * Math.PI);
      tile.fill();
    }),
    removed: patternOf(context, (tile) => strokeDiagonal(tile, panel, 1.6)),
    missing: patternOf(context, (tile) => strokeDiagonal(tile, palette.css.gridStrong, 1)),
  };
}

function patternOf(context: Pen, draw: (tile: CanvasRenderingContext2D) => void): CanvasPattern | string {
  const canvas = document.createElement("canvas");
  canvas.width = 6;
  canvas.height = 6;
  const tile = canvas.getContext("2d");
  if (tile === null) return "transparent";
  draw(tile);
  return context.createPattern(canvas, "repeat") ?? "transparent";
}

function strokeDiagonal(tile: CanvasRenderingContext2D, color: string, widthPx: number): void {
  tile.strokeStyle = color;
  tile.lineWidth = widthPx;
  tile.beginPath();
  // Three strokes, so that the pattern meets itself at its edges.
  for (const shift of [-6, 0, 6]) {
    tile.moveTo(shift, 6);
    tile.lineTo(shift + 6, 0);
  }
  tile.stroke();
}

function drawMerged(context: Pen, box: DiffBox, palette: Palette): void {
  context.fillStyle = palette.css.gridStrong;
  context.fillRect(box.leftPx, box.level * diffRowPx, box.widthPx, diffRowPx - 1);
}

function drawLabel(
  context: Pen,
  text: string,
  x: number,
  y: number,
  roomPx: number,
  ground: string | null = null,
): void {
  if (roomPx < minLabelPx) return;
  const label = fitMiddle(text, roomPx - 2 * labelPadPx, (part) => context.measureText(part).width);
  if (label === "") return;
  if (ground !== null) {
    // A pattern under letters: a plate in the plain color keeps them readable.
    const letters = context.fillStyle;
    context.fillStyle = ground;
    context.fillRect(x + 2, y + 2, Math.min(roomPx - 4, context.measureText(label).width + 6), diffRowPx - 5);
    context.fillStyle = letters;
  }
  context.fillText(label, x + labelPadPx, y + diffRowPx / 2);
}

function outline(context: Pen, box: DiffBox, look: DiffLook): void {
  context.strokeStyle = look.palette.css.selection;
  context.lineWidth = box.node === look.selected ? 2 : 1;
  context.strokeRect(box.leftPx + 0.5, box.level * diffRowPx + 0.5, Math.max(1, box.widthPx - 2), diffRowPx - 2);
}

/** `share` of `b`, the rest `a`. */
function mix(a: Rgb, b: Rgb, share: number): Rgb {
  const blend = (at: 0 | 1 | 2): number => a[at] * (1 - share) + b[at] * share;
  return [blend(0), blend(1), blend(2)];
}
