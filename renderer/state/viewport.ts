import type { TimeGroup } from "../../electron/contract/engine-contract.ts";
import type { Viewport } from "./trace-tab.ts";

/** Never closer than this: the axis cannot say less than a nanosecond a pixel. */
const minWidthNs = 100;

/** The range with air on both sides, as a part of its length. */
export function viewportAround(startNs: number, endNs: number, air = 0.15): Viewport {
  const lengthNs = Math.max(endNs - startNs, minWidthNs);
  const middleNs = (startNs + endNs) / 2;
  return { startNs: middleNs - lengthNs * (0.5 + air), endNs: middleNs + lengthNs * (0.5 + air) };
}

/** A group of times as it is shown first: whole, with its edges in sight. */
export const viewOfGroup = ({ startNs, endNs }: Pick<TimeGroup, "startNs" | "endNs">): Viewport =>
  viewportAround(startNs, endNs, 0.02);

/**
 * The nearest view in which the range can be seen: the same one when it already shows it, moved when it fits,
 * else zoomed. Going from span to span must not lose the view, so only a span that would be a hair (below 1/5000 of
 * the view) is zoomed to, and then to 1/200 of the view.
 */
export function revealInViewport(viewport: Viewport, startNs: number, endNs: number): Viewport {
  const widthNs = viewport.endNs - viewport.startNs;
  const lengthNs = endNs - startNs;
  if (lengthNs > widthNs) return viewportAround(startNs, endNs);
  if (lengthNs * 5000 < widthNs) return viewportAround(startNs, endNs, 100);
  const visible = startNs >= viewport.startNs && endNs <= viewport.endNs;
  if (visible) return viewport;
  const middleNs = (startNs + endNs) / 2;
  return { startNs: middleNs - widthNs / 2, endNs: middleNs + widthNs / 2 };
}
