import type { Bookmark } from "../../electron/contract/bookmark-contract.ts";
import type { StepSummary } from "../../electron/contract/engine-contract.ts";
import type { Pen } from "../charts/svg-pen.ts";
import type { Viewport } from "../state/trace-tab.ts";
import type { Palette } from "../theme/palette.ts";
import type { AxisTicks } from "./axis-ticks.ts";
import { drawBookmarkFlags } from "./draw-bookmarks.ts";
import type { LabelCache } from "./fit-label.ts";
import { toPx } from "./transform.ts";

export const axisHeightPx = 24;
export const rulerHeightPx = 18;

export interface AxisScene {
  readonly widthPx: number;
  readonly dpr: number;
  readonly view: Viewport;
  readonly palette: Palette;
  readonly ticks: AxisTicks;
  readonly selected: { readonly startNs: number; readonly endNs: number } | null;
  readonly bookmarks: readonly Bookmark[];
  readonly current: Bookmark | null;
}

/** Draws the time axis: ticks with their labels, the base time at the left end, the selected range. */
export function drawAxis(context: Pen, scene: AxisScene): void {
  const { css, font } = scene.palette;
  context.fillStyle = css.surfaceRaised;
  context.fillRect(0, 0, scene.widthPx, axisHeightPx);
  if (scene.selected !== null) {
    const from = toPx(scene.view, scene.widthPx, scene.selected.startNs);
    const to = toPx(scene.view, scene.widthPx, scene.selected.endNs);
    context.globalAlpha = 0.18;
    context.fillStyle = css.selectionFill;
    context.fillRect(from, 0, Math.max(1, to - from), axisHeightPx);
    context.globalAlpha = 1;
  }
  context.font = `11px ${font}`;
  context.textBaseline = "middle";
  context.textAlign = "left";
  const baseWidth = scene.ticks.baseLabel === "" ? 0 : context.measureText(scene.ticks.baseLabel).width + 14;
  for (const tick of scene.ticks.ticks) {
    const x = Math.round(toPx(scene.view, scene.widthPx, tick.ns) * scene.dpr) / scene.dpr;
    context.fillStyle = css.gridStrong;
    context.fillRect(x, axisHeightPx - 7, 1 / scene.dpr, 7);
    if (x + 4 < baseWidth || x < -4) continue;
    // Half a number reads as another number.
    if (x + 4 + context.measureText(tick.label).width > scene.widthPx) continue;
    context.fillStyle = css.textSoft;
    context.fillText(tick.label, x + 4, axisHeightPx / 2);
  }
  if (baseWidth > 0) {
    context.fillStyle = css.text;
    context.fillText(scene.ticks.baseLabel, 6, axisHeightPx / 2);
    context.fillStyle = css.borderStrong;
    context.fillRect(baseWidth - 4, 5, 1, axisHeightPx - 10);
  }
  context.fillStyle = css.border;
  context.fillRect(0, axisHeightPx - 1, scene.widthPx, 1);
  drawBookmarkFlags(context, scene, axisHeightPx);
}

/** Draws the steps over the axis; names where they fit, one solid tone where steps are narrower than a few pixels. */
export function drawStepRuler(
  context: Pen,
  scene: Pick<AxisScene, "widthPx" | "dpr" | "view" | "palette"> & {
    readonly steps: readonly StepSummary[];
    readonly labels: LabelCache;
  },
): void {
  const { css, font } = scene.palette;
  context.fillStyle = css.surfacePanel;
  context.fillRect(0, 0, scene.widthPx, rulerHeightPx);
  context.font = `10.5px ${font}`;
  context.textBaseline = "middle";
  context.textAlign = "left";
  const { steps } = scene;
  const fromOf = (step: StepSummary): number => Math.max(-1, Math.floor(toPx(scene.view, scene.widthPx, step.startNs)));
  steps.forEach((step, index) => {
    const left = toPx(scene.view, scene.widthPx, step.startNs);
    const right = toPx(scene.view, scene.widthPx, step.startNs + step.durationNs);
    if (right < 0 || left > scene.widthPx) return;
    const from = fromOf(step);
    const width = Math.max(1, Math.min(scene.widthPx + 1, Math.ceil(right)) - from);
    const next = steps[index + 1];
    // The next step covers this pixel too.
    if (width === 1 && next !== undefined && fromOf(next) === from) return;
    context.fillStyle = index % 2 === 0 ? css.surfaceHover : css.surfaceRaised;
    context.fillRect(from, 0, width, rulerHeightPx - 1);
    if (width < 4) return;
    context.fillStyle = css.borderStrong;
    if (left >= 0) context.fillRect(from, 0, 1, rulerHeightPx - 1);
    if (right <= scene.widthPx) context.fillRect(from + width - 1, 0, 1, rulerHeightPx - 1);
    const start = Math.max(0, from) + 6;
    const label = scene.labels.label(step.name, Math.min(scene.widthPx, right) - start - 4);
    context.fillStyle = css.text;
    if (label !== "") context.fillText(label, start, rulerHeightPx / 2);
  });
  context.fillStyle = css.border;
  context.fillRect(0, rulerHeightPx - 1, scene.widthPx, 1);
}
