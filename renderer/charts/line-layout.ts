import { area, line } from "d3";
import type { PlotArea } from "./Axis.tsx";
import { type ChartAxis, placeAxis, type PlacedAxis } from "./axis.ts";
import type { ChartSize } from "./ChartFrame.tsx";
import { isHollow, isPlainLine, type LinePoint, type LineSeries, looksOf, type SeriesLook } from "./line-series.ts";
import { seriesLook } from "./marks.tsx";
import { plotAreaOf } from "./plot-area.ts";

export interface PlacedPoint {
  readonly series: number;
  readonly index: number;
  readonly xPx: number;
  readonly yPx: number;
  readonly point: LinePoint;
}

export interface PlacedSeries {
  readonly series: LineSeries;
  readonly look: SeriesLook;
  readonly points: readonly PlacedPoint[];
  /** SVG path through the points that count; null for reference series. */
  readonly linePath: string | null;
  /** SVG path around the intervals; null where fewer than two points have one. */
  readonly bandPath: string | null;
  /** Intervals of single points: px. */
  readonly whiskers: readonly { readonly xPx: number; readonly lowPx: number; readonly highPx: number }[];
}

export interface LineLayout {
  readonly area: PlotArea;
  readonly x: PlacedAxis;
  readonly y: PlacedAxis;
  readonly series: readonly PlacedSeries[];
  /** Points that a log axis cannot show. */
  readonly leftOut: number;
}

/** Lays the series that are shown on the room; colors and shapes stay those of all series. */
export function layoutLines(
  series: readonly LineSeries[],
  hidden: ReadonlySet<string>,
  axes: { readonly x: ChartAxis; readonly y: ChartAxis },
  size: ChartSize,
): LineLayout {
  const plot = plotAreaOf(size);
  const shown = series.filter((each) => !hidden.has(each.id));
  const points = shown.flatMap((each) => each.points);
  const x = placeAxis(
    axes.x,
    points.map((point) => point.x),
    {
      fromPx: plot.leftPx,
      toPx: plot.rightPx,
      tickPx: 64,
    },
    axes.x.ticksAtValues === true ? { places: tickPlaces(shown) } : {},
  );
  const y = placeAxis(axes.y, points.flatMap(extent), { fromPx: plot.bottomPx, toPx: plot.topPx, tickPx: 36 });
  const looks = looksOf(series);
  let leftOut = 0;
  const placed = shown.map((each, index): PlacedSeries => {
    const placedPoints = each.points.flatMap((point, at): readonly PlacedPoint[] => {
      const xPx = x.toPx(point.x);
      const yPx = y.toPx(point.y);
      return xPx === null || yPx === null ? [] : [{ series: index, index: at, xPx, yPx, point }];
    });
    leftOut += each.points.length - placedPoints.length;
    return {
      series: each,
      look: looks.get(each.id) ?? seriesLook(0),
      points: placedPoints,
      ...paths(each, placedPoints, y),
    };
  });
  return { area: plot, x, y, series: placed, leftOut };
}

/** The sizes that were measured, the ends first, since they say how far the curves reach; then those of others. */
function tickPlaces(shown: readonly LineSeries[]): readonly number[] {
  const sizesOf = (wanted: LineSeries["role"]): readonly number[] =>
    shown
      .filter(({ role }) => role === wanted)
      .flatMap(({ points }) => points.map(({ x }) => x))
      .toSorted((a, b) => a - b);
  const measured = sizesOf("measured");
  return [...measured.slice(-1), ...measured, ...sizesOf("reference")];
}

function paths(
  { role }: LineSeries,
  points: readonly PlacedPoint[],
  y: PlacedAxis,
): Pick<PlacedSeries, "linePath" | "bandPath" | "whiskers"> {
  const counted = points.filter(({ point }) => point.excluded === undefined);
  const bounded = points.flatMap(({ xPx, point }) => {
    const lowPx = point.low == null ? null : y.toPx(point.low);
    const highPx = point.high == null ? null : y.toPx(point.high);
    return lowPx === null || highPx === null ? [] : [{ xPx, lowPx, highPx }];
  });
  const drawLine = line<PlacedPoint>(
    ({ xPx }) => xPx,
    ({ yPx }) => yPx,
  );
  const drawBand = area<(typeof bounded)[number]>(
    ({ xPx }) => xPx,
    ({ lowPx }) => lowPx,
    ({ highPx }) => highPx,
  );
  return {
    linePath: isHollow(role) || counted.length < 2 ? null : drawLine(counted),
    bandPath: isHollow(role) || bounded.length < 2 ? null : drawBand(bounded),
    whiskers: isPlainLine(role) ? [] : bounded,
  };
}

/** The nearest point within `reachPx`; null where there is none. */
export function pointNear(layout: LineLayout, xPx: number, yPx: number, reachPx: number): PlacedPoint | null {
  let best: PlacedPoint | null = null;
  let bestPx = reachPx;
  for (const { series, points } of layout.series) {
    if (isPlainLine(series.role)) continue;
    for (const point of points) {
      const distancePx = Math.hypot(point.xPx - xPx, point.yPx - yPx);
      if (distancePx <= bestPx) [best, bestPx] = [point, distancePx];
    }
  }
  return best;
}

/** Where an arrow key leads: left and right along a series, up and down to the series drawn there; null for other keys. */
export function walkPoints(layout: LineLayout, from: PlacedPoint | null, key: string): PlacedPoint | null {
  const walkable = layout.series.filter(({ series, points }) => !isPlainLine(series.role) && points.length > 0);
  const arrows: Readonly<Record<string, readonly [along: number, across: number]>> = {
    ArrowRight: [1, 0],
    ArrowLeft: [-1, 0],
    ArrowUp: [0, -1],
    ArrowDown: [0, 1],
  };
  const step = arrows[key];
  if (step === undefined) return null;
  if (from === null) return walkable[0]?.points[0] ?? null;
  const own = walkable.findIndex(({ points }) => points.includes(from));
  if (step[1] === 0) {
    const points = walkable[own]?.points ?? [];
    return points[points.indexOf(from) + step[0]] ?? from;
  }
  const next = walkable[Math.min(walkable.length - 1, Math.max(0, own + step[1]))];
  return next?.points.toSorted((a, b) => Math.abs(a.xPx - from.xPx) - Math.abs(b.xPx - from.xPx))[0] ?? from;
}

const extent = (point: LinePoint): readonly number[] => [point.y, point.low ?? point.y, point.high ?? point.y];
