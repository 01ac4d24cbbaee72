import type { SpanBrief, SpanLink } from "../../electron/contract/engine-contract.ts";
import type { Pen } from "../charts/svg-pen.ts";

/** An arrow between two points, both in ns × content px. */
export interface FlowArrow {
  readonly fromNs: number;
  readonly toNs: number;
  readonly from: SpanBrief;
  readonly to: SpanBrief;
  readonly name: string;
}

/** Arrows beyond this are counted, not drawn. */
export const maxArrows = 2000;
const headPx = 6;

/** Arrows of a span: from the cause, while it runs, to the start of the effect. */
export function arrowsOf(span: SpanBrief, links: readonly SpanLink[]): readonly FlowArrow[] {
  return links.slice(0, maxArrows).map((link) => {
    const [from, to] = link.direction === "in" ? [link.other, span] : [span, link.other];
    const fromEnd = from.startNs + from.durationNs;
    return {
      fromNs: Math.max(from.startNs, Math.min(fromEnd, to.startNs)),
      toNs: to.startNs,
      from,
      to,
      name: link.name,
    };
  });
}

export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface Bounds {
  readonly widthPx: number;
  readonly topPx: number;
  readonly bottomPx: number;
}

/**
 * Strokes one arrow as a curve that leaves and arrives along the time axis. An end outside of the bounds is drawn at
 * the edge, with a marker instead of a head, so that it is clear that the arrow goes on.
 */
export function drawArrow(context: Pen, from: Point, to: Point, bounds: Bounds): void {
  const start = clampPoint(from, bounds);
  const end = clampPoint(to, bounds);
  if (start.outside !== null && start.outside === end.outside) return;
  const reach = Math.min(120, Math.max(24, Math.abs(end.x - start.x) / 2, Math.abs(end.y - start.y) / 3));
  context.beginPath();
  context.moveTo(start.x, start.y);
  context.bezierCurveTo(start.x + reach, start.y, end.x - reach, end.y, end.x, end.y);
  context.stroke();
  context.beginPath();
  if (end.outside === null) {
    context.moveTo(end.x, end.y);
    context.lineTo(end.x - headPx, end.y - headPx * 0.6);
    context.lineTo(end.x - headPx, end.y + headPx * 0.6);
    context.closePath();
  } else {
    edgeMarker(context, end, end.outside);
  }
  if (start.outside === null) {
    context.moveTo(start.x + 2.5, start.y);
    context.arc(start.x, start.y, 2.5, 0, Math.PI * 2);
  } else {
    edgeMarker(context, start, start.outside);
  }
  context.fill();
}

type Side = "left" | "right" | "top" | "bottom";

function clampPoint(point: Point, bounds: Bounds): Point & { readonly outside: Side | null } {
  const inset = 7;
  const x = Math.min(bounds.widthPx - inset, Math.max(inset, point.x));
  const y = Math.min(bounds.bottomPx - inset, Math.max(bounds.topPx + inset, point.y));
  const outside =
    point.x < 0
      ? "left"
      : point.x > bounds.widthPx
        ? "right"
        : point.y < bounds.topPx
          ? "top"
          : point.y > bounds.bottomPx
            ? "bottom"
            : null;
  return outside === null ? { ...point, outside } : { x, y, outside };
}

/** A triangle that points to where the arrow goes on. */
function edgeMarker(context: Pen, { x, y }: Point, side: Side): void {
  const turn = { right: 0, bottom: Math.PI / 2, left: Math.PI, top: -Math.PI / 2 }[side];
  const corner = (angle: number): [number, number] => [
    x + Math.cos(turn + angle) * headPx,
    y + Math.sin(turn + angle) * headPx,
  ];
  context.moveTo(...corner(0));
  context.lineTo(...corner(2.4));
  context.lineTo(...corner(-2.4));
  context.closePath();
}
