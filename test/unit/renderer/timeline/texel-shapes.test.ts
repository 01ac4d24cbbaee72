import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { ViewPicture } from "../../../../electron/contract/engine-contract.ts";
import { indexBoxes, type PictureRaster } from "../../../../renderer/timeline/picture-raster.ts";
import type { PlacedLine } from "../../../../renderer/timeline/scene.ts";
import { createTexelColors, loneOccupancy, paintTexels } from "../../../../renderer/timeline/texel-colors.ts";
import { keepWidest, texelRuns, texelsAtOnceFor } from "../../../../renderer/timeline/texel-shapes.ts";
import { readThemePalette } from "../../../fixtures/theme-palette.ts";

const colors = createTexelColors(readThemePalette("light"), []);
const full = 255 << 8;

interface Drawing {
  readonly texels: readonly number[];
  readonly hits?: readonly number[];
  /** Of strip 0. */
  readonly boxes?: readonly (readonly [left: number, right: number])[];
}

/** A picture of one strip. */
function rasterOf({ texels, hits = [], boxes = [] }: Drawing): Pick<PictureRaster, "picture" | "boxes"> {
  const table = {
    span: Uint32Array.from(boxes, (_, index) => index),
    strip: new Uint16Array(boxes.length),
    leftPx: Float32Array.from(boxes, ([left]) => left),
    rightPx: Float32Array.from(boxes, ([, right]) => right),
    slot: new Uint8Array(boxes.length),
  } as unknown as ViewPicture["boxes"];
  const picture = {
    widthPx: texels.length,
    stripCount: 1,
    texels: Uint16Array.from(texels),
    hits: Uint8Array.from(hits),
    boxes: table,
  } as unknown as ViewPicture;
  return { picture, boxes: indexBoxes(table, 1) };
}

const runsOf = (drawing: Drawing, texelsAtOnce = 1): readonly (readonly [number, number, number])[] =>
  texelRuns(rasterOf(drawing), 0, { colors, texelsAtOnce }).map(({ from, to, color }) => [from, to, color]);

describe("texels as shapes", () => {
  it("are one for neighbors of one color, and none where nothing is or a box lies", () => {
    const a = full | 17;
    const b = full | 33;
    expect(runsOf({ texels: [0, a, a, b, 0, a, a, a], boxes: [[5.5, 6.5]] })).toEqual([
      [1, 3, colors.plain[a]],
      [3, 4, colors.plain[b]],
      [7, 8, colors.plain[a]],
    ]);
  });

  it("tell hits of a search from the rest", () => {
    const a = full | 17;
    expect(runsOf({ texels: [a, a], hits: [1, 0] })).toEqual([
      [0, 1, colors.hit[a]],
      [1, 2, colors.dimmed[a]],
    ]);
  });

  it("cover what the pixels cover, nearly as full", () => {
    const texel = fc.oneof(
      { weight: 3, arbitrary: fc.constant(0) },
      fc.tuple(fc.nat(255), fc.integer({ min: 1, max: 255 })).map(([o, s]) => (o << 8) | s),
    );
    fc.assert(
      fc.property(fc.array(texel, { minLength: 1, maxLength: 60 }), (texels) => {
        const painted = new Uint32Array(texels.length);
        const pixels = new Uint32Array(texels.length);
        paintTexels(Uint16Array.from(texels), new Uint8Array(), colors, pixels);
        for (const [from, to, color] of runsOf({ texels })) painted.fill(color, from, to);
        for (const [x, wanted] of pixels.entries()) {
          const got = painted[x] ?? 0;
          expect(got & 0xffffff).toBe(wanted & 0xffffff);
          expect(Math.abs((got >>> 24) - (wanted >>> 24))).toBeLessThanOrEqual(8);
        }
      }),
    );
  });

  it("show what is alone where it is and as strong as the pixels do, however coarse they are", () => {
    const faint = (1 << 8) | 17;
    const strong = colors.plain[((Math.round(loneOccupancy / 17) * 17) << 8) | 17];
    const texels = Array.from({ length: 64 }, (_, x) => (x === 21 || x === 40 || x === 41 ? faint : 0));
    for (const atOnce of [1, 4, 8])
      expect(runsOf({ texels }, atOnce)).toEqual([
        [21, 22, strong],
        [40, 42, strong],
      ]);
    // Two that are alone in one shape are as full as they are on the average.
    expect(runsOf({ texels }, 64)).toEqual([[0, 64, colors.plain[17]]]);
    // Under a search nothing is stronger than it is.
    expect(runsOf({ texels, hits: texels.map((value) => Number(value > 0)) })[0]?.[2]).toBe(colors.hit[17]);
  });

  it("become as coarse as it takes, with the color of the fullest texel", () => {
    const few = Array.from({ length: 64 }, (_, x) => ((x % 2 === 0 ? 255 : 51) << 8) | (x % 2 === 0 ? 17 : 33));
    const raster = {
      ...rasterOf({ texels: few }),
      cached: { stripOf: new Map([["r0", 0]]) },
    } as unknown as PictureRaster;
    const lines = [{ line: { key: "r0" } }] as unknown as readonly PlacedLine[];
    expect(texelsAtOnceFor(raster, lines, colors, 64)).toBe(1);
    expect(texelsAtOnceFor(raster, lines, colors, 63)).toBe(2);
    const mean = Math.round((255 + 51) / 2 / 17) * 17;
    expect(runsOf({ texels: few }, 2)).toEqual([[0, 64, colors.plain[(mean << 8) | 17]]]);
  });
});

it("of too many boxes the widest are kept, in their places", () => {
  fc.assert(
    fc.property(fc.array(fc.nat(40), { maxLength: 30 }), fc.nat(30), (widths, most) => {
      let leftPx = 0;
      const boxes = widths.map((width) => [leftPx, (leftPx += width + 1)] as const);
      const index = rasterOf({ texels: [0], boxes }).boxes;
      const kept = [...keepWidest(index, most).byPlace];
      expect(kept.length).toBeLessThanOrEqual(Math.max(most, 0));
      expect(kept).toEqual(kept.toSorted((a, b) => a - b));
      const left = [...index.byPlace].filter((box) => !kept.includes(box));
      const widthOf = (box: number): number => widths[box] ?? 0;
      if (kept.length > 0 && left.length > 0)
        expect(Math.min(...kept.map(widthOf))).toBeGreaterThan(Math.max(...left.map(widthOf)));
      expect([...keepWidest(index, most).first]).toEqual([0, kept.length]);
      if (widths.length <= most) expect(kept).toHaveLength(widths.length);
    }),
  );
});
