import type { ViewPicture } from "../../electron/contract/engine-contract.ts";
import type { Pen } from "../charts/svg-pen.ts";
import { toHex } from "../theme/color.ts";
import { areaAlpha, bandAlpha, counterScale } from "./counter-raster.ts";
import { pictureTransform } from "./draw-texels.ts";
import { type BoxIndex, boxesOf, type PictureRaster } from "./picture-raster.ts";
import type { PlacedLine, Scene } from "./scene.ts";
import { isLone, loneOccupancy, type TexelColors } from "./texel-colors.ts";

/** Neighboring texels of one color, [from, to) of a strip. */
export interface TexelRun {
  readonly from: number;
  readonly to: number;
  /** RGBA in memory order, as in `TexelColors`. */
  readonly color: number;
}

/** Occupancies are told in so many steps, so that neighbors that nearly agree become one shape. */
const occupancySteps = 15;

/** The texels of the lines as rectangles, those below boxes left out; of texels, `texelsAtOnce` are one. */
export function drawTexelShapes(
  pen: Pen,
  scene: Scene,
  raster: PictureRaster,
  lines: readonly PlacedLine[],
  { colors, texelsAtOnce }: { readonly colors: TexelColors; readonly texelsAtOnce: number },
): void {
  const { scale, offset } = pictureTransform(raster, scene);
  for (const { line, yPx } of lines) {
    const strip = raster.cached.stripOf.get(line.key);
    if (strip === undefined) continue;
    if (line.strip.kind === "counter") {
      drawCounter(pen, scene, raster, { strip, yPx: yPx + 1, heightPx: line.heightPx - 2 });
      continue;
    }
    const insetPx = line.strip.kind === "instants" ? 3 : 0;
    for (const { from, to, color } of texelRuns(raster, strip, { colors, texelsAtOnce })) {
      const leftPx = Math.max(0, from * scale + offset);
      const rightPx = Math.min(scene.widthPx, to * scale + offset);
      if (rightPx <= leftPx) continue;
      pen.fillStyle = toHex([color & 255, (color >>> 8) & 255, (color >>> 16) & 255]);
      pen.globalAlpha = Math.round((color >>> 24) / 2.55) / 100;
      pen.fillRect(leftPx, yPx + insetPx, rightPx - leftPx, line.heightPx - 1 - insetPx);
    }
  }
  pen.globalAlpha = 1;
}

/** The smallest power of two texels at once that gives at most `most` runs over the lines. */
export function texelsAtOnceFor(
  raster: PictureRaster,
  lines: readonly PlacedLine[],
  colors: TexelColors,
  most: number,
): number {
  const strips = lines.flatMap(({ line }) => raster.cached.stripOf.get(line.key) ?? []);
  for (let texelsAtOnce = 1; ; texelsAtOnce *= 2) {
    let count = 0;
    for (const strip of strips) count += texelRuns(raster, strip, { colors, texelsAtOnce }).length;
    if (count <= most || texelsAtOnce >= raster.picture.widthPx) return texelsAtOnce;
  }
}

/** What a strip shows beside its boxes. */
export function texelRuns(
  { picture, boxes }: Pick<PictureRaster, "picture" | "boxes">,
  strip: number,
  { colors, texelsAtOnce }: { readonly colors: TexelColors; readonly texelsAtOnce: number },
): readonly TexelRun[] {
  const { widthPx } = picture;
  const covered = new Uint8Array(widthPx);
  for (const box of boxesOf(boxes, strip))
    covered.fill(1, Math.max(0, Math.floor(boxes.table.leftPx[box] ?? 0)), Math.ceil(boxes.table.rightPx[box] ?? 0));
  const runs: { from: number; to: number; color: number }[] = [];
  for (let from = 0; from < widthPx; from += texelsAtOnce) {
    const group = { from, to: Math.min(widthPx, from + texelsAtOnce) };
    const lone = picture.hits.length === 0 ? loneOf(picture, strip, group) : null;
    const { from: start, to } = lone ?? group;
    const color = colorOf(picture, strip, { from: start, to, covered, isLone: lone !== null }, colors);
    const last = runs.at(-1);
    if (color === 0) continue;
    if (last !== undefined && last.to === start && last.color === color) last.to = to;
    else runs.push({ from: start, to, color });
  }
  return runs;
}

/** The lone texels of a group of neighbors that holds nothing else, drawn where they are; null for other groups. */
function loneOf(
  { texels, widthPx }: ViewPicture,
  strip: number,
  group: { readonly from: number; readonly to: number },
): { readonly from: number; readonly to: number } | null {
  const at = strip * widthPx;
  let { from, to } = group;
  while (from < to && texels[at + from] === 0) from++;
  while (from < to && texels[at + to - 1] === 0) to--;
  return from < to && to - from <= 2 && isLone(texels, at + from) && isLone(texels, at + to - 1) ? { from, to } : null;
}

