import type { Neighbor, SpanBrief } from "../../electron/contract/engine-contract.ts";
import { formatDuration } from "../../traces/model/format-units.ts";
import type { Measure } from "../state/trace-tab.ts";
import { exactTime } from "./axis-ticks.ts";
import type { TimelineController } from "./controller.ts";
import { fitRange, panBy, zoomAt } from "./transform.ts";

/** One wheel notch or key press. */
export const zoomStep = 1.25;
const panFraction = 0.1;

/** Zooms about the pointer, or about the middle of the view when the pointer is elsewhere. */
export function zoomBy(timeline: TimelineController, factor: number): void {
  const { target } = timeline.live;
  const share = timeline.pointer === null ? 0.5 : timeline.pointer.x / timeline.area.sizes.widthPx;
  const atNs = target.startNs + share * (target.endNs - target.startNs);
  timeline.glide(zoomAt(target, atNs, factor, timeline.limits));
}

/** Pans by tenths of the view; negative is towards the start. */
export function panSteps(timeline: TimelineController, steps: number): void {
  const { target } = timeline.live;
  timeline.glide(panBy(target, steps * panFraction * (target.endNs - target.startNs), timeline.limits));
}

export function showWhole(timeline: TimelineController): void {
  timeline.glide(fitRange(0, timeline.summary.durationNs, timeline.limits, 0));
}

/** Shows the selected span, area or range; the whole trace without a selection. */
export function fitSelection(timeline: TimelineController): void {
  const { selection } = timeline.tab;
  if (selection.kind === "none") showWhole(timeline);
  else if (selection.kind === "span") zoomToSpan(timeline, selection.span);
  else if (selection.kind === "instant")
    timeline.glide(fitRange(selection.instant.timeNs, selection.instant.timeNs, timeline.limits));
  else timeline.glide(fitRange(selection.startNs, selection.endNs, timeline.limits));
}

export function zoomToSpan(timeline: TimelineController, span: SpanBrief): void {
  timeline.glide(fitRange(span.startNs, span.startNs + span.durationNs, timeline.limits));
  timeline.area.revealRow(span.track, span.row);
}

/** Selects the parent, first child or neighbor of the selected span; without a selection, the first span of the view. */
export async function selectNeighbor(timeline: TimelineController, neighbor: Neighbor): Promise<void> {
  const { selection } = timeline.tab;
  const from = selection.kind === "span" ? selection.span.span : null;
  await timeline.attempt(async () => {
    const found =
      from === null
        ? await firstInView(timeline)
        : await timeline.engine.call("span.neighbor", { trace: timeline.trace, span: from, neighbor });
    if (found === null) timeline.announce(`No ${neighborWords[neighbor]}`);
    else select(timeline, found);
  });
}

/** The step after or before the selected span, else after or before the middle of the view. */
export async function selectStep(timeline: TimelineController, direction: "next" | "previous"): Promise<void> {
  const { summary, tab, live } = timeline;
  const { selection } = tab;
  await timeline.attempt(async () => {
    if (selection.kind === "span") {
      const found = await timeline.engine.call("span.neighbor", {
        trace: timeline.trace,
        span: selection.span.span,
        neighbor: direction === "next" ? "nextStep" : "previousStep",
      });
      if (found !== null) select(timeline, found);
      else timeline.announce(`No ${direction} step`);
      return;
    }
    const middle = (live.target.startNs + live.target.endNs) / 2;
    const step =
      direction === "next"
        ? summary.steps.find((each) => each.startNs > middle)
        : summary.steps.findLast((each) => each.startNs + each.durationNs < middle);
    if (step === undefined) timeline.announce(`No ${direction} step`);
    else await selectById(timeline, step.span);
  });
}

