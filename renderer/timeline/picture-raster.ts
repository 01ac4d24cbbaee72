import type { BoxTable, ViewPicture } from "../../electron/contract/engine-contract.ts";
import type { Palette } from "../theme/palette.ts";
import { paintCounter } from "./counter-raster.ts";
import type { CachedPicture } from "./picture-cache.ts";
import { paintTexels, type TexelColors } from "./texel-colors.ts";

/** A picture made ready for drawing: every pan and zoom frame only stretches what is here. */
export interface PictureRaster {
  readonly cached: CachedPicture;
  readonly picture: ViewPicture;
  /** The colors of its slots. */
  readonly palette: Palette;
  /** widthPx × stripCount; null when the picture has no strips. */
  readonly texels: OffscreenCanvas | null;
  /** By strip index. */
  readonly counters: ReadonlyMap<number, OffscreenCanvas>;
  readonly boxes: BoxIndex;
  /** Marks of every strip: indexes in `picture.marks`. */
  readonly marksOf: ReadonlyMap<number, readonly number[]>;
}

/** Boxes ordered by strip and left edge. */
export interface BoxIndex {
  readonly table: BoxTable;
  /** Box indexes by (strip, left). */
  readonly byPlace: Uint32Array;
  /** Where the boxes of a strip start in `byPlace`; stripCount + 1. */
  readonly first: Uint32Array;
}

/** How a counter of the picture is scaled. */
export interface CounterSetup {
  readonly range: readonly [number, number] | null;
  readonly heightPx: number;
}

/**
 * Draws pictures into off-screen canvases, and keeps those between pictures: new ones for each would make the system
 * hand out fresh pages, and the collector of the window run every few seconds of a trace that grows.
 */
export class Rasterizer {
  #texels: Sheet | null = null;
  readonly #counters: Sheet[] = [];

  /** The result is valid until the next call. */
  raster(
    cached: CachedPicture,
    colors: TexelColors,
    palette: Palette,
    counterOf: (strip: number) => CounterSetup,
  ): PictureRaster {
    const { picture } = cached;
    const counters = new Map<number, OffscreenCanvas>();
    for (const [index, counter] of picture.counters.entries()) {
      const { range, heightPx } = counterOf(counter.strip);
      const sheet = fitSheet(this.#counters[index], picture.widthPx, heightPx);
      this.#counters[index] = sheet;
      sheet.image.data.fill(0);
      paintCounter(counter, range, palette.rgb.accent, heightPx, sheet.image.data);
      softwareContext(sheet.canvas).putImageData(sheet.image, 0, 0);
      counters.set(counter.strip, sheet.canvas);
    }
    return {
      cached,
      picture,
      palette,
      texels: this.#paint(picture, colors),
      counters,
      boxes: indexBoxes(picture.boxes, picture.stripCount),
      marksOf: groupMarks(picture),
    };
  }

  #paint(picture: ViewPicture, colors: TexelColors): OffscreenCanvas | null {
    const { widthPx, stripCount } = picture;
    if (widthPx === 0 || stripCount === 0) return null;
    let sheet = this.#texels;
    if (sheet === null || sheet.canvas.width !== widthPx || sheet.canvas.height < stripCount) {
      // Some spare height: scrolling and unfolding change the number of strips all the time.
      sheet = createSheet(widthPx, Math.ceil((stripCount * 1.25) / 16) * 16);
      this.#texels = sheet;
    }
    const { canvas, image } = sheet;
    paintTexels(picture.texels, picture.hits, colors, new Uint32Array(image.data.buffer));
    softwareContext(canvas).putImageData(image, 0, 0, 0, 0, widthPx, stripCount);
    return canvas;
  }
}

/** A canvas, and the pixels that are put into it. */
interface Sheet {
  readonly canvas: OffscreenCanvas;
  readonly image: ImageData;
}

function createSheet(widthPx: number, heightPx: number): Sheet {
  return { canvas: new OffscreenCanvas(widthPx, heightPx), image: new ImageData(widthPx, heightPx) };
}

function fitSheet(sheet: Sheet | undefined, widthPx: number, heightPx: number): Sheet {
  const fits = sheet !== undefined && sheet.image.width === widthPx && sheet.image.height === heightPx;
  return fits ? sheet : createSheet(widthPx, heightPx);
}

/** Boxes of a strip, left to right. */
export function boxesOf(index: BoxIndex, strip: number): Uint32Array {
  return index.byPlace.subarray(index.first[strip] ?? 0, index.first[strip + 1] ?? 0);
}

/** The box of a strip at a place in the picture, px of the picture; -1 for none. */
export function boxAt(index: BoxIndex, strip: number, xPx: number): number {
  const boxes = boxesOf(index, strip);
  let low = 0;
  let high = boxes.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((index.table.leftPx[boxes[middle] ?? 0] ?? 0) <= xPx) low = middle + 1;
    else high = middle;
  }
  // Boxes of one row do not overlap; those of a merged strip may, the latest start is on top.
  for (let at = low - 1; at >= Math.max(0, low - 8); at--) {
    const box = boxes[at] ?? 0;
    if ((index.table.rightPx[box] ?? 0) > xPx) return box;
  }
  return -1;
}

export function indexBoxes(table: BoxTable, stripCount: number): BoxIndex {
  const count = table.span.length;
  const all = Uint32Array.from({ length: count }, (_, index) => index);
  const byPlace = all.toSorted(
    (a, b) => (table.strip[a] ?? 0) - (table.strip[b] ?? 0) || (table.leftPx[a] ?? 0) - (table.leftPx[b] ?? 0),
  );
  const first = new Uint32Array(stripCount + 1);
  for (let box = 0; box < count; box++) {
    const next = (table.strip[box] ?? 0) + 1;
    first[next] = (first[next] ?? 0) + 1;
  }
  for (let strip = 0; strip < stripCount; strip++) first[strip + 1] = (first[strip + 1] ?? 0) + (first[strip] ?? 0);
  return { table, byPlace, first };
}

function groupMarks(picture: ViewPicture): ReadonlyMap<number, readonly number[]> {
  const groups = new Map<number, number[]>();
  picture.marks.strip.forEach((strip, index) => {
    const group = groups.get(strip);
    if (group === undefined) groups.set(strip, [index]);
    else group.push(index);
  });
  return groups;
}

/** Kept in main memory: the canvas is written once and only read by `drawImage`. */
function softwareContext(canvas: OffscreenCanvas): OffscreenCanvasRenderingContext2D {
  const context = canvas.getContext("2d", { willReadFrequently: true });
  if (context === null) throw new Error("no 2D canvas");
  return context;
}