/** The color of the fullest texel, as full as they are on the average; 0 where nothing is. */
function colorOf(
  { texels, hits, widthPx }: ViewPicture,
  strip: number,
  group: { readonly from: number; readonly to: number; readonly covered: Uint8Array; readonly isLone: boolean },
  colors: TexelColors,
): number {
  const { from, to, covered, isLone: isStronger } = group;
  let fullest = 0;
  let sum = 0;
  let isHit = false;
  let count = 0;
  for (let x = from; x < to; x++) {
    if (covered[x] === 1) continue;
    const at = strip * widthPx + x;
    const texel = texels[at] ?? 0;
    count++;
    sum += texel >>> 8;
    if (texel >>> 8 > fullest >>> 8 || fullest === 0) fullest = texel;
    isHit ||= hits[at] === 1;
  }
  if (fullest === 0) return 0;
  const mean = isStronger ? Math.max(loneOccupancy, sum / count) : sum / count;
  const occupancy = Math.round((mean / 255) * occupancySteps) * (255 / occupancySteps);
  const table = hits.length === 0 ? colors.plain : isHit ? colors.hit : colors.dimmed;
  return table[(occupancy << 8) | (fullest & 255)] ?? 0;
}

/** The boxes of an index, without the narrowest where there are more than `most`. */
export function keepWidest(index: BoxIndex, most: number): BoxIndex {
  const { table, byPlace, first } = index;
  const widthOf = (box: number): number => (table.rightPx[box] ?? 0) - (table.leftPx[box] ?? 0);
  if (byPlace.length <= most) return index;
  const narrowest = Array.from(byPlace, widthOf).toSorted((a, b) => b - a)[most] ?? 0;
  const kept = byPlace.filter((box) => widthOf(box) > narrowest);
  const starts = new Uint32Array(first.length);
  for (const box of kept) {
    const next = (table.strip[box] ?? 0) + 1;
    starts[next] = (starts[next] ?? 0) + 1;
  }
  for (let strip = 1; strip < starts.length; strip++) starts[strip] = (starts[strip] ?? 0) + (starts[strip - 1] ?? 0);
  return { table, byPlace: kept, first: starts };
}

/** A counter as on the canvas: the area below its last values, the band from smallest to largest, the line of the last ones. */
function drawCounter(
  pen: Pen,
  scene: Scene,
  raster: PictureRaster,
  place: { readonly strip: number; readonly yPx: number; readonly heightPx: number },
): void {
  const counter = raster.picture.counters.find(({ strip }) => strip === place.strip);
  const block = scene.layout.blocks.find(({ track }) => raster.cached.stripOf.get(`c${track.id}`) === place.strip);
  if (counter === undefined || block === undefined) return;
  const { scale, offset } = pictureTransform(raster, scene);
  const { low, high } = counterScale(block.track.sampleRange);
  const bottomPx = place.yPx + place.heightPx;
  const toY = (value: number): number => bottomPx - ((value - low) / (high - low)) * place.heightPx;
  const steps = stepsOf(counter, { scale, offset, widthPx: scene.widthPx });
  const shade = (alpha: number, top: (step: CounterStep) => number, bottom: (step: CounterStep) => number): void => {
    pen.globalAlpha = alpha / 255;
    pen.beginPath();
    for (const step of steps) {
      const yPx = toY(top(step));
      const heightPx = bottom(step) - yPx;
      if (heightPx > 0) pen.rect(step.fromPx, yPx, step.toPx - step.fromPx, heightPx);
    }
    pen.fill();
  };
  pen.fillStyle = scene.palette.css.accent;
  shade(
    areaAlpha,
    ({ last }) => last,
    () => bottomPx,
  );
  shade(
    bandAlpha,
    ({ max }) => max,
    ({ min }) => toY(min),
  );
  pen.globalAlpha = 1;
  pen.strokeStyle = scene.palette.css.accent;
  pen.lineWidth = 1;
  pen.beginPath();
  let beforePx = Number.NaN;
  for (const { fromPx, toPx, last } of steps) {
    if (fromPx === beforePx) pen.lineTo(fromPx, toY(last));
    else pen.moveTo(fromPx, toY(last));
    pen.lineTo(toPx, toY(last));
    beforePx = toPx;
  }
  pen.stroke();
}

interface CounterStep {
  readonly fromPx: number;
  toPx: number;
  readonly last: number;
  readonly min: number;
  readonly max: number;
}

/** Neighboring pixels of equal values as one step, within the view. */
function stepsOf(
  { last, min, max }: ViewPicture["counters"][number],
  { scale, offset, widthPx }: { readonly scale: number; readonly offset: number; readonly widthPx: number },
): readonly CounterStep[] {
  const steps: CounterStep[] = [];
  for (let x = 0; x < last.length; x++) {
    const value = last[x] ?? Number.NaN;
    const fromPx = Math.max(0, x * scale + offset);
    const toPx = Math.min(widthPx, (x + 1) * scale + offset);
    if (Number.isNaN(value) || toPx <= fromPx) continue;
    const step = { fromPx, toPx, last: value, min: min[x] ?? value, max: max[x] ?? value };
    const before = steps.at(-1);
    const isSame = before?.last === step.last && before.min === step.min && before.max === step.max;
    if (before !== undefined && isSame && before.toPx === fromPx) before.toPx = toPx;
    else steps.push(step);
  }
  return steps;
}
