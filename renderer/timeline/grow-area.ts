import type { TimelineController } from "./controller.ts";
import { placeLines } from "./scene.ts";
import { type Line, linesBetween, rowsOf } from "./strips.ts";

/** Where an area grows by one key press. */
export type Growth = "earlier" | "later" | "up" | "down";

/** Part of the view by which an area grows in time. */
const growFraction = 0.05;

/** Selects the time of the view, over the rows that are on the screen. */
export function selectVisible(timeline: TimelineController): void {
  const { area, live, summary, actions } = timeline;
  const layout = timeline.layout.get();
  const { heightPx } = area.sizes;
  const lines = [
    ...placeLines(layout, area, heightPx).pinned.map(({ line }) => line),
    ...linesBetween(layout, layout.pinnedPx + area.scrollTopPx, area.scrollTopPx + heightPx),
  ];
  const { startNs, endNs } = live.target;
  actions.selectArea(Math.round(Math.max(0, startNs)), Math.round(Math.min(summary.durationNs, endNs)), rowsOf(lines));
}

/** Makes the selected area larger on one side; a selected span is an area of one row first. */
export function growArea(timeline: TimelineController, growth: Growth): void {
  const area = selectedArea(timeline);
  if (area === null) return timeline.announce("Select a span or an area first");
  const { live, summary, actions } = timeline;
  const stepNs = (live.target.endNs - live.target.startNs) * growFraction;
  const startNs = growth === "earlier" ? Math.max(0, Math.round(area.startNs - stepNs)) : area.startNs;
  const endNs = growth === "later" ? Math.min(summary.durationNs, Math.round(area.endNs + stepNs)) : area.endNs;
  const rows = growth === "up" || growth === "down" ? withNextLine(timeline, area.rows, growth) : area.rows;
  actions.selectArea(startNs, endNs, rows);
}

interface Area {
  readonly startNs: number;
  readonly endNs: number;
  readonly rows: readonly number[];
}

function selectedArea({ tab }: TimelineController): Area | null {
  const { selection } = tab;
  if (selection.kind === "area") return selection;
  if (selection.kind !== "span") return null;
  const { startNs, durationNs, row } = selection.span;
  return { startNs, endNs: startNs + durationNs, rows: [row] };
}

/** The rows with those of the line above the first or below the last of them. */
function withNextLine(timeline: TimelineController, rows: readonly number[], growth: "up" | "down"): readonly number[] {
  const layout = timeline.layout.get();
  const lines = linesBetween(layout, 0, Infinity).filter(({ strip }) => strip.kind === "rows");
  const selected = new Set(rows);
  const isSelected = (line: Line): boolean => rowsOf([line]).some((row) => selected.has(row));
  const next = growth === "up" ? lines[lines.findIndex(isSelected) - 1] : lines[lines.findLastIndex(isSelected) + 1];
  return next === undefined ? rows : [...new Set([...rows, ...rowsOf([next])])];
}
