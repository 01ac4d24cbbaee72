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
export function snapTime(scene: Pick<Scene, "raster" | "view" | "widthPx" | "lines">, xPx: number, yPx: number): SnapPoint {
  const plain = { ns: Math.round(toNs(scene.view, scene.widthPx, xPx)), edge: null };
  const { raster } = scene;
  if (raster === null) return plain;
  const { scale, offset } = pictureTransform(raster, scene);
  const { table } = raster.boxes;
  let best: { distance: number; x: number; span: number; side: "start" | "end" } | null = null;
  for (const placed of [...scene.lines.pinned, ...scene.lines.scrolled]) {
    const strip = raster.cached.stripOf.get(placed.line.key);
    if (strip === undefined) continue;
    // A line away from the pointer must be clearly nearer in time to win.
    const away = yPx >= placed.yPx && yPx < placed.yPx + placed.line.heightPx ? 0 : 2;
    for (const box of boxesOf(raster.boxes, strip)) {
      for (const side of ["start", "end"] as const) {
        const x = ((side === "start" ? table.leftPx[box] : table.rightPx[box]) ?? 0) * scale + offset;
        const distance = Math.abs(x - xPx);
        if (distance > snapPx || distance + away >= (best?.distance ?? Number.POSITIVE_INFINITY)) continue;
        best = { distance: distance + away, x, span: table.span[box] ?? 0, side };
      }
    }
  }
  if (best === null) return plain;
  return { ns: Math.round(toNs(scene.view, scene.widthPx, best.x)), edge: { span: best.span, side: best.side } };
}
