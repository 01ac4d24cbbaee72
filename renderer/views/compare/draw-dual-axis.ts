import type { Pen } from "../../charts/svg-pen.ts";
import { placeAxis } from "../../charts/axis.ts";
import type { Palette } from "../../theme/palette.ts";
import { gutterPx } from "./draw-dual.ts";
import { dualHeadPx } from "./dual-layout.ts";
import type { Sight } from "./sight.ts";
import { unitFor } from "./words.ts";

export interface DualAxis {
  readonly sight: Sight;
  readonly isStretched: boolean;
  readonly longerNs: number;
}

/** Time since the start of the step, or parts of it. */
export function drawDualAxis(
  context: Pen,
  { sight, isStretched, longerNs }: DualAxis,
  { palette, widthPx, heightPx }: { readonly palette: Palette; readonly widthPx: number; readonly heightPx: number },
): void {
  const unit = isStretched
    ? { symbol: "% of each step", size: 0.01 }
    : unitFor([longerNs * (sight.to - sight.from)], "ns");
  const size = isStretched ? 1 : longerNs;
  const values = [sight.from * size, sight.to * size];
  const axis = placeAxis(
    { title: "", unit, scale: "linear" },
    values,
    { fromPx: 0, toPx: 1, tickPx: 1 / Math.max(2, Math.floor((widthPx - gutterPx) / 110)) },
    { fromZero: false },
  );
  context.font = `11px ${palette.font}`;
  context.textBaseline = "middle";
  for (const tick of axis.ticks) {
    const part = axis.toValue(tick.px) / size;
    const x = gutterPx + ((part - sight.from) / (sight.to - sight.from)) * (widthPx - gutterPx);
    if (x < gutterPx - 0.5 || x > widthPx) continue;
    context.fillStyle = palette.css.grid;
    context.fillRect(Math.round(x), dualHeadPx - 4, 1, heightPx);
    context.fillStyle = palette.css.textSoft;
    context.fillText(tick.text, x + 3, dualHeadPx / 2);
  }
  context.fillStyle = palette.css.textSoft;
  context.fillText(unit.symbol, 0, dualHeadPx / 2);
}
