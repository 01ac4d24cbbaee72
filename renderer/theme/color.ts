/** Red, green, blue, 0–255, not necessarily whole. */
export type Rgb = readonly [red: number, green: number, blue: number];

/** Reads "#rgb", "#rrggbb", "rgb(1, 2, 3)" and "rgb(1 2 3 / 0.5)"; null for anything else. Alpha is ignored. */
export function parseColor(text: string): Rgb | null {
  const hex = /^#([0-9a-f]{3}|[0-9a-f]{6})$/i.exec(text.trim())?.[1];
  if (hex !== undefined) {
    const full = hex.length === 3 ? [...hex].map((digit) => digit + digit).join("") : hex;
    const value = Number.parseInt(full, 16);
    return [value >> 16, (value >> 8) & 255, value & 255];
  }
  const parts = /^rgba?\(\s*([\d.]+)[\s,]+([\d.]+)[\s,]+([\d.]+)/i.exec(text.trim());
  return parts === null ? null : [Number(parts[1]), Number(parts[2]), Number(parts[3])];
}

/** "#rrggbb". */
export function toHex(color: Rgb): string {
  return `#${color.map((part) => Math.round(part).toString(16).padStart(2, "0")).join("")}`;
}

/** WCAG 2.2 contrast ratio of two opaque colors, 1–21. */
export function contrastRatio(a: Rgb, b: Rgb): number {
  const [light, dark] = [relativeLuminance(a), relativeLuminance(b)].toSorted((x, y) => y - x) as [number, number];
  return (light + 0.05) / (dark + 0.05);
}

/** WCAG 2.2 relative luminance, 0–1. */
export function relativeLuminance([red, green, blue]: Rgb): number {
  return 0.2126 * toLinear(red) + 0.7152 * toLinear(green) + 0.0722 * toLinear(blue);
}

/**
 * Moves the OKLab lightness (0–1) by `deltaLightness` and turns the hue by `deltaHueDegrees`; clipped to sRGB.
 * Matrices: Björn Ottosson, "A perceptual color space for image processing", 2020.
 */
export function shiftColor(color: Rgb, deltaLightness: number, deltaHueDegrees = 0): Rgb {
  const [lightness, a, b] = toOklab(color);
  const angle = (deltaHueDegrees * Math.PI) / 180;
  const cos = Math.cos(angle);
  const sin = Math.sin(angle);
  return fromOklab([Math.min(1, Math.max(0, lightness + deltaLightness)), a * cos - b * sin, a * sin + b * cos]);
}

/** The OKLab lightness of `color` with another hue and chroma (0 = grey); clipped to sRGB. */
export function tintColor(color: Rgb, chroma: number, hueDegrees: number): Rgb {
  const angle = (hueDegrees * Math.PI) / 180;
  return fromOklab([toOklab(color)[0], chroma * Math.cos(angle), chroma * Math.sin(angle)]);
}

/** The color at `part` (0–1) of the way from one to the other, through OKLab; clipped to sRGB. */
export function mixColors(from: Rgb, to: Rgb, part: number): Rgb {
  const [a, b] = [toOklab(from), toOklab(to)];
  const at = (index: 0 | 1 | 2): number => a[index] + (b[index] - a[index]) * part;
  return fromOklab([at(0), at(1), at(2)]);
}

/** A part of sRGB, 0–255, as light, 0–1. */
export function toLinear(part: number): number {
  const value = part / 255;
  return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
}

/** The inverse of `toLinear`; clipped. */
export function fromLinear(value: number): number {
  const clipped = Math.min(1, Math.max(0, value));
  return 255 * (clipped <= 0.0031308 ? clipped * 12.92 : 1.055 * clipped ** (1 / 2.4) - 0.055);
}

/** Lightness, and the two axes of color. B. Ottosson, 2020. */
export function toOklab(color: Rgb): Rgb {
  const [r, g, b] = color.map(toLinear) as unknown as Rgb;
  const l = Math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b);
  const m = Math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b);
  const s = Math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b);
  return [
    0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s,
    1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s,
    0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s,
  ];
}

function fromOklab([lightness, a, b]: Rgb): Rgb {
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3;
  return [
    fromLinear(4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s),
    fromLinear(-1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s),
    fromLinear(-0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s),
  ];
}
