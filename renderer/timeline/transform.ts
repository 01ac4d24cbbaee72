import type { Viewport } from "../state/trace-tab.ts";

/** How narrow and how wide a viewport may get. */
export interface ZoomLimits {
  readonly durationNs: number;
  readonly minSpanNs: number;
  readonly maxSpanNs: number;
}

/** Part of a viewport that may lie outside the trace, on each side. */
const overscrollFraction = 0.05;
const widestFraction = 1 + 2 * overscrollFraction;
/** A trace of one instant still needs an axis. */
const smallestTraceNs = 100;

/** One nanosecond a pixel is the closest, 1.1 times the trace the widest. */
export function zoomLimits(durationNs: number, widthPx: number): ZoomLimits {
  const maxSpanNs = Math.max(durationNs, smallestTraceNs) * widestFraction;
  return { durationNs, minSpanNs: Math.min(Math.max(1, widthPx), maxSpanNs), maxSpanNs };
}

/** Makes a viewport legal: neither too narrow nor too wide, and over the trace. */
export function clampViewport(view: Viewport, limits: ZoomLimits): Viewport {
  const span = Math.min(limits.maxSpanNs, Math.max(limits.minSpanNs, view.endNs - view.startNs));
  const middle = (view.startNs + view.endNs) / 2;
  const wanted = span === view.endNs - view.startNs ? view.startNs : middle - span / 2;
  return place(wanted, span, limits);
}

/**
 * Zooms by `factor` (above 1 = closer) with the time `atNs` fixed on the screen.
 * Exact while zooming in on a point of the trace; zooming out stops at the ends of the trace.
 */
export function zoomAt(view: Viewport, atNs: number, factor: number, limits: ZoomLimits): Viewport {
  const before = view.endNs - view.startNs;
  const span = Math.min(limits.maxSpanNs, Math.max(limits.minSpanNs, before / factor));
  return place(atNs - (atNs - view.startNs) * (span / before), span, limits);
}

export function panBy(view: Viewport, deltaNs: number, limits: ZoomLimits): Viewport {
  return place(view.startNs + deltaNs, view.endNs - view.startNs, limits);
}

/** A viewport that shows [startNs, endNs) with a margin, as close as the limits allow. */
export function fitRange(startNs: number, endNs: number, limits: ZoomLimits, marginFraction = 0.08): Viewport {
  const margin = (endNs - startNs) * marginFraction;
  return clampViewport({ startNs: startNs - margin, endNs: endNs + margin }, limits);
}

export function toPx(view: Viewport, widthPx: number, ns: number): number {
  return ((ns - view.startNs) / (view.endNs - view.startNs)) * widthPx;
}

export function toNs(view: Viewport, widthPx: number, px: number): number {
  return view.startNs + (px / widthPx) * (view.endNs - view.startNs);
}

/** Between two viewports; `t` 0–1. The span moves geometrically, so that zooming looks steady. */
export function mixViewports(from: Viewport, to: Viewport, t: number): Viewport {
  if (t >= 1) return to;
  const spanFrom = from.endNs - from.startNs;
  const spanTo = to.endNs - to.startNs;
  const span = spanFrom * (spanTo / spanFrom) ** t;
  // With a zoom about a fixed point the middle moves with the span, not with time.
  const part = Math.abs(spanTo - spanFrom) < spanFrom * 1e-9 ? t : (span - spanFrom) / (spanTo - spanFrom);
  const startNs = from.startNs + (to.startNs - from.startNs) * part;
  return { startNs, endNs: startNs + span };
}

export const sameViewport = (a: Viewport, b: Viewport): boolean => a.startNs === b.startNs && a.endNs === b.endNs;

function place(startNs: number, span: number, limits: ZoomLimits): Viewport {
  const room = span * overscrollFraction;
  const last = limits.durationNs + room - span;
  const first = -room;
  const start = last < first ? (first + last) / 2 : Math.min(last, Math.max(first, startNs));
  return { startNs: start, endNs: start + span };
}
