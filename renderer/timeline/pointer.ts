import type { TimelineController } from "./controller.ts";
import type { Pointer } from "./scene-of.ts";
import { pickAt } from "./hover.ts";
import { setMeasure, zoomStep, zoomToSpan } from "./navigation.ts";
import { linesBetween, rowsOf } from "./strips.ts";
import { panBy, zoomAt } from "./transform.ts";
import { readWheel } from "./wheel.ts";

/** A press that moves less than this is a click, px. */
const clickSlackPx = 3;

/** One press of the pointer on the tracks, from down to up. */
interface Press {
  move(at: Pointer, event: PointerEvent): void;
  end(at: Pointer): void;
  cancel(): void;
}

/**
 * Pointer on the tracks: drag pans both ways, Shift + drag selects an area, Alt + drag measures, click selects,
 * double click zooms to a span. Wheel scrolls, Ctrl or Command + wheel zooms at the pointer, Shift + wheel pans.
 * Returns its own undo.
 */
export function attachTrackPointer(timeline: TimelineController, area: HTMLElement): () => void {
  let press: { readonly id: number; readonly handler: Press; readonly from: Pointer; moved: boolean } | null = null;
  const at = (event: MouseEvent): Pointer => {
    const box = area.getBoundingClientRect();
    return { x: event.clientX - box.left, y: event.clientY - box.top };
  };
  const onDown = (event: PointerEvent): void => {
    if (press !== null || (event.button !== 0 && event.button !== 1)) return;
    // Whoever captures the pointer gets the click too: that of a notice over the tracks is its button's.
    if (event.target instanceof Element && event.target.closest("button") !== null) return;
    if (event.button === 1) event.preventDefault();
    const from = at(event);
    if (timeline.draftMeasure !== null) {
      void finishMeasure(timeline, from);
      return;
    }
    area.setPointerCapture(event.pointerId);
    press = { id: event.pointerId, handler: startPress(timeline, event, from), from, moved: false };
  };
  const onMove = (event: PointerEvent): void => {
    const here = at(event);
    if (press !== null && event.pointerId === press.id) {
      press.moved ||= Math.hypot(here.x - press.from.x, here.y - press.from.y) > clickSlackPx;
      if (press.moved) press.handler.move(here, event);
    } else if (timeline.draftMeasure !== null) {
      timeline.setDraftMeasure({ fromNs: timeline.draftMeasure.fromNs, toNs: timeline.snapAt(here).ns });
    }
    timeline.movePointer(here);
  };
  const onUp = (event: PointerEvent): void => {
    if (press === null || event.pointerId !== press.id) return;
    const { handler, moved } = press;
    press = null;
    if (moved) handler.end(at(event));
    else {
      handler.cancel();
      if (event.button === 0) void selectAt(timeline, at(event));
    }
    timeline.movePointer(at(event));
  };
  const onCancel = (): void => {
    press?.handler.cancel();
    press = null;
  };
  const onLeave = (): void => {
    if (press === null) timeline.movePointer(null);
  };
  const onDoubleClick = (event: MouseEvent): void => void zoomAtPoint(timeline, at(event));
  const onWheel = (event: WheelEvent): void => {
    event.preventDefault();
    // Something else lies under the pointer now, though it rests.
    timeline.lastPin = null;
    wheel(timeline, event, at(event));
    timeline.movePointer(at(event));
  };

  area.addEventListener("pointerdown", onDown);
  area.addEventListener("pointermove", onMove);
  area.addEventListener("pointerup", onUp);
  area.addEventListener("pointercancel", onCancel);
  area.addEventListener("pointerleave", onLeave);
  area.addEventListener("dblclick", onDoubleClick);
  area.addEventListener("wheel", onWheel, { passive: false });
  return () => {
    area.removeEventListener("pointerdown", onDown);
    area.removeEventListener("pointermove", onMove);
    area.removeEventListener("pointerup", onUp);
    area.removeEventListener("pointercancel", onCancel);
    area.removeEventListener("pointerleave", onLeave);
    area.removeEventListener("dblclick", onDoubleClick);
    area.removeEventListener("wheel", onWheel);
  };
}

/** Zooms or moves the view, or scrolls, as a wheel event at a place of the canvas says. */
export function wheel(timeline: TimelineController, event: WheelEvent, { x, y }: Pointer): void {
  const meaning = readWheel(event, zoomStep);
  const { live, limits } = timeline;
  const { widthPx } = timeline.area.sizes;
  if (meaning.kind === "pan") {
    if (meaning.deltaYPx !== 0) timeline.area.scrollAt(y, meaning.deltaYPx);
    if (meaning.deltaXPx !== 0) timeline.jump(panBy(live.view, meaning.deltaXPx * timeline.timeAt(0).nsPerPx, limits));
    return;
  }
  const from = meaning.smooth ? live.target : live.view;
  const atNs = from.startNs + (x / widthPx) * (from.endNs - from.startNs);
  const to = zoomAt(from, atNs, meaning.factor, limits);
  if (meaning.smooth) timeline.glide(to);
  else timeline.jump(to);
}

