import type { Bookmark } from "../../electron/contract/bookmark-contract.ts";
import { bookmarkTime } from "./bookmark-here.ts";
import type { TimelineController } from "./controller.ts";
import { bookmarkAt } from "./draw-bookmarks.ts";
import { selectById } from "./navigation.ts";
import { wheel } from "./pointer.ts";
import { handlePx, windowEdges } from "./minimap.ts";
import { clampViewport } from "./transform.ts";
import type { Viewport } from "../state/trace-tab.ts";

const clickSlackPx = 3;
/** Two clicks within this may be a double click. */
const doubleClickMs = 500;

/** Pointer on axis and step ruler: drag selects a time range, click selects the step under it or clears, a double click sets a bookmark. Returns its own undo. */
export function attachRulerPointer(timeline: TimelineController, ruler: HTMLElement): () => void {
  let fromX: number | null = null;
  let moved = false;
  // Where the first of two clicks went: it may select a step, and that may move the view and comes with the engine's answer.
  let downNs = 0;
  let downMs = Number.NEGATIVE_INFINITY;
  let isSecond = false;
  let selecting = Promise.resolve();
  const xOf = (event: MouseEvent): number => event.clientX - ruler.getBoundingClientRect().left;
  const range = (x: number): { startNs: number; endNs: number } => {
    const a = timeline.snapAt({ x: fromX ?? x, y: -1 }).ns;
    const b = timeline.snapAt({ x, y: -1 }).ns;
    return { startNs: Math.min(a, b), endNs: Math.max(a, b) };
  };
  const onDown = (event: PointerEvent): void => {
    if (event.button !== 0) return;
    fromX = xOf(event);
    moved = false;
    isSecond = event.timeStamp - downMs <= doubleClickMs;
    if (!isSecond) downNs = timeline.snapAt({ x: fromX, y: -1 }).ns;
    downMs = event.timeStamp;
    ruler.setPointerCapture(event.pointerId);
  };
  const onMove = (event: PointerEvent): void => {
    const x = xOf(event);
    timeline.movePointer({ x, y: -1 });
    const flag = flagAt(timeline, x);
    ruler.title = flag?.label ?? "";
    ruler.style.cursor = flag === null ? "" : "pointer";
    if (fromX === null) return;
    moved ||= Math.abs(x - fromX) > clickSlackPx;
    if (moved) timeline.setDrag({ ...range(x), topPx: 0, bottomPx: timeline.area.sizes.heightPx });
  };
  const onUp = (event: PointerEvent): void => {
    if (fromX === null) return;
    const x = xOf(event);
    if (moved) {
      const { startNs, endNs } = range(x);
      timeline.actions.selectRange(startNs, endNs);
    } else {
      const bookmark = flagAt(timeline, x);
      if (bookmark !== null) timeline.actions.showBookmark(bookmark);
      else if (!isSecond) selecting = selectStepAt(timeline, x);
    }
    fromX = null;
    timeline.setDrag(null);
  };
  const onCancel = (): void => {
    fromX = null;
    timeline.setDrag(null);
  };
  const onLeave = (): void => {
    if (fromX === null) timeline.movePointer(null);
  };
  const onWheel = (event: WheelEvent): void => {
    event.preventDefault();
    wheel(timeline, event, { x: xOf(event), y: Infinity });
  };
  const onDoubleClick = (event: MouseEvent): void => {
    if (flagAt(timeline, xOf(event)) === null) void selecting.then(() => bookmarkTime(timeline, downNs));
  };
  ruler.addEventListener("dblclick", onDoubleClick);
  ruler.addEventListener("pointerdown", onDown);
  ruler.addEventListener("pointermove", onMove);
  ruler.addEventListener("pointerup", onUp);
  ruler.addEventListener("pointercancel", onCancel);
  ruler.addEventListener("pointerleave", onLeave);
  ruler.addEventListener("wheel", onWheel, { passive: false });
  return () => {
    ruler.removeEventListener("dblclick", onDoubleClick);
    ruler.removeEventListener("pointerdown", onDown);
    ruler.removeEventListener("pointermove", onMove);
    ruler.removeEventListener("pointerup", onUp);
    ruler.removeEventListener("pointercancel", onCancel);
    ruler.removeEventListener("pointerleave", onLeave);
    ruler.removeEventListener("wheel", onWheel);
  };
}

