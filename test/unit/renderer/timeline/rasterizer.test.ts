import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { ViewPicture } from "../../../../electron/contract/engine-contract.ts";
import type { Palette } from "../../../../renderer/theme/palette.ts";
import type { PictureRaster } from "../../../../renderer/timeline/picture-raster.ts";
import { Rasterizer } from "../../../../renderer/timeline/picture-raster.ts";
import type { TexelColors } from "../../../../renderer/timeline/texel-colors.ts";

class FakeImage {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8ClampedArray;
  constructor(width: number, height: number) {
    this.width = width;
    this.height = height;
    this.data = new Uint8ClampedArray(width * height * 4);
  }
}

/** Keeps what was put into it last. */
class FakeCanvas {
  readonly width: number;
  readonly height: number;
  shown: readonly number[] = [];
  constructor(width: number, height: number) {
    this.width = width;
    this.height = height;
  }
  getContext = () => ({ putImageData: ({ data }: FakeImage) => (this.shown = [...data]) });
}

const palette = { rgb: { accent: [1, 2, 3] } } as unknown as Palette;
const range = [0, 10] as const;
const heightPx = 4;

/** Counters of constant values, one a strip. */
const pictureOf = (widthPx: number, values: readonly number[]): ViewPicture => {
  const constant = (value: number) => new Float64Array(widthPx).fill(value);
  return {
    widthPx,
    stripCount: 0,
    counters: values.map((value, strip) => ({
      strip,
      last: constant(value),
      min: constant(value),
      max: constant(value),
    })),
    boxes: { span: [], strip: [], leftPx: [], rightPx: [], slot: [], name: [] },
    marks: { strip: [], xPx: [] },
    hits: [],
  } as unknown as ViewPicture;
};

describe("Rasterizer", () => {
  beforeEach(() => {
    vi.stubGlobal("ImageData", FakeImage);
    vi.stubGlobal("OffscreenCanvas", FakeCanvas);
  });
  afterEach(() => void vi.unstubAllGlobals());

  const rasterOf = (rasterizer: Rasterizer, widthPx: number, values: readonly number[]): PictureRaster =>
    rasterizer.raster(
      { picture: pictureOf(widthPx, values), stripOf: new Map(), content: [] },
      {} as TexelColors,
      palette,
      () => ({ range, heightPx }),
    );
  const pixelsOf = (raster: PictureRaster, strip: number): readonly number[] =>
    (raster.counters.get(strip) as unknown as FakeCanvas).shown;

  it("draws counters of the next picture into the canvases of the one before, nothing of which is left", () => {
    const rasterizer = new Rasterizer();
    const before = rasterOf(rasterizer, 5, [10, 10]);
    const after = rasterOf(rasterizer, 5, [0, 5]);
    expect(after.counters.get(0)).toBe(before.counters.get(0));
    expect(after.counters.get(1)).toBe(before.counters.get(1));
    expect(after.counters.get(0)).not.toBe(after.counters.get(1));
    for (const strip of [0, 1]) {
      const fresh = rasterOf(new Rasterizer(), 5, [0, 5]);
      expect(pixelsOf(after, strip)).toEqual(pixelsOf(fresh, strip));
    }
  });

  it("takes canvases of another size for a picture of another size", () => {
    const rasterizer = new Rasterizer();
    const before = rasterOf(rasterizer, 5, [10]);
    const after = rasterOf(rasterizer, 6, [10]);
    expect(after.counters.get(0)).not.toBe(before.counters.get(0));
    expect(after.counters.get(0)?.width).toBe(6);
  });
});
