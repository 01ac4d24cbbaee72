import { largestOf, smallestOf } from "../../../model/extremes.ts";
import { formatCount, formatDuration, formatNumber, thinSpace, timeUnitOf } from "../../../model/format-units.ts";
import type { Curve } from "../../block.ts";
import { escapeText, formatCoordinate as at } from "./escape.ts";

const width = 960;
const height = 260;
const margin = { left: 76, right: 16, top: 22, bottom: 34 };

/** Times over sizes, both axes logarithmic: marks with whiskers where there is an interval, fits as thin lines. */
export function drawCurves(label: string, xTitle: string, curves: readonly Curve[]): string {
  const points = curves.flatMap((curve) => [...curve.points, ...curve.fit]).filter(({ x, y }) => x > 0 && y > 0);
  if (points.length === 0) return "";
  const x = logScale(
    points.map((point) => point.x),
    [margin.left, width - margin.right],
  );
  const ends = curves.flatMap((curve) => curve.points.flatMap(({ low, high }) => [low ?? 0, high ?? 0]));
  const y = logScale(
    [...points.map((point) => point.y), ...ends.filter((end) => end > 0)],
    [height - margin.bottom, margin.top],
  );
  const sizes = [...new Set(curves.flatMap((curve) => curve.points.map((point) => point.x)))].sort((p, q) => p - q);
  const ticks = apart(sizes, x.place).map(
    (size) =>
      `<text x="${at(x.place(size))}" y="${height - 18}" text-anchor="middle">${escapeText(sizeWords(size))}</text>`,
  );
  const levels = roundLevels(y.low, y.high).map(
    (ns) =>
      `<line class="grid" x1="${margin.left}" x2="${width - margin.right}" y1="${at(y.place(ns))}" y2="${at(y.place(ns))}"/><text x="${margin.left - 6}" y="${at(y.place(ns) + 4)}" text-anchor="end">${escapeText(levelWords(ns))}</text>`,
  );
  const drawn = curves.map((curve, index) => drawCurve(curve, index, x.place, y.place));
  const legend = curves.map(
    (curve, index) =>
      `<text class="legend${index}" x="${margin.left + 8 + index * 110}" y="14">${marks[index % marks.length]} ${escapeText(curve.label)}</text>`,
  );
  const title = `<text x="${width - margin.right}" y="${height - 4}" text-anchor="end">${escapeText(xTitle)}</text>`;
  return `<svg class="chart" role="img" aria-label="${escapeText(label)}" viewBox="0 0 ${width} ${height}">${[...levels, ...ticks, ...drawn, ...legend, title].join("")}</svg>`;
}

const marks = ["●", "■"] as const;

const sizeWords = (size: number): string => (Number.isSafeInteger(size) ? formatCount(size) : formatNumber(size));

/** "2 ms" where a value in a table is "2.00 ms". */
function levelWords(ns: number): string {
  const { size, symbol } = timeUnitOf(ns);
  return `${Number((ns / size).toPrecision(3))}${thinSpace}${symbol}`;
}

const leastBetweenSizesPx = 44;

/** Sizes whose words do not touch those of the one before. */
function apart(sizes: readonly number[], place: (size: number) => number): readonly number[] {
  const kept: number[] = [];
  for (const size of sizes) {
    const last = kept.at(-1);
    if (last === undefined || place(size) - place(last) >= leastBetweenSizesPx) kept.push(size);
  }
  return kept;
}

const mostLevels = 6;

/** Round values from low to high: 1, 2 and 5 of each decade, or fewer; the ends where that leaves less than two. */
function roundLevels(low: number, high: number): readonly number[] {
  const decades = Array.from(
    { length: Math.floor(Math.log10(high)) - Math.floor(Math.log10(low)) + 1 },
    (_, i) => 10 ** (Math.floor(Math.log10(low)) + i),
  );
  const choices = [[1, 2, 5], [1, 3], [1]].map((steps) =>
    decades.flatMap((decade) => steps.map((step) => step * decade)).filter((level) => level >= low && level <= high),
  );
  const levels = choices.find(({ length }) => length <= mostLevels) ?? choices.at(-1) ?? [];
  return levels.length < 2 ? [low, high] : levels;
}

function drawCurve(
  { points, fit }: Curve,
  index: number,
  x: (size: number) => number,
  y: (ns: number) => number,
): string {
  const line = fit.map((point, i) => `${i === 0 ? "M" : "L"}${at(x(point.x))} ${at(y(point.y))}`).join("");
  const placed = points.map((point) => {
    const [left, top] = [x(point.x), y(point.y)];
    const whisker =
      point.low === null || point.high === null || point.low <= 0
        ? ""
        : `<line class="whisker" x1="${at(left)}" x2="${at(left)}" y1="${at(y(point.low))}" y2="${at(y(point.high))}"/>`;
    const mark =
      index === 0
        ? `<circle class="legend0" cx="${at(left)}" cy="${at(top)}" r="4">`
        : `<rect class="legend${index}" x="${at(left - 4)}" y="${at(top - 4)}" width="8" height="8">`;
    const end = index === 0 ? "circle" : "rect";
    return `${whisker}${mark}<title>${escapeText(`${sizeWords(point.x)}: ${formatDuration(point.y)}`)}</title></${end}>`;
  });
  return `${line === "" ? "" : `<path class="curve${index} fit" d="${line}"/>`}${placed.join("")}`;
}

function logScale(
  values: readonly number[],
  [from, to]: readonly [number, number],
): { readonly low: number; readonly high: number; readonly place: (value: number) => number } {
  const [low, high] = [smallestOf(values), largestOf(values)];
  const span = Math.log(high / low) || 1;
  return { low, high, place: (value) => from + (Math.log(value / low) / span) * (to - from) };
}
