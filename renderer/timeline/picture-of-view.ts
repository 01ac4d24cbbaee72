import type { Palette } from "../theme/palette.ts";
import { drawLegend, legendHeightPx, type LegendSource } from "./picture-legend.ts";
import { shownNames } from "./shown-names.ts";

const labelInsetPx = 2;

/**
 * The timeline as it stands on the screen, track names included and a legend of its colors below, as a PNG in device
 * pixels. `frame` is its root element.
 */
export async function pictureOfView(frame: HTMLElement, legend: LegendSource): Promise<Blob> {
  const { palette } = legend;
  const place = frame.getBoundingClientRect();
  const dpr = devicePixelRatio;
  const picture = new OffscreenCanvas(Math.round(place.width * dpr), Math.round((place.height + legendHeightPx) * dpr));
  const context = picture.getContext("2d");
  if (context === null) throw new Error("no 2D canvas");
  context.fillStyle = palette.css.surfacePanel;
  context.fillRect(0, 0, picture.width, picture.height);
  context.setTransform(dpr, 0, 0, dpr, -place.left * dpr, -place.top * dpr);
  // In document order: the overlay follows the tracks it lies on.
  for (const canvas of frame.querySelectorAll("canvas")) {
    const box = canvas.getBoundingClientRect();
    if (box.width > 0 && box.height > 0) context.drawImage(canvas, box.left, box.top, box.width, box.height);
  }
  drawTrackNames(context, frame, palette);
  context.setTransform(dpr, 0, 0, dpr, 0, place.height * dpr);
  drawLegend(context, legend, place.width);
  return picture.convertToBlob({ type: "image/png" });
}

function drawTrackNames(context: OffscreenCanvasRenderingContext2D, frame: HTMLElement, palette: Palette): void {
  const clipTo = (box: DOMRect): void => {
    context.beginPath();
    context.rect(box.left, box.top, box.width, box.height);
    context.clip();
  };
  context.textBaseline = "middle";
  context.fillStyle = palette.css.text;
  for (const { clip, names } of shownNames(frame)) {
    context.save();
    clipTo(clip);
    for (const { text, box, fontWeight, fontSize } of names) {
      context.save();
      clipTo(box);
      context.font = `${fontWeight} ${fontSize} ${palette.font}`;
      context.fillText(text, box.left, box.top + box.height / 2 + labelInsetPx / 2);
      context.restore();
    }
    context.restore();
  }
}
