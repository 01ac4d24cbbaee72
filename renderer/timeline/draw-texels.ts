import type { PictureRaster } from "./picture-raster.ts";
import type { PlacedLine, Scene } from "./scene.ts";

/** Maps x of a picture (its px) to x of the canvas (CSS px): `x · scale + offset`. */
export interface PictureTransform {
  readonly scale: number;
  readonly offset: number;
}

/** Where a picture lies under a view, whichever range it was made for. */
export function pictureTransform(
  raster: Pick<PictureRaster, "picture">,
  scene: Pick<Scene, "view" | "widthPx">,
): PictureTransform {
  const { picture } = raster;
  const cssPerNs = scene.widthPx / (scene.view.endNs - scene.view.startNs);
  return {
    scale: ((picture.endNs - picture.startNs) / picture.widthPx) * cssPerNs,
    offset: (picture.startNs - scene.view.startNs) * cssPerNs,
  };
}

/** Draws the texels of the lines: one stretched image a line, with a gap of one pixel below. */
export function drawTexels(
  context: CanvasRenderingContext2D,
  scene: Scene,
  raster: PictureRaster,
  lines: readonly PlacedLine[],
): void {
  const { scale, offset } = pictureTransform(raster, scene);
  const { picture } = raster;
  // Only the visible part of the source, cut at whole texels: engines resample the whole source otherwise.
  const fromTexel = Math.max(0, Math.floor(-offset / scale));
  const toTexel = Math.min(picture.widthPx, Math.ceil((scene.widthPx - offset) / scale));
  if (toTexel <= fromTexel) return;
  const left = roundTo(fromTexel * scale + offset, scene.dpr);
  const width = roundTo(toTexel * scale + offset, scene.dpr) - left;
  context.imageSmoothingEnabled = false;
  for (const { line, yPx } of lines) {
    const strip = raster.cached.stripOf.get(line.key);
    if (strip === undefined) continue;
    const counter = raster.counters.get(strip);
    if (counter !== undefined) {
      context.drawImage(
        counter,
        fromTexel,
        0,
        toTexel - fromTexel,
        counter.height,
        left,
        yPx + 1,
        width,
        line.heightPx - 2,
      );
    } else if (raster.texels !== null) {
      const inset = line.strip.kind === "instants" ? 3 : 0;
      context.drawImage(
        raster.texels,
        fromTexel,
        strip,
        toTexel - fromTexel,
        1,
        left,
        yPx + inset,
        width,
        line.heightPx - 1 - inset,
      );
    }
  }
}

export const roundTo = (cssPx: number, dpr: number): number => Math.round(cssPx * dpr) / dpr;
