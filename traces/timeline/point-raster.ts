import { nameVariant, toSlot } from "../model/color-slot.ts";
import { lowerBound } from "../model/column.ts";
import { SpanKind } from "../model/span-kind.ts";
import type { Trace } from "../model/trace.ts";
import type { PixelRange } from "./row-raster.ts";
import { maxMarks, type CounterPicture, type MarkTable } from "./view.ts";
import { textOf } from "../model/text-table.ts";

/** Occupancy of a pixel with one instant, and what each further one adds. */
const oneInstant = 96;
const furtherInstant = 16;

export interface MarkCollector {
  /** Writes the texels of the track's instants to `texels` and collects the first instant of each pixel. */
  addTrack(strip: number, track: number, texels: Uint16Array): void;
  finish(): MarkTable;
}

export function createMarkCollector({ tracks, instants, strings }: Trace, range: PixelRange): MarkCollector {
  const strip: number[] = [];
  const xPx: number[] = [];
  const name: number[] = [];
  const instant: number[] = [];
  const pxPerNs = range.widthPx / (range.endNs - range.startNs);
  return {
    addTrack(stripIndex, trackId, texels) {
      const track = tracks[trackId];
      const end = track.firstInstant + track.instantCount;
      let i = lowerBound(instants.timeNs, range.startNs, track.firstInstant, end);
      while (i < end && instants.timeNs[i] < range.endNs) {
        const x = (instants.timeNs[i] - range.startNs) * pxPerNs;
        const pixel = Math.min(range.widthPx - 1, Math.floor(x));
        const next = Math.max(i + 1, lowerBound(instants.timeNs, range.startNs + (pixel + 1) / pxPerNs, i, end));
        const occupancy = Math.min(255, oneInstant + furtherInstant * (next - i - 1));
        texels[pixel] = (occupancy << 8) | toSlot(SpanKind.other, nameVariant(textOf(strings, instants.name[i])));
        if (strip.length < maxMarks) {
          strip.push(stripIndex);
          xPx.push(x);
          name.push(instants.name[i]);
          instant.push(i);
        }
        i = next;
      }
    },
    finish: () => ({
      strip: Uint16Array.from(strip),
      xPx: Float32Array.from(xPx),
      name: Uint32Array.from(name),
      instant: Uint32Array.from(instant),
    }),
  };
}

/** Smallest, largest and last value of a counter in every pixel of the range. */
export function rasterCounter(
  { tracks, counters }: Trace,
  strip: number,
  trackId: number,
  range: PixelRange,
): CounterPicture {
  const { widthPx } = range;
  const min = new Float64Array(widthPx);
  const max = new Float64Array(widthPx);
  const last = new Float64Array(widthPx);
  const track = tracks[trackId];
  const end = track.firstSample + track.sampleCount;
  const nsPerPx = (range.endNs - range.startNs) / widthPx;
  let i = lowerBound(counters.timeNs, range.startNs, track.firstSample, end);
  let held = i > track.firstSample ? counters.value[i - 1] : NaN;
  for (let px = 0; px < widthPx; px++) {
    const pixelEnd = range.startNs + (px + 1) * nsPerPx;
    let low = held;
    let high = held;
    for (; i < end && counters.timeNs[i] < pixelEnd; i++) {
      held = counters.value[i];
      if (!(held >= low)) low = held;
      if (!(held <= high)) high = held;
    }
    min[px] = low;
    max[px] = high;
    last[px] = held;
  }
  return { strip, min, max, last };
}
