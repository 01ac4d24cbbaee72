import { describe, expect, it } from "vitest";
import { alphaOf, createTexelColors, loneOccupancy, paintTexels } from "../../../../renderer/timeline/texel-colors.ts";
import { slotCount, toSlot } from "../../../../traces/model/color-slot.ts";
import { SpanKind } from "../../../../traces/model/span-kind.ts";
import { readThemePalette } from "../../../fixtures/theme-palette.ts";

const bytesOf = (rgba: number | undefined): [number, number, number, number] => {
  const value = rgba ?? 0;
  return [value & 255, (value >>> 8) & 255, (value >>> 16) & 255, value >>> 24];
};

describe.each(["light", "dark"] as const)("texel colors, %s", (theme) => {
  const palette = readThemePalette(theme);
  const colors = createTexelColors(palette, ["sync"]);

  it("leaves empty texels empty", () => {
    for (let occupancy = 0; occupancy < 256; occupancy++) expect(colors.plain[occupancy << 8]).toBe(0);
  });

  it("shows every texel that holds something, in every variant", () => {
    for (let slot = 1; slot < slotCount; slot++) {
      for (let occupancy = 0; occupancy < 256; occupancy++) {
        for (const lut of [colors.plain, colors.dimmed, colors.hit])
          expect(bytesOf(lut[(occupancy << 8) | slot])[3]).toBeGreaterThanOrEqual(8);
      }
    }
  });

  it("lets a lone nanosecond differ from the surface by a visible step", () => {
    for (let kind = 0; kind < 13; kind++) {
      if (kind === SpanKind.sync) continue;
      const [red, green, blue, alpha] = bytesOf(colors.plain[(1 << 8) | toSlot(kind, 3)]);
      const difference = [red, green, blue].map(
        (part, index) => Math.abs(part - (palette.rgb.surfacePanel[index] ?? 0)) * (alpha / 255),
      );
      expect(Math.max(...difference)).toBeGreaterThan(14);
    }
  });

  it("gives full occupancy the color of boxes and grows steadily up to it", () => {
    const slot = toSlot(SpanKind.kernel, 5);
    const [red, green, blue, alpha] = bytesOf(colors.plain[(255 << 8) | slot]);
    expect([red, green, blue, alpha]).toEqual([...palette.slotRgba.subarray(slot * 4, slot * 4 + 3), 255]);
    for (let occupancy = 1; occupancy < 256; occupancy++)
      expect(alphaOf(occupancy)).toBeGreaterThan(alphaOf(occupancy - 1));
  });

  it("does not make a tenth busy look solid", () => {
    expect(alphaOf(26)).toBeLessThan(0.4);
  });

  it("draws muted kinds faintly and leaves the others alone", () => {
    const plain = createTexelColors(palette, []);
    const muted = (255 << 8) | toSlot(SpanKind.sync, 0);
    const other = (255 << 8) | toSlot(SpanKind.kernel, 0);
    expect(bytesOf(colors.plain[muted])[3]).toBeLessThan(64);
    expect(bytesOf(plain.plain[muted])[3]).toBe(255);
    expect(colors.plain[other]).toBe(plain.plain[other]);
  });

  it("draws what is alone stronger, and nothing else", () => {
    const faint = (1 << 8) | toSlot(SpanKind.op, 1);
    const full = (200 << 8) | toSlot(SpanKind.op, 1);
    const strong = (loneOccupancy << 8) | (faint & 255);
    const drawn = (...texels: number[]): number[] => {
      const out = new Uint32Array(texels.length);
      paintTexels(Uint16Array.from(texels), new Uint8Array(), colors, out);
      return [...out].map((color) =>
        color === 0 ? 0 : [faint, full, strong].findIndex((each) => colors.plain[each] === color) + 1,
      );
    };
    expect(drawn(faint, 0, 0, 0, faint, 0, 0, 0, full)).toEqual([3, 0, 0, 0, 3, 0, 0, 0, 2]);
    expect(drawn(faint, faint, 0, 0, 0, faint, full, 0, 0, 0)).toEqual([3, 3, 0, 0, 0, 3, 2, 0, 0, 0]);
    expect(drawn(0, faint, faint, faint, 0, 0, 0, faint, 0, 0, faint)).toEqual([0, 1, 1, 1, 0, 0, 0, 1, 0, 0, 1]);
    expect(bytesOf(colors.plain[strong])[3]).toBeGreaterThan(0.58 * 255);
  });

  it("under a search, tints hits and dims the rest", () => {
    const texel = (200 << 8) | toSlot(SpanKind.op, 1);
    const out = new Uint32Array(3);
    paintTexels(new Uint16Array([texel, texel, 0]), new Uint8Array([1, 0, 1]), colors, out);
    expect([...out]).toEqual([colors.hit[texel], colors.dimmed[texel], 0]);
    expect(bytesOf(out[0])[3]).toBeGreaterThan(2 * bytesOf(out[1])[3]);
    paintTexels(new Uint16Array([texel, 0, texel]), new Uint8Array(), colors, out);
    expect([...out]).toEqual([colors.plain[texel], 0, colors.plain[texel]]);
  });
});
