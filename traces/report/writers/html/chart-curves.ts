import { largestOf, smallestOf } from "../../../model/extremes.ts";
import { formatDuration, formatNumber } from "../../../model/format-units.ts";
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
  const y = logScale(
    points.map((point) => point.y),
    [height - margin.bottom, margin.top],
  );
  const sizes = [...new Set(curves.flatMap((curve) => curve.points.map((point) => point.x)))].sort((p, q) => p - q);
  const ticks = sizes.map(
    (size) =>
      `<text x="${at(x.place(size))}" y="${height - 18}" text-anchor="middle">${escapeText(formatNumber(size))}</text>`,
  );
  const levels = [y.low, Math.sqrt(y.low * y.high), y.high].map(
    (ns) =>
      `<line class="grid" x1="${margin.left}" x2="${width - margin.right}" y1="${at(y.place(ns))}" y2="${at(y.place(ns))}"/><text x="${margin.left - 6}" y="${at(y.place(ns) + 4)}" text-anchor="end">${escapeText(formatDuration(ns))}</text>`,
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
    return `${whisker}${mark}<title>${escapeText(`${formatNumber(point.x)}: ${formatDuration(point.y)}`)}</title></${end}>`;
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
