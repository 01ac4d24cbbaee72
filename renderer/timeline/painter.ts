import type { Palette } from "../theme/palette.ts";
import { axisHeightPx, drawAxis, drawStepRuler, rulerHeightPx } from "./draw-axis.ts";
import { labelFont } from "./draw-boxes.ts";
import { drawTracks } from "./draw-tracks.ts";
import { LabelCache } from "./fit-label.ts";
import { drawMinimap } from "./minimap.ts";
import { drawOverlay, isOverlayEmpty, type OverlayScene } from "./overlay.ts";
import type { MinimapRaster } from "./picture-source.ts";
import type { Scene } from "./scene.ts";

/** The canvases of a timeline. */
export interface TimelineCanvases {
  readonly tracks: HTMLCanvasElement;
  readonly overlay: HTMLCanvasElement;
  readonly axis: HTMLCanvasElement;
  readonly ruler: HTMLCanvasElement;
  readonly minimap: HTMLCanvasElement;
}

export interface PaintSizes {
  readonly widthPx: number;
  readonly heightPx: number;
  readonly minimapWidthPx: number;
  readonly minimapHeightPx: number;
  readonly dpr: number;
}

/** Draws frames on the canvases; remembers label widths between frames. */
export class Painter {
  readonly #canvases: TimelineCanvases;
  readonly #contexts: { readonly [Name in keyof TimelineCanvases]: CanvasRenderingContext2D };
  #isOverlayClear = true;
  #labelFont = "";
  #labels: LabelCache;
  #rulerLabels: LabelCache;

  constructor(canvases: TimelineCanvases) {
    this.#canvases = canvases;
    this.#contexts = {
      tracks: contextOf(canvases.tracks, false),
      overlay: contextOf(canvases.overlay, true),
      axis: contextOf(canvases.axis, false),
      ruler: contextOf(canvases.ruler, false),
      minimap: contextOf(canvases.minimap, false),
    };
    this.#labels = createLabels("11px sans-serif");
    this.#rulerLabels = this.#labels;
  }

  /** Labels of boxes in the font that belongs to the row height. */
  labelsFor(palette: Palette, rowPx: number): LabelCache {
    const font = labelFont(palette, rowPx);
    if (font !== this.#labelFont) {
      this.#labelFont = font;
      this.#labels = createLabels(font);
      this.#rulerLabels = createLabels(`10.5px ${palette.font}`);
    }
    return this.#labels;
  }

  fit({ widthPx, heightPx, minimapWidthPx, minimapHeightPx, dpr }: PaintSizes): void {
    fitCanvas(this.#canvases.tracks, widthPx, heightPx, dpr);
    fitCanvas(this.#canvases.overlay, widthPx, heightPx, dpr);
    fitCanvas(this.#canvases.axis, widthPx, axisHeightPx, dpr);
    fitCanvas(this.#canvases.ruler, widthPx, rulerHeightPx, dpr);
    fitCanvas(this.#canvases.minimap, minimapWidthPx, minimapHeightPx, dpr);
  }

  paint(scene: Scene, overlay: OverlayScene, minimap: MinimapRaster | null, sizes: PaintSizes): void {
    drawTracks(this.#contexts.tracks, scene);
    this.paintOverlay(overlay);
    const { widthPx, dpr, view, palette, ticks, summary } = scene;
    drawAxis(this.#contexts.axis, { widthPx, dpr, view, palette, ticks, selected: selectedTime(overlay) });
    drawStepRuler(this.#contexts.ruler, {
      widthPx,
      dpr,
      view,
      palette,
      steps: summary.steps,
      labels: this.#rulerLabels,
    });
    drawMinimap(this.#contexts.minimap, {
      widthPx: sizes.minimapWidthPx,
      heightPx: sizes.minimapHeightPx,
      dpr,
      view,
      summary,
      palette,
      image: minimap?.raster.texels ?? null,
      picture: minimap?.raster.picture ?? null,
      groupOf: minimap?.groupOf ?? [],
    });
  }

  paintOverlay(overlay: OverlayScene): void {
    const isEmpty = isOverlayEmpty(overlay);
    // A touched canvas is copied whole into the frame, were it only cleared once more.
    if (!isEmpty || !this.#isOverlayClear) drawOverlay(this.#contexts.overlay, overlay);
    this.#isOverlayClear = isEmpty;
  }
}

function selectedTime({ selection }: OverlayScene): { readonly startNs: number; readonly endNs: number } | null {
  switch (selection.kind) {
    case "none":
    case "instant":
      return null;
    case "span":
      return { startNs: selection.span.startNs, endNs: selection.span.startNs + selection.span.durationNs };
    case "area":
    case "range":
      return selection;
  }
}

function contextOf(canvas: HTMLCanvasElement, alpha: boolean): CanvasRenderingContext2D {
  const context = canvas.getContext("2d", { alpha });
  if (context === null) throw new Error("no 2D canvas");
  return context;
}

/** A canvas has as many device pixels as its box; setting its size clears it, so only when it changes. */
function fitCanvas(canvas: HTMLCanvasElement, widthPx: number, heightPx: number, dpr: number): void {
  const width = Math.max(1, Math.round(widthPx * dpr));
  const height = Math.max(1, Math.round(heightPx * dpr));
  if (canvas.width !== width) canvas.width = width;
  if (canvas.height !== height) canvas.height = height;
}

function createLabels(font: string): LabelCache {
  const context = new OffscreenCanvas(1, 1).getContext("2d");
  if (context === null) throw new Error("no 2D canvas");
  context.font = font;
  return new LabelCache((text) => context.measureText(text).width);
}
