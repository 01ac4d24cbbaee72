import type { Pen } from "../../charts/svg-pen.ts";
import { toSlot, variantCount } from "../../../traces/model/color-slot.ts";
import { SpanKind } from "../../../traces/model/span-kind.ts";
import { fitMiddle } from "../../charts/text.ts";
import type { Palette } from "../../theme/palette.ts";
import type { SideName } from "../../state/compare-sides.ts";
import { type DualLayout, dualRowPx, type DualSpan, rowTopPx } from "./dual-layout.ts";

export const gutterPx = 150;
const labelPadPx = 4;
const minLabelPx = 26;

export interface DualLook {
  readonly palette: Palette;
  readonly widthPx: number;
  /** px of a time of a side. */
  readonly toPx: (side: SideName, timeNs: number) => number;
  readonly ghost: boolean;
  readonly hovered: DualSpan | null;
  /** Spans of this name stand out; null = no name is chosen. */
  readonly name: string | null;
}

/** Both steps, track by track; the context is scaled to CSS px and cleared. */
export function drawDual(context: Pen, layout: DualLayout, look: DualLook): void {
  const { palette, widthPx } = look;
  context.textBaseline = "middle";
  const measure = (text: string): number => context.measureText(text).width;
  for (const track of layout.tracks) {
    const sidePx = track.rowCount * dualRowPx;
    context.font = `11.5px ${palette.font}`;
    context.fillStyle = palette.css.text;
    context.fillText(fitMiddle(track.name, gutterPx - 22, measure), 0, track.topPx + dualRowPx / 2 + 1);
    context.fillStyle = palette.css.textFaint;
    context.fillText("A", gutterPx - 16, track.topPx + dualRowPx / 2 + 1);
    context.fillText("B", gutterPx - 16, track.topPx + sidePx + dualRowPx / 2 + 1);
    if (track.hiddenRows > 0) context.fillText(`${track.hiddenRows} deeper rows`, 0, track.topPx + 1.5 * dualRowPx + 2);
    context.fillStyle = palette.css.grid;
    context.fillRect(gutterPx, track.topPx + sidePx - 0.5, widthPx - gutterPx, 1);
  }
  context.save();
  context.beginPath();
  context.rect(gutterPx, 0, widthPx - gutterPx, layout.heightPx);
  context.clip();
  for (const span of layout.spans) drawSpan(context, span, look);
  if (look.ghost) for (const span of layout.spans) if (span.side === "before") drawGhost(context, span, look);
  if (look.hovered !== null) drawPair(context, look.hovered, layout, look);
  context.restore();
}

function drawSpan(context: Pen, placed: DualSpan, look: DualLook): void {
  const { palette, name } = look;
  const { span } = placed;
  const { leftPx, widthPx } = placeOf(placed, look);
  if (leftPx > look.widthPx || leftPx + widthPx < gutterPx) return;
  const slot = toSlot(SpanKind[span.kind], hash(span.name) % variantCount);
  const y = rowTopPx(placed);
  context.globalAlpha = name !== null && span.name !== name ? 0.3 : 1;
  context.fillStyle = palette.slotFill[slot] ?? palette.css.borderStrong;
  context.fillRect(leftPx, y, Math.max(0.75, widthPx - 0.5), dualRowPx - 1);
  if (widthPx >= minLabelPx) {
    // The name stays in sight while the start of its span is out of it.
    const fromPx = Math.max(leftPx, gutterPx);
    const roomPx = Math.min(leftPx + widthPx, look.widthPx) - fromPx - 2 * labelPadPx;
    context.fillStyle = palette.slotLabel[slot] ?? palette.css.text;
    if (roomPx >= minLabelPx - 2 * labelPadPx)
      context.fillText(
        fitMiddle(span.name, roomPx, (text) => context.measureText(text).width),
        fromPx + labelPadPx,
        y + dualRowPx / 2,
      );
  }
  context.globalAlpha = 1;
}

/** The outline of A on the rows of B: where B is empty inside it, time was saved; where B goes beyond, it was lost. */
function drawGhost(context: Pen, placed: DualSpan, look: DualLook): void {
  const { leftPx, widthPx } = placeOf(placed, look);
  if (widthPx < 3) return;
  const y = rowTopPx({ ...placed, side: "after" });
  context.strokeStyle = look.palette.css.text;
  context.lineWidth = 1;
  context.setLineDash([3, 2]);
  context.strokeRect(leftPx + 0.5, y + 0.5, widthPx - 1, dualRowPx - 2);
  context.setLineDash([]);
}

function drawPair(context: Pen, hovered: DualSpan, layout: DualLayout, look: DualLook): void {
  const twin =
    hovered.twin === null
      ? undefined
      : layout.spans.find((each) => each.side !== hovered.side && each.span === hovered.twin);
  context.strokeStyle = look.palette.css.selection;
  context.lineWidth = 2;
  for (const placed of twin === undefined ? [hovered] : [hovered, twin]) {
    const { leftPx, widthPx } = placeOf(placed, look);
    context.strokeRect(leftPx, rowTopPx(placed), Math.max(2, widthPx), dualRowPx - 1);
  }
}

function placeOf({ side, span }: DualSpan, look: DualLook): { readonly leftPx: number; readonly widthPx: number } {
  const leftPx = look.toPx(side, span.startNs);
  return { leftPx, widthPx: look.toPx(side, span.startNs + span.durationNs) - leftPx };
}

function hash(text: string): number {
  let value = 7;
  for (let at = 0; at < text.length; at++) value = (Math.imul(value, 31) + text.charCodeAt(at)) >>> 0;
  return value;
}

/** The drawn span at a place; the innermost where several meet. */
export function spanAt(layout: DualLayout, look: Pick<DualLook, "toPx">, xPx: number, yPx: number): DualSpan | null {
  const hit = layout.spans.filter((placed) => {
    const topPx = rowTopPx(placed);
    if (yPx < topPx || yPx >= topPx + dualRowPx) return false;
    const leftPx = look.toPx(placed.side, placed.span.startNs);
    return xPx >= leftPx - 1 && xPx <= look.toPx(placed.side, placed.span.startNs + placed.span.durationNs) + 1;
  });
  return hit.toSorted((a, b) => a.span.durationNs - b.span.durationNs)[0] ?? null;
}
