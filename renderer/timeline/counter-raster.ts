import type { CounterPicture } from "../../electron/contract/engine-contract.ts";
import type { Rgb } from "../theme/color.ts";

/** Value range a counter is drawn in. Holds zero when the values start not far from it, so that areas do not lie. */
export function counterScale(range: readonly [min: number, max: number] | null): {
  readonly low: number;
  readonly high: number;
} {
  const [min, max] = range ?? [0, 1];
  const low = min > 0 && min < max * 0.8 ? 0 : Math.min(min, max);
  const high = max < 0 && max > min * 0.8 ? 0 : max;
  return high > low
    ? { low, high }
    : { low: low - (low === 0 ? 0 : Math.abs(low) / 2), high: high + Math.max(1, Math.abs(high) / 2) };
}

export const areaAlpha = 56;
export const bandAlpha = 120;

/**
 * Paints a counter: the area below the last value of each pixel, the band from smallest to largest, the line of the
 * last values. `out` is RGBA, width × height, row-major; cleared by the caller. Pixels before the first sample stay empty.
 */
export function paintCounter(
  picture: CounterPicture,
  range: readonly [number, number] | null,
  color: Rgb,
  heightPx: number,
  out: Uint8ClampedArray,
): void {
  const width = picture.last.length;
  const { low, high } = counterScale(range);
  const toY = (value: number): number => Math.round((1 - (value - low) / (high - low)) * (heightPx - 1));
  const put = (x: number, fromY: number, toYInclusive: number, alpha: number): void => {
    for (let y = Math.max(0, fromY); y <= Math.min(heightPx - 1, toYInclusive); y++) {
      const at = (y * width + x) * 4;
      out[at] = color[0];
      out[at + 1] = color[1];
      out[at + 2] = color[2];
      out[at + 3] = alpha;
    }
  };
  let previousY = Number.NaN;
  for (let x = 0; x < width; x++) {
    const last = picture.last[x] ?? Number.NaN;
    if (Number.isNaN(last)) {
      previousY = Number.NaN;
      continue;
    }
    const y = toY(last);
    const top = toY(picture.max[x] ?? last);
    const bottom = toY(picture.min[x] ?? last);
    put(x, y, heightPx - 1, areaAlpha);
    put(x, top, bottom, bandAlpha);
    const from = Number.isNaN(previousY) ? y : previousY;
    put(x, Math.min(from, y), Math.max(from, y), 255);
    previousY = y;
  }
}
