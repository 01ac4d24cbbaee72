import { kindOfSlot, slotCount } from "../../traces/model/color-slot.ts";
import { SpanKind, type SpanKindName } from "../../traces/model/span-kind.ts";
import type { Palette } from "../theme/palette.ts";

/** Colors of all 65,536 texels, as RGBA bytes in memory order, one Uint32 each: `plain[texel]`. */
export interface TexelColors {
  /** Without a search, or where no search is on. */
  readonly plain: Uint32Array;
  /** Under a search: texels without a hit. */
  readonly dimmed: Uint32Array;
  /** Under a search: texels with a hit. */
  readonly hit: Uint32Array;
}

/** Opacity of the faintest texel: a lone nanosecond in a wide pixel is still seen on both surfaces. */
export const faintestAlpha = 0.26;
export const mutedAlpha = 0.16;
export const dimmedAlpha = 0.24;
const hitTint = 0.4;
const occupancyCount = 256;

const unmuted = new WeakMap<object, TexelColors>();

/** `createTexelColors`, made once per palette where no kind is muted: every open trace starts with it. */
export function texelColorsOf(
  palette: Pick<Palette, "slotRgba" | "rgb">,
  mutedKinds: readonly SpanKindName[],
): TexelColors {
  if (mutedKinds.length > 0) return createTexelColors(palette, mutedKinds);
  const colors = unmuted.get(palette) ?? createTexelColors(palette, []);
  unmuted.set(palette, colors);
  return colors;
}

/** Made anew when the theme or the muted kinds change. */
export function createTexelColors(
  palette: Pick<Palette, "slotRgba" | "rgb">,
  mutedKinds: readonly SpanKindName[],
): TexelColors {
  const muted = new Set<number>(mutedKinds.map((kind) => SpanKind[kind]));
  const colors = {
    plain: new Uint32Array(slotCount * occupancyCount),
    dimmed: new Uint32Array(slotCount * occupancyCount),
    hit: new Uint32Array(slotCount * occupancyCount),
  };
  const [hitRed, hitGreen, hitBlue] = palette.rgb.hit;
  for (let slot = 1; slot < slotCount; slot++) {
    const red = palette.slotRgba[slot * 4] ?? 0;
    const green = palette.slotRgba[slot * 4 + 1] ?? 0;
    const blue = palette.slotRgba[slot * 4 + 2] ?? 0;
    const strength = muted.has(kindOfSlot(slot)) ? mutedAlpha : 1;
    for (let occupancy = 0; occupancy < occupancyCount; occupancy++) {
      const texel = (occupancy << 8) | slot;
      const alpha = alphaOf(occupancy);
      colors.plain[texel] = pack(red, green, blue, visible(alpha * strength));
      colors.dimmed[texel] = pack(red, green, blue, visible(alpha * Math.min(strength, dimmedAlpha)));
      colors.hit[texel] = pack(
        mix(red, hitRed),
        mix(green, hitGreen),
        mix(blue, hitBlue),
        visible(Math.max(alpha, 0.5)),
      );
    }
  }
  return colors;
}

/** Opacity of an occupancy 0–255. Linear above a floor, so that a tenth busy never looks solid. A slot says that something is there, whatever the occupancy rounds to. */
export function alphaOf(occupancy: number): number {
  return faintestAlpha + (1 - faintestAlpha) * (occupancy / 255);
}

/**
 * So many empty texels on both sides make one lone, or two where a short span meets both: they can be drawn stronger
 * without the place looking busier.
 */
const loneReach = 3;
/** What a lone texel is drawn with at least: else it would be as faint as the lines of the grid. */
export const loneOccupancy = 118;

/** Looks every texel up; `out` holds at least as many values as `texels`. Which of them start a row makes no odds. */
export function paintTexels(texels: Uint16Array, hits: Uint8Array, colors: TexelColors, out: Uint32Array): void {
  const { plain, dimmed, hit } = colors;
  if (hits.length === 0) {
    let emptyBefore = loneReach;
    let loneEnd = 0;
    for (let i = 0; i < texels.length; i++) {
      const texel = texels[i] ?? 0;
      if (texel === 0) {
        out[i] = 0;
        emptyBefore++;
        continue;
      }
      if (emptyBefore >= loneReach) loneEnd = endOfLone(texels, i);
      out[i] = plain[i < loneEnd && texel < loneOccupancy << 8 ? (loneOccupancy << 8) | (texel & 255) : texel] ?? 0;
      emptyBefore = 0;
    }
    return;
  }
  for (let i = 0; i < texels.length; i++) out[i] = (hits[i] === 1 ? hit : dimmed)[texels[i] ?? 0] ?? 0;
}

/** Whether `paintTexels` takes one for lone: it, and the one beside it if there is one, have nothing within reach. */
export function isLone(texels: Uint16Array, i: number): boolean {
  const begin = i > 0 && texels[i - 1] !== 0 ? i - 1 : i;
  for (let before = Math.max(0, begin - loneReach); before < begin; before++) if (texels[before] !== 0) return false;
  return texels[i] !== 0 && endOfLone(texels, begin) > i;
}

/** Behind the lone texels that begin at `i`; 0 where they are not lone. */
function endOfLone(texels: Uint16Array, i: number): number {
  const end = i + 1 < texels.length && texels[i + 1] !== 0 ? i + 2 : i + 1;
  const reach = Math.min(texels.length, end + loneReach);
  for (let next = end; next < reach; next++) if (texels[next] !== 0) return 0;
  return end;
}

const mix = (part: number, tint: number): number => part * (1 - hitTint) + tint * hitTint;
const visible = (alpha: number): number => Math.max(8, Math.round(alpha * 255));

/** Bytes R, G, B, A in memory; every platform of the app is little-endian. */
function pack(red: number, green: number, blue: number, alpha: number): number {
  return ((alpha << 24) | (Math.round(blue) << 16) | (Math.round(green) << 8) | Math.round(red)) >>> 0;
}
