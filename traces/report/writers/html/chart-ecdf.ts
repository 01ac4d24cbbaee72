import { largestOf, smallestOf } from "../../../model/extremes.ts";
import { formatDuration, formatNumber } from "../../../model/format-units.ts";
import type { Series } from "../../block.ts";
import { escapeText, formatCoordinate as at } from "./escape.ts";

const width = 960;
const height = 220;
const margin = { left: 48, right: 16, top: 22, bottom: 26 };
/** Points of one curve; more are thinned out evenly. */
const mostPoints = 400;

/** Empirical distribution functions: for each value the share of observations at or below it. */
export function drawEcdf(label: string, unit: string, series: readonly Series[]): string {
  const show = (value: number): string => (unit === "ns" ? formatDuration(value) : `${formatNumber(value)} ${unit}`);
  const all = series.flatMap(({ values }) => values);
  const [low, high] = [smallestOf(all), largestOf(all)];
  const x = (value: number): number =>
    margin.left + ((value - low) / (high - low || 1)) * (width - margin.left - margin.right);
  const y = (share: number): number => height - margin.bottom - share * (height - margin.top - margin.bottom);
  const curves = series.map(({ values }, index) => `<path class="curve${index}" d="${toPath(values, x, y)}"/>`);
  const ticks = [0, 0.25, 0.5, 0.75, 1].map(
    (share) =>
      `<line class="grid" x1="${margin.left}" x2="${width - margin.right}" y1="${at(y(share))}" y2="${at(y(share))}"/><text x="${margin.left - 6}" y="${at(y(share) + 4)}" text-anchor="end">${share * 100}%</text>`,
  );
  const ends = [low, (low + high) / 2, high].map(
    (value, i) =>
      `<text x="${at(x(value))}" y="${height - 8}" text-anchor="${["start", "middle", "end"][i] ?? ""}">${escapeText(show(value))}</text>`,
  );
  const legend = series.map(
    (each, index) =>
      `<text class="legend${index}" x="${margin.left + 8 + index * 110}" y="14">${index === 0 ? "━" : "┅"} ${escapeText(each.label)}</text>`,
  );
  return `<svg class="chart" role="img" aria-label="${escapeText(`${label}: share of observations at or below a value`)}" viewBox="0 0 ${width} ${height}">${[...ticks, ...curves, ...ends, ...legend].join("")}</svg>`;
}

function toPath(values: readonly number[], x: (value: number) => number, y: (share: number) => number): string {
  const step = Math.max(1, Math.ceil(values.length / mostPoints));
  let path = "";
  for (let i = 0; i < values.length; i += step) {
    const point = Math.min(values.length - 1, i);
    path += `${path === "" ? `M${at(x(values[point]))} ${at(y(point / values.length))}` : `H${at(x(values[point]))}`}V${at(y((point + 1) / values.length))}`;
  }
  const last = values.at(-1);
  return last === undefined ? "" : `${path}H${at(x(last))}V${at(y(1))}`;
}
