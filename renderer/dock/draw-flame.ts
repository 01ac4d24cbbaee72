import type { CallTree } from "../../electron/contract/engine-contract.ts";
import { kindOfSlot, shareVariant, toSlot } from "../../traces/model/color-slot.ts";
import { shortName } from "../names/short-name.ts";
import { type Coloring, paletteOf } from "../theme/coloring.ts";
import type { Palette } from "../theme/palette.ts";
import { fitText } from "../ui/fit-text.ts";
import { nodeName, nodeTotal } from "./call-tree.ts";
import type { FlameBox } from "./flame-layout.ts";

export const flameRowPx = 20;
const labelPadPx = 5;
/** A label wants room for three letters. */
const minLabelPx = 28;

export interface FlameLook {
  readonly palette: Palette;
  readonly coloring: Coloring;
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
  const colors = paletteOf(palette, look.coloring);
  context.font = `11.5px ${palette.font}`;
  context.textBaseline = "middle";
  for (const box of boxes) {
    const slot = slotOf(tree, box.node, look.coloring);
    const name = nodeName(tree, box.node);
    const faded = look.search !== "" && !name.toLowerCase().includes(look.search);
    const x = box.leftPx;
    const y = box.level * flameRowPx;
    const widthPx = Math.max(0.5, box.widthPx - 1);
    context.globalAlpha = faded ? 0.22 : 1;
    context.fillStyle = colors.slotFill[slot] ?? palette.css.borderStrong;
    context.fillRect(x, y, widthPx, flameRowPx - 1);
    if (box.widthPx >= minLabelPx) {
      context.globalAlpha = faded ? 0.6 : 1;
      context.fillStyle = faded ? palette.css.text : (colors.slotLabel[slot] ?? palette.css.text);
      context.fillText(fitText(context, shortName(name), widthPx - 2 * labelPadPx), x + labelPadPx, y + flameRowPx / 2);
    }
    context.globalAlpha = 1;
    if (box.node === look.hovered || box.node === look.selected) {
      context.strokeStyle = palette.css.selection;
      context.lineWidth = box.node === look.selected ? 2 : 1;
      context.strokeRect(x + 0.5, y + 0.5, Math.max(1, widthPx - 1), flameRowPx - 2);
    }
  }
}

/** The slot of a box; for self shares that of all its calls together. */
function slotOf(tree: CallTree, node: number, coloring: Coloring): number {
  const slot = tree.slot[node] ?? 0;
  if (coloring !== "selfShare" || slot === 0) return slot;
  return toSlot(kindOfSlot(slot), shareVariant(tree.selfNs[node] ?? 0, nodeTotal(tree, node)));
}