function startPress(timeline: TimelineController, event: PointerEvent, from: Pointer): Press {
  if (event.button === 0 && event.shiftKey) return areaPress(timeline, from);
  if (event.button === 0 && event.altKey) return measurePress(timeline, from);
  return panPress(timeline, from);
}

function panPress(timeline: TimelineController, from: Pointer): Press {
  const view = timeline.live.view;
  const { nsPerPx } = timeline.timeAt(0);
  const scroll = timeline.area.scrollOf(from.y);
  return {
    move(at) {
      timeline.hold(true);
      timeline.elements.root.dataset["dragging"] = "pan";
      timeline.jump(panBy(view, (from.x - at.x) * nsPerPx, timeline.limits));
      scroll.to(scroll.fromPx + from.y - at.y);
    },
    end: () => endHold(timeline),
    cancel: () => endHold(timeline),
  };
}

function endHold(timeline: TimelineController): void {
  delete timeline.elements.root.dataset["dragging"];
  timeline.hold(false);
}

function areaPress(timeline: TimelineController, from: Pointer): Press {
  // What lies outside of the trace is no time that anything could have used.
  const timeAt = (at: Pointer): number =>
    Math.min(timeline.summary.durationNs, Math.max(0, timeline.timeAt(at.x).atNs));
  const startNs = timeAt(from);
  const fromContentY = timeline.area.contentY(from.y);
  const area = (at: Pointer): { startNs: number; endNs: number; topPx: number; bottomPx: number } => {
    const endNs = timeAt(at);
    return {
      startNs: Math.min(startNs, endNs),
      endNs: Math.max(startNs, endNs),
      topPx: Math.min(from.y, at.y),
      bottomPx: Math.max(from.y, at.y),
    };
  };
  return {
    move: (at) => timeline.setDrag(area(at)),
    end(at) {
      const drawn = area(at);
      const toContentY = timeline.area.contentY(at.y);
      timeline.setDrag(null);
      const lines = linesBetween(
        timeline.layout.get(),
        Math.min(fromContentY, toContentY),
        Math.max(fromContentY, toContentY) + 1e-6,
      );
      timeline.actions.selectArea(Math.round(drawn.startNs), Math.round(drawn.endNs), rowsOf(lines));
    },
    cancel: () => timeline.setDrag(null),
  };
}

function measurePress(timeline: TimelineController, from: Pointer): Press {
  const fromNs = timeline.snapAt(from).ns;
  return {
    move: (at) => timeline.setDraftMeasure({ fromNs, toNs: timeline.snapAt(at).ns }),
    end: (at) => void finishMeasure(timeline, at, from),
    cancel: () => timeline.setDraftMeasure(null),
  };
}

/** Fixes the measuring bar. Ends on span edges get the exact times of their spans from the engine. */
async function finishMeasure(timeline: TimelineController, at: Pointer, from?: Pointer): Promise<void> {
  const draft = timeline.draftMeasure;
  if (draft === null) return;
  const exact = async (pointer: Pointer): Promise<number> => {
    const { ns, edge } = timeline.snapAt(pointer);
    if (edge === null) return ns;
    const { brief } = await timeline.engine.call("span.details", { trace: timeline.trace, span: edge.span });
    return edge.side === "start" ? brief.startNs : brief.startNs + brief.durationNs;
  };
  await timeline.attempt(async () => {
    const toNs = await exact(at);
    const fromNs = from === undefined ? draft.fromNs : await exact(from);
    timeline.setDraftMeasure(null);
    setMeasure(timeline, { fromNs, toNs });
  });
}

async function selectAt(timeline: TimelineController, at: Pointer): Promise<void> {
  await timeline.attempt(async () => {
    const hit = await hitAt(timeline, at);
    if (hit === null || hit.pick.kind === "sample") timeline.actions.clearSelection();
    else if (hit.pick.kind === "span") timeline.actions.selectSpan(hit.pick.span, false);
    else
      timeline.actions.selectInstant(
        await timeline.engine.call("instant.details", { trace: timeline.trace, instant: hit.pick.instant }),
      );
  });
}

async function zoomAtPoint(timeline: TimelineController, at: Pointer): Promise<void> {
  await timeline.attempt(async () => {
    const hit = await hitAt(timeline, at);
    if (hit?.pick.kind === "span") zoomToSpan(timeline, hit.pick.span);
  });
}

async function hitAt(timeline: TimelineController, at: Pointer): ReturnType<typeof pickAt> {
  const line = timeline.area.lineAtY(at.y);
  if (line === null) return null;
  return pickAt((request) => timeline.engine.call("timeline.pick", { ...request, trace: timeline.trace }), {
    line,
    ...timeline.timeAt(at.x),
  });
}
