import type { CallTree } from "../../electron/contract/engine-contract.ts";
import type { Palette } from "../theme/palette.ts";
import { nodeName } from "./call-tree.ts";
import type { FlameBox } from "./flame-layout.ts";

export const flameRowPx = 20;
const labelPadPx = 5;
/** A label wants room for three letters. */
const minLabelPx = 28;

export interface FlameLook {
  readonly palette: Palette;
  readonly hovered: number | null;
  readonly selected: number | null;
  /** Lower case; boxes without it fade. Empty = no search. */
  readonly search: string;
}

/** Draws the boxes; the context is scaled to CSS px and cleared. */
export function drawFlame(
  context: CanvasRenderingContext2D,
  tree: CallTree,
  boxes: readonly FlameBox[],
  look: FlameLook,
): void {
  const { palette } = look;
  context.font = `11.5px ${palette.font}`;
  context.textBaseline = "middle";
  for (const box of boxes) {
    const slot = tree.slot[box.node] ?? 0;
    const name = nodeName(tree, box.node);
    const faded = look.search !== "" && !name.toLowerCase().includes(look.search);
    const x = box.leftPx;
    const y = box.level * flameRowPx;
    const widthPx = Math.max(0.5, box.widthPx - 1);
    context.globalAlpha = faded ? 0.22 : 1;
    context.fillStyle = palette.slotFill[slot] ?? palette.css.borderStrong;
    context.fillRect(x, y, widthPx, flameRowPx - 1);
    if (box.widthPx >= minLabelPx) {
      context.globalAlpha = faded ? 0.6 : 1;
      context.fillStyle = faded ? palette.css.text : (palette.slotLabel[slot] ?? palette.css.text);
      context.fillText(fitText(context, name, widthPx - 2 * labelPadPx), x + labelPadPx, y + flameRowPx / 2);
    }
    context.globalAlpha = 1;
    if (box.node === look.hovered || box.node === look.selected) {
      context.strokeStyle = palette.css.selection;
      context.lineWidth = box.node === look.selected ? 2 : 1;
      context.strokeRect(x + 0.5, y + 0.5, Math.max(1, widthPx - 1), flameRowPx - 2);
    }
  }
}

function fitText(context: CanvasRenderingContext2D, text: string, roomPx: number): string {
  if (context.measureText(text).width <= roomPx) return text;
  let low = 0;
  let high = text.length;
  while (low < high) {
    const middle = (low + high + 1) >>> 1;
    if (context.measureText(`${text.slice(0, middle)}…`).width <= roomPx) low = middle;
    else high = middle - 1;
  }
  return low < 2 ? "" : `${text.slice(0, low)}…`;
}
