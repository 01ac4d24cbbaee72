import type { Palette } from "../theme/palette.ts";
import { axisHeightPx, drawAxis, drawStepRuler, rulerHeightPx } from "./draw-axis.ts";
import { labelFont } from "./draw-boxes.ts";
import { drawTexels } from "./draw-texels.ts";
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

/**
 * Draws frames on the canvases; remembers label widths between frames, and what each canvas was drawn from: one that
 * would come out the same is left alone, since Chromium copies every canvas that was touched.
 */
export class Painter {
  readonly #canvases: TimelineCanvases;
  readonly #contexts: { readonly [Name in keyof TimelineCanvases]: CanvasRenderingContext2D };
  readonly #drawn = { tracks: new Drawn(), axis: new Drawn(), ruler: new Drawn(), minimap: new Drawn() };
  #isOverlayClear = true;
  #labelFont = "";
  #labels: LabelCache;
  #rulerLabels: LabelCache;

  /** @param onLost the system took the pixels of a canvas: another frame is needed */
  constructor(canvases: TimelineCanvases, onLost: () => void) {
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
    for (const canvas of Object.values(canvases)) {
      canvas.addEventListener("contextrestored", () => {
        for (const drawn of Object.values(this.#drawn)) drawn.forget();
        onLost();
      });
    }
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

  /** Labels of steps, as of the last `labelsFor`. */
  get rulerLabels(): LabelCache {
    return this.#rulerLabels;
  }

  fit({ widthPx, heightPx, minimapWidthPx, minimapHeightPx, dpr }: PaintSizes): void {
    fitCanvas(this.#canvases.tracks, widthPx, heightPx, dpr);
    fitCanvas(this.#canvases.overlay, widthPx, heightPx, dpr);
    fitCanvas(this.#canvases.axis, widthPx, axisHeightPx, dpr);
    fitCanvas(this.#canvases.ruler, widthPx, rulerHeightPx, dpr);
    fitCanvas(this.#canvases.minimap, minimapWidthPx, minimapHeightPx, dpr);
  }

  paint(scene: Scene, overlay: OverlayScene, minimap: MinimapRaster | null, sizes: PaintSizes): void {
    const { widthPx, dpr, view, palette, ticks, summary, bookmarks, currentBookmark: current } = scene;
    const common = [widthPx, dpr, view.startNs, view.endNs, palette];
    if (this.#drawn.tracks.isOld([...common, ...contentOf(scene)]))
      drawTracks(inCssPx(this.#contexts.tracks, dpr), scene, drawTexels);
    this.paintOverlay(overlay);
    const selected = selectedTime(overlay);
    if (this.#drawn.axis.isOld([...common, selected?.startNs, selected?.endNs, bookmarks, current]))
      drawAxis(inCssPx(this.#contexts.axis, dpr), { widthPx, dpr, view, palette, ticks, selected, bookmarks, current });
    const { steps } = summary;
    if (this.#drawn.ruler.isOld([...common, steps, this.#rulerLabels]))
      drawStepRuler(inCssPx(this.#contexts.ruler, dpr), {
        widthPx,
        dpr,
        view,
        palette,
        steps,
        labels: this.#rulerLabels,
      });
    const { minimapWidthPx, minimapHeightPx } = sizes;
    const raster = minimap?.raster ?? null;
    if (this.#drawn.minimap.isOld([...common, summary, minimapWidthPx, minimapHeightPx, raster, bookmarks]))
      drawMinimap(this.#contexts.minimap, {
        widthPx: minimapWidthPx,
        heightPx: minimapHeightPx,
        dpr,
        view,
        summary,
        palette,
        image: raster?.texels ?? null,
        picture: raster?.picture ?? null,
        groupOf: minimap?.plan.groupOf ?? [],
        bookmarks,
      });
  }

  paintOverlay(overlay: OverlayScene): void {
    const isEmpty = isOverlayEmpty(overlay);
    // A touched canvas is copied whole into the frame, were it only cleared once more.
    if (!isEmpty || !this.#isOverlayClear) {
      const context = inCssPx(this.#contexts.overlay, overlay.dpr);
      context.clearRect(0, 0, overlay.widthPx, overlay.heightPx);
      drawOverlay(context, overlay);
    }
    this.#isOverlayClear = isEmpty;
  }
}

/** The values that a canvas was last drawn from. */
class Drawn {
  #values: readonly unknown[] = [];

  /** Whether the canvas has to be drawn anew for these; they are remembered. */
  isOld(values: readonly unknown[]): boolean {
    const known = this.#values;
    this.#values = values;
    return known.length !== values.length || values.some((value, index) => !Object.is(value, known[index]));
  }

  forget(): void {
    this.#values = [];
  }
}

/** What the tracks show, apart from where they show it. */
function contentOf(scene: Scene): readonly unknown[] {
  const { heightPx, scrollTopPx, pinnedTopPx, layout, summary, raster, labels, nameCount, isMuted, searching } = scene;
  const { bookmarks, currentBookmark } = scene;
  const marks = [bookmarks, currentBookmark];
  const place = [heightPx, scrollTopPx, pinnedTopPx, layout];
  return [...place, summary.durationNs, raster, labels, nameCount, isMuted, searching, ...marks];
}

/** The time that the axis marks. */
export function selectedTime({
  selection,
}: Pick<OverlayScene, "selection">): { readonly startNs: number; readonly endNs: number } | null {
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

function inCssPx(context: CanvasRenderingContext2D, dpr: number): CanvasRenderingContext2D {
  context.setTransform(dpr, 0, 0, dpr, 0, 0);
  return context;
}

/**
 * Gives canvases the pixels of their boxes, in the color that the first frame will find there, and finds the font of
 * their texts: getting them from the system takes longer than drawing that frame. What the page has to be laid out for
 * is asked first, of all of them: each size that is set would have it laid out once more for the next question.
 */
export function claimPixels(
  canvases: readonly HTMLCanvasElement[],
  { css, font }: Pick<Palette, "font"> & { readonly css: Pick<Palette["css"], "surfacePanel"> },
): void {
  const claimed = canvases.map((canvas) => {
    const context = contextOf(canvas, false);
    context.font = `10px ${font}`;
    return { canvas, context, widthPx: canvas.clientWidth, heightPx: canvas.clientHeight };
  });
  for (const { canvas, context, widthPx, heightPx } of claimed) {
    fitCanvas(canvas, widthPx, heightPx, devicePixelRatio);
    context.fillStyle = css.surfacePanel;
    context.fillRect(0, 0, canvas.width, canvas.height);
  }
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
