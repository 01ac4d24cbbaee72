import type { Palette } from "../theme/palette.ts";
import { labelFont } from "./draw-boxes.ts";
import { rowHeightsPx } from "./strips.ts";
import { texelColorsOf } from "./texel-colors.ts";

/**
 * Does what the first frame of a timeline would otherwise do at once: finding fonts and mixing colors takes tens of
 * milliseconds the first time. For a moment in which the window has nothing to do.
 */
export function warmUpTimeline(palette: Palette): void {
  texelColorsOf(palette, []);
  const context = new OffscreenCanvas(64, 32).getContext("2d");
  if (context === null) return;
  // Boxes, ticks of the axis, steps, values of counters.
  for (const font of [
    labelFont(palette, rowHeightsPx.normal),
    ...["11px", "10.5px", "10px"].map((size) => `${size} ${palette.font}`),
  ]) {
    context.font = font;
    context.measureText("0123456789 ms");
    context.fillText("0123456789 µs … aten::mm", 0, 16);
    // As behind the values of counters.
    context.lineJoin = "round";
    context.lineWidth = 3;
    context.strokeText("0123456789.\u202fkMGT", 0, 16);
  }
}
