import { pictureTransform } from "./draw-texels.ts";
import { boxesOf } from "./picture-raster.ts";
import type { Scene } from "./scene.ts";
import { toNs } from "./transform.ts";

/** Edges of spans catch the measuring bar within this distance. */
export const snapPx = 6;

/** A time on the screen, and the span edge that caught it. The time of a box is only as exact as its pixels: ask the engine for the span. */
export interface SnapPoint {
  readonly ns: number;
  readonly edge: { readonly span: number; readonly side: "start" | "end" } | null;
}

/** The nearest edge of a drawn span within reach, those of the line under the pointer first; else the plain time. */
export function snapTime(scene: SnapScene, xPx: number, yPx: number): SnapPoint {
  let best: Edge | null = null;
  for (const edge of edgesNear(scene, xPx, yPx)) if (best === null || edge.distance < best.distance) best = edge;
  if (best === null) return { ns: Math.round(toNs(scene.view, scene.widthPx, xPx)), edge: null };
  return { ns: Math.round(toNs(scene.view, scene.widthPx, best.x)), edge: { span: best.span, side: best.side } };
}

type SnapScene = Pick<Scene, "raster" | "view" | "widthPx" | "lines">;

interface Edge {
  readonly x: number;
  readonly span: number;
  readonly side: "start" | "end";
  readonly distance: number;
}

/** A line away from the pointer must be this much nearer in time to win, px. */
const otherLinePx = 2;

function* edgesNear({ raster, view, widthPx, lines }: SnapScene, xPx: number, yPx: number): Generator<Edge> {
  if (raster === null) return;
  const { scale, offset } = pictureTransform(raster, { view, widthPx });
  const { table } = raster.boxes;
  for (const placed of [...lines.pinned, ...lines.scrolled]) {
    const strip = raster.cached.stripOf.get(placed.line.key);
    if (strip === undefined) continue;
    const away = yPx >= placed.yPx && yPx < placed.yPx + placed.line.heightPx ? 0 : otherLinePx;
    for (const box of boxesOf(raster.boxes, strip)) {
      for (const side of ["start", "end"] as const) {
        const x = ((side === "start" ? table.leftPx[box] : table.rightPx[box]) ?? 0) * scale + offset;
        if (Math.abs(x - xPx) <= snapPx)
          yield { x, span: table.span[box] ?? 0, side, distance: Math.abs(x - xPx) + away };
      }
    }
  }
}
