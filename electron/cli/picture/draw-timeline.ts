import { kindOfSlot, variantOfSlot } from "../../../traces/model/color-slot.ts";
import { spanKindNames, type SpanKindName } from "../../../traces/model/span-kind.ts";
import type { CounterPicture, Strip, TrackSummary, ViewPicture } from "../../contract/engine-contract.ts";
import { inScreenOrder } from "../../../traces/model/track-tree.ts";
import type { TraceSession } from "../trace-session.ts";
import type { Bitmap } from "./png.ts";

type Rgb = readonly [red: number, green: number, blue: number];

/** Okabe–Ito hues, safe for common color-vision deficiencies; the rest chosen beside them. */
const kindColors: Readonly<Record<SpanKindName, Rgb>> = {
  other: [128, 128, 128],
  step: [90, 98, 112],
  phase: [110, 118, 132],
  op: [0, 114, 178],
  launch: [86, 180, 233],
  kernel: [0, 158, 115],
  hostToDevice: [230, 159, 0],
  deviceToHost: [213, 94, 0],
  deviceToDevice: [240, 190, 90],
  sync: [204, 121, 167],
  compile: [117, 82, 178],
  io: [140, 92, 58],
  collective: [150, 150, 20],
};
const paper: Rgb = [255, 255, 255];
const trackLine: Rgb = [225, 228, 232];
const counterColor: Rgb = [70, 110, 160];

const widthPx = 1600;
const rowPx = 12;
const counterPx = 36;
const gapPx = 1;
const trackGapPx = 6;
const largestStripCount = 400;
/** A pixel with any span shows at least this much of its color, so that lone short spans are seen. */
const faintest = 2 / 15;

interface PlacedStrip {
  readonly strip: Strip;
  readonly topPx: number;
  readonly heightPx: number;
}

/** The whole trace, track under track in screen order, labels left out; tracks beyond 400 rows are not drawn. */
export async function drawTimeline({ engine, trace, summary }: TraceSession, signal: AbortSignal): Promise<Bitmap> {
  const { placed, lines, heightPx } = placeStrips(summary.tracks);
  const bitmap = createBitmap(heightPx);
  for (const line of lines) fillRect(bitmap, { leftPx: 0, topPx: line, widthPx, heightPx: 1 }, trackLine, 1);
  const picture = await engine.call(
    "timeline.view",
    {
      trace,
      panel: "picture",
      strips: placed.map(({ strip }) => strip),
      startNs: 0,
      endNs: Math.max(1, summary.durationNs),
      widthPx,
      minBoxPx: widthPx,
      search: null,
      generation: 0,
    },
    { signal },
  );
  for (const [index, place] of placed.entries()) drawTexels(bitmap, picture, index, place);
  for (const counter of picture.counters) {
    const place = placed[counter.strip];
    if (place !== undefined) drawCounter(bitmap, counter, place);
  }
  return bitmap;
}

function placeStrips(tracks: readonly TrackSummary[]): {
  readonly placed: readonly PlacedStrip[];
  readonly lines: readonly number[];
  readonly heightPx: number;
} {
  const placed: PlacedStrip[] = [];
  const lines: number[] = [];
  let topPx = trackGapPx;
  const add = (strip: Strip, heightPx: number): void => {
    placed.push({ strip, topPx, heightPx });
    topPx += heightPx + gapPx;
  };
  for (const track of inScreenOrder(tracks)) {
    if (placed.length + track.rowCount > largestStripCount) break;
    const before = placed.length;
    for (let row = 0; row < track.rowCount; row++) add({ kind: "rows", rows: [track.firstRow + row] }, rowPx);
    if (track.instantCount > 0) add({ kind: "instants", track: track.id }, rowPx);
    if (track.sampleCount > 0) add({ kind: "counter", track: track.id }, counterPx);
    if (placed.length === before) continue;
    lines.push(topPx + trackGapPx / 2);
    topPx += trackGapPx;
  }
  return { placed, lines, heightPx: topPx + trackGapPx };
}

function createBitmap(heightPx: number): Bitmap {
  const rgba = new Uint8Array(widthPx * heightPx * 4).fill(255);
  return { widthPx, heightPx, rgba };
}

function drawTexels(bitmap: Bitmap, { texels }: ViewPicture, index: number, { topPx, heightPx }: PlacedStrip): void {
  for (let px = 0; px < widthPx; px++) {
    const texel = texels[index * widthPx + px] ?? 0;
    const slot = texel & 255;
    if (slot === 0) continue;
    const strength = Math.max(faintest, (texel >> 8) / 255);
    fillRect(bitmap, { leftPx: px, topPx, widthPx: 1, heightPx }, colorOf(slot), strength);
  }
}

/** The name varies the lightness only, in three steps: the kind stays readable. */
function colorOf(slot: number): Rgb {
  const [red, green, blue] = kindColors[spanKindNames[kindOfSlot(slot)] ?? "other"];
  const shade = 0.85 + (variantOfSlot(slot) % 3) * 0.15;
  return [Math.min(255, red * shade), Math.min(255, green * shade), Math.min(255, blue * shade)];
}

/** Filled from 0 (or the smallest value below it) to the last value, the min–max band fainter above. */
function drawCounter(bitmap: Bitmap, { min, max, last }: CounterPicture, { topPx, heightPx }: PlacedStrip): void {
  let low = 0;
  let high = 0;
  for (let px = 0; px < widthPx; px++) {
    const smallest = min[px] ?? Number.NaN;
    const largest = max[px] ?? Number.NaN;
    if (smallest < low) low = smallest;
    if (largest > high) high = largest;
  }
  const toPx = (value: number): number => (high > low ? Math.round(((value - low) / (high - low)) * heightPx) : 0);
  for (let px = 0; px < widthPx; px++) {
    const value = last[px] ?? Number.NaN;
    const top = max[px] ?? Number.NaN;
    if (Number.isNaN(value)) continue;
    const filled = toPx(value);
    const band = Math.max(filled, toPx(top));
    fillRect(
      bitmap,
      { leftPx: px, topPx: topPx + heightPx - band, widthPx: 1, heightPx: band - filled },
      counterColor,
      0.35,
    );
    fillRect(bitmap, { leftPx: px, topPx: topPx + heightPx - filled, widthPx: 1, heightPx: filled }, counterColor, 0.8);
  }
}

interface Rect {
  readonly leftPx: number;
  readonly topPx: number;
  readonly widthPx: number;
  readonly heightPx: number;
}

function fillRect({ rgba }: Bitmap, rect: Rect, color: Rgb, strength: number): void {
  for (let y = rect.topPx; y < rect.topPx + rect.heightPx; y++) {
    for (let x = rect.leftPx; x < rect.leftPx + rect.widthPx; x++) {
      const at = (y * widthPx + x) * 4;
      for (let channel = 0; channel < 3; channel++) {
        rgba[at + channel] = Math.round((color[channel] ?? 0) * strength + (paper[channel] ?? 255) * (1 - strength));
      }
    }
  }
}