/** Goes along the first arrow of the selected span: to what it caused, or to what caused it. */
export function followFlow(timeline: TimelineController, direction: "in" | "out"): void {
  const links = timeline.selectedDetails?.links.filter((link) => link.direction === direction) ?? [];
  const first = links[0];
  if (first === undefined)
    timeline.announce(direction === "out" ? "No arrow leaves this span" : "No arrow reaches this span");
  else select(timeline, first.other);
}

export async function selectById(timeline: TimelineController, span: number): Promise<void> {
  await timeline.attempt(async () => {
    const details = await timeline.engine.call("span.details", { trace: timeline.trace, span });
    select(timeline, details.brief);
  });
}

/** Scrolls to the track above or below the middle of the screen. */
export function stepTrack(timeline: TimelineController, direction: -1 | 1): void {
  const layout = timeline.layout.get();
  const topPx = layout.pinnedPx + timeline.area.scrollTopPx;
  const tops = layout.blocks.slice(layout.pinnedCount).map((block) => block.yPx);
  const next = direction > 0 ? tops.find((y) => y > topPx + 1) : tops.findLast((y) => y < topPx - 1);
  if (next !== undefined) timeline.area.scrollTopPx += next - topPx;
}

/** The track that keys act on: that of the selected span, else the one under the pointer. */
export function currentTrack(timeline: TimelineController): number | null {
  const { selection } = timeline.tab;
  if (timeline.pointer !== null) return timeline.area.blockAtY(timeline.pointer.y)?.track.id ?? null;
  if (selection.kind === "span") return selection.span.track;
  return selection.kind === "instant" ? selection.instant.track : null;
}

/**
 * Starts the measuring bar at the pointer (it follows until a click), measures the selection when the pointer is
 * elsewhere, or removes the bar that is there.
 */
export function toggleMeasure(timeline: TimelineController): void {
  const { selection, measure } = timeline.tab;
  if (measure !== null || timeline.draftMeasure !== null) {
    timeline.setDraftMeasure(null);
    timeline.actions.setMeasure(null);
  } else if (timeline.pointer !== null) {
    const { ns } = timeline.snapAt(timeline.pointer);
    timeline.setDraftMeasure({ fromNs: ns, toNs: ns });
  } else if (selection.kind === "span") {
    setMeasure(timeline, {
      fromNs: selection.span.startNs,
      toNs: selection.span.startNs + selection.span.durationNs,
    });
  } else if (selection.kind === "area" || selection.kind === "range") {
    setMeasure(timeline, { fromNs: selection.startNs, toNs: selection.endNs });
  }
}

/** Shows the measuring bar, and says what it measures: the bar itself is only pixels. */
export function setMeasure(timeline: TimelineController, measure: Measure): void {
  timeline.actions.setMeasure(measure);
  timeline.announce(`Measured ${exactTime(Math.abs(measure.toNs - measure.fromNs))}`);
}

/** Takes away what is on top: the bar being drawn, the measuring bar, the selection. */
export function clearTop(timeline: TimelineController): void {
  if (timeline.draftMeasure !== null) timeline.setDraftMeasure(null);
  else if (timeline.tab.measure !== null) timeline.actions.setMeasure(null);
  else timeline.actions.clearSelection();
}

function select(timeline: TimelineController, span: SpanBrief): void {
  timeline.actions.selectSpan(span, true);
  timeline.announce(`${span.name}, ${formatDuration(span.durationNs)}, depth ${span.depth}`);
}

async function firstInView(timeline: TimelineController): Promise<SpanBrief | null> {
  const { view } = timeline.live;
  const rows = timeline.visibleRows();
  const page = await timeline.engine.call("span.list", {
    trace: timeline.trace,
    scope: { startNs: view.startNs, endNs: view.endNs, rows },
    first: 0,
    count: 1,
  });
  return page.spans[0] ?? null;
}

const neighborWords: Readonly<Record<Neighbor, string>> = {
  parent: "parent: this span is outermost",
  firstChild: "child: nothing runs inside this span",
  previous: "span before this one",
  next: "span after this one",
  previousStep: "previous step",
  nextStep: "next step",
};
