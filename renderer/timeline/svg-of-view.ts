import { SvgPen } from "../charts/svg-pen.ts";
import type { TraceTab } from "../state/trace-tab.ts";
import { type Coloring, paletteOf } from "../theme/coloring.ts";
import type { Palette } from "../theme/palette.ts";
import { fitText } from "../ui/fit-text.ts";
import { drawAxis, drawStepRuler } from "./draw-axis.ts";
import { drawTracks } from "./draw-tracks.ts";
import type { LabelCache } from "./fit-label.ts";
import { drawOverlay, type OverlayScene } from "./overlay.ts";
import { selectedTime } from "./painter.ts";
import { drawLegend, legendHeightPx } from "./picture-legend.ts";
import type { Scene } from "./scene.ts";
import { shownNames } from "./shown-names.ts";
import { texelColorsOf } from "./texel-colors.ts";
import { drawTexelShapes, keepWidest, texelsAtOnceFor } from "./texel-shapes.ts";
import type { TimelineElements } from "./track-area.ts";

/**
 * What a file of a view holds at most: narrower spans than these are drawn as texels, and texels as coarse as it takes.
 * A shape is about 100 bytes, so that a file stays below 5 MB.
 */
const mostBoxes = 10_000;
const mostTexelRuns = 10_000;

export interface SvgSource {
  readonly scene: Scene;
  readonly overlay: OverlayScene;
  readonly tab: Pick<TraceTab, "fileName" | "mutedKinds" | "selection">;
  readonly coloring: Coloring;
  readonly rulerLabels: LabelCache;
  /** Light colors, which papers and pages are printed in. */
  readonly palette: Palette;
}

/** What the timeline shows of the trace as an SVG document: rectangles, texts and paths, with a legend of the colors below. */
export function svgOfView(
  elements: Pick<TimelineElements, "root" | "tracks" | "axis" | "ruler">,
  source: SvgSource,
): string {
  const { palette, coloring, tab } = source;
  const frame = elements.root.getBoundingClientRect();
  const head = [elements.ruler, elements.axis].map((canvas) => canvas.getBoundingClientRect());
  const tracks = elements.tracks.getBoundingClientRect();
  const topPx = Math.min(...head.filter(({ height }) => height > 0).map(({ top }) => top), tracks.top);
  const widthPx = tracks.right - frame.left;
  const heightPx = tracks.bottom - topPx;
  const pen = new SvgPen(widthPx, heightPx + legendHeightPx);
  setAttributes(pen.svg, {
    width: widthPx,
    height: heightPx + legendHeightPx,
    "font-family": palette.font,
    // Neighbors touch: blended edges would leave seams between them.
    "shape-rendering": "crispEdges",
  });
  const at = ({ left, top }: Pick<DOMRect, "left" | "top">, draw: () => void): void => {
    pen.save();
    pen.translate(left - frame.left, top - topPx);
    draw();
    pen.restore();
  };
  const clipped = (box: DOMRect, draw: () => void): void =>
    at(box, () => {
      pen.beginPath();
      pen.rect(0, 0, box.width, box.height);
      pen.clip();
      draw();
    });
  pen.fillStyle = palette.css.surfacePanel;
  pen.fillRect(0, 0, widthPx, heightPx);
  const scene = toShapes(source);
  const { raster, summary, bookmarks, currentBookmark: current } = scene;
  const colors = texelColorsOf(scene.raster?.palette ?? palette, tab.mutedKinds);
  const lines = [...scene.lines.pinned, ...scene.lines.scrolled];
  const texelsAtOnce = raster === null ? 1 : texelsAtOnceFor(raster, lines, colors, mostTexelRuns);
  clipped(tracks, () => {
    drawTracks(pen, scene, (_pen, _scene, picture, some) =>
      drawTexelShapes(pen, scene, picture, some, { colors, texelsAtOnce }),
    );
    const nothingPointedAt = { hovered: null, hoveredName: null, pointerX: null, drag: null };
    drawOverlay(pen, { ...source.overlay, ...scene, ...nothingPointedAt });
  });
  const [rulerBox, axisBox] = head;
  if (rulerBox !== undefined && rulerBox.height > 0)
    clipped(rulerBox, () => drawStepRuler(pen, { ...scene, steps: summary.steps, labels: source.rulerLabels }));
  if (axisBox !== undefined)
    clipped(axisBox, () => drawAxis(pen, { ...scene, selected: selectedTime(tab), bookmarks, current }));
  writeNames(pen, elements.root, { palette, left: frame.left, top: topPx });
  if (tracks.left > frame.left) {
    pen.font = `600 12px ${palette.font}`;
    pen.textBaseline = "middle";
    pen.fillStyle = palette.css.text;
    pen.fillText(fitText(pen, tab.fileName, tracks.left - frame.left - 16), 8, (tracks.top - topPx) / 2);
  }
  at({ left: frame.left, top: tracks.bottom }, () =>
    drawLegend(pen, { coloring, palette, summary, raster, nameOf: scene.nameOf }, widthPx),
  );
  return new XMLSerializer().serializeToString(pen.svg);
}

/** The scene in the colors of the file, with no more boxes than it takes. */
function toShapes({ scene, palette, coloring }: SvgSource): Scene {
  const { raster } = scene;
  if (raster === null) return { ...scene, palette };
  const meaning = raster.picture.slots === "selfShare" ? "selfShare" : coloring === "selfShare" ? "kind" : coloring;
  return {
    ...scene,
    palette,
    raster: { ...raster, palette: paletteOf(palette, meaning), boxes: keepWidest(raster.boxes, mostBoxes) },
  };
}

function writeNames(
  pen: SvgPen,
  frame: HTMLElement,
  { palette, left, top }: { readonly palette: Palette; readonly left: number; readonly top: number },
): void {
  pen.textBaseline = "middle";
  pen.fillStyle = palette.css.text;
  for (const { clip, names } of shownNames(frame)) {
    pen.save();
    pen.beginPath();
    pen.rect(clip.left - left, clip.top - top, clip.width, clip.height);
    pen.clip();
    for (const { text, box, fontWeight, fontSize } of names) {
      pen.font = `${fontWeight} ${fontSize} ${palette.font}`;
      pen.fillText(fitText(pen, text, box.width + 1), box.left - left, box.top - top + box.height / 2);
    }
    pen.restore();
  }
}

function setAttributes(element: SVGElement, attributes: Readonly<Record<string, string | number>>): void {
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, String(value));
}