/** Pointer on the minimap: drag the window or its edges, press elsewhere to bring the view there. Returns its own undo. */
export function attachMinimapPointer(timeline: TimelineController, minimap: HTMLElement): () => void {
  let drag: MinimapDrag | null = null;
  const xOf = (event: MouseEvent): number => event.clientX - minimap.getBoundingClientRect().left;
  const nsAt = (x: number): number => (x / Math.max(1, minimap.clientWidth)) * timeline.summary.durationNs;
  const partAt = (x: number): "window" | "left" | "right" | "outside" => {
    const [left, right] = windowEdges(timeline.live.view, timeline.summary.durationNs, minimap.clientWidth);
    if (right - left > 4 * handlePx) {
      if (Math.abs(x - left) <= handlePx) return "left";
      if (Math.abs(x - right) <= handlePx) return "right";
    }
    return x >= left && x <= right ? "window" : "outside";
  };
  const onDown = (event: PointerEvent): void => {
    if (event.button !== 0) return;
    const x = xOf(event);
    const part = partAt(x);
    const { view, target } = timeline.live;
    if (part === "outside") {
      const half = (target.endNs - target.startNs) / 2;
      timeline.glide(clampViewport({ startNs: nsAt(x) - half, endNs: nsAt(x) + half }, timeline.limits));
      drag = { kind: "window", grabNs: half };
    } else {
      drag = { kind: part, grabNs: nsAt(x) - view.startNs };
    }
    minimap.setPointerCapture(event.pointerId);
    timeline.hold(true);
  };
  const onMove = (event: PointerEvent): void => {
    const x = xOf(event);
    const cursors: Readonly<Record<string, string>> = {
      left: "ew-resize",
      right: "ew-resize",
      window: "grab",
      outside: "pointer",
    };
    if (drag === null) {
      minimap.style.cursor = cursors[partAt(x)] ?? "";
      return;
    }
    timeline.jump(clampViewport(draggedView(timeline, drag, nsAt(x)), timeline.limits));
  };
  const onUp = (): void => {
    drag = null;
    timeline.hold(false);
  };
  const onWheel = (event: WheelEvent): void => {
    event.preventDefault();
    const { view } = timeline.live;
    const xPx = ((nsAt(xOf(event)) - view.startNs) / (view.endNs - view.startNs)) * timeline.area.sizes.widthPx;
    wheel(timeline, event, { x: Math.min(timeline.area.sizes.widthPx, Math.max(0, xPx)), y: Infinity });
  };
  minimap.addEventListener("pointerdown", onDown);
  minimap.addEventListener("pointermove", onMove);
  minimap.addEventListener("pointerup", onUp);
  minimap.addEventListener("pointercancel", onUp);
  minimap.addEventListener("wheel", onWheel, { passive: false });
  return () => {
    minimap.removeEventListener("pointerdown", onDown);
    minimap.removeEventListener("pointermove", onMove);
    minimap.removeEventListener("pointerup", onUp);
    minimap.removeEventListener("pointercancel", onUp);
    minimap.removeEventListener("wheel", onWheel);
  };
}

interface MinimapDrag {
  readonly kind: "window" | "left" | "right";
  readonly grabNs: number;
}

/** The view when what was grabbed has come to `ns`. */
function draggedView({ live: { view }, limits }: TimelineController, drag: MinimapDrag, ns: number): Viewport {
  switch (drag.kind) {
    case "left":
      return { startNs: Math.min(ns, view.endNs - limits.minSpanNs), endNs: view.endNs };
    case "right":
      return { startNs: view.startNs, endNs: Math.max(ns, view.startNs + limits.minSpanNs) };
    case "window":
      return { startNs: ns - drag.grabNs, endNs: ns - drag.grabNs + view.endNs - view.startNs };
  }
}

function flagAt(timeline: TimelineController, xPx: number): Bookmark | null {
  const { live, area, tab } = timeline;
  return bookmarkAt({ view: live.view, widthPx: area.sizes.widthPx, bookmarks: tab.bookmarks }, xPx);
}

async function selectStepAt(timeline: TimelineController, xPx: number): Promise<void> {
  const ns = timeline.timeAt(xPx).atNs;
  const step = timeline.summary.steps.find((each) => ns >= each.startNs && ns < each.startNs + each.durationNs);
  if (step === undefined) timeline.actions.clearSelection();
  else await selectById(timeline, step.span);
}
