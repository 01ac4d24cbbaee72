import { describe, expect, test } from "vitest";
import { axisNumber, axisTitle, type ChartAxis, placeAxis, plainUnit } from "../../../../renderer/charts/axis.ts";
import { signedDuration, signedPercent } from "../../../../renderer/charts/change.ts";
import { toCsv } from "../../../../renderer/charts/chart-table.ts";
import { binsOf, ecdfOf, quantile } from "../../../../renderer/charts/distribution.ts";
import { shadeOf } from "../../../../renderer/charts/HeatMap.tsx";
import { layoutLines, pointNear, walkPoints } from "../../../../renderer/charts/line-layout.ts";
import { legendOf, type LineSeries } from "../../../../renderer/charts/line-series.ts";
import { truncateMiddle } from "../../../../renderer/charts/text.ts";
import { layoutWaterfall, type WaterfallRow } from "../../../../renderer/charts/waterfall-layout.ts";
import { timeUnits } from "../../../../traces/model/format-units.ts";

const time: ChartAxis = { title: "Time per item", unit: timeUnits.ms, scale: "linear" };
const batch: ChartAxis = { title: "Batch size", unit: plainUnit, scale: "log" };
const room = { fromPx: 100, toPx: 500, tickPx: 60 };

describe("axes", () => {
  test("ticks are round in the unit that is shown", () => {
    const placed = placeAxis(time, [1_200_000, 7_700_000], room);
    expect(placed.ticks.map((tick) => tick.text)).toEqual(["0", "2", "4", "6", "8"]);
    expect(placed.toPx(8e6)).toBe(500);
    expect(placed.toPx(0)).toBe(100);
    expect(placed.toValue(300)).toBe(4e6);
    expect(axisTitle(time)).toBe("Time per item, ms");
  });
  test("a log axis spaces factors evenly and has no place for 0", () => {
    const placed = placeAxis(batch, [1, 64, 0, -3], room);
    const px = (value: number): number => placed.toPx(value) ?? Number.NaN;
    expect(px(8) - px(4)).toBeCloseTo(px(64) - px(32), 6);
    expect(placed.toPx(0)).toBeNull();
    expect(placed.toPx(-3)).toBeNull();
    const labels = placed.ticks.filter((tick) => tick.text !== "");
    expect(labels.map((tick) => tick.text)).toContain("10");
    for (const [index, tick] of labels.entries())
      if (index > 0) expect(tick.px - (labels[index - 1]?.px ?? 0)).toBeGreaterThanOrEqual(60);
  });
  test("a log axis of measured sizes has its ticks there, labels as far as there is room, the ends first", () => {
    const ticksOf = (sizes: readonly number[], widthPx: number) => {
      const measured: LineSeries = { id: "a", title: "a", role: "measured", points: sizes.map((x) => ({ x, y: 1 })) };
      const fit: LineSeries = { ...measured, id: "fit", role: "model", points: [{ x: 1.5, y: 1 }] };
      const axes = { x: { ...batch, ticksAtValues: true }, y: time };
      return layoutLines([measured, fit], new Set(), axes, { widthPx, heightPx: 300 }).x.ticks;
    };
    const labels = (sizes: readonly number[], widthPx: number) =>
      ticksOf(sizes, widthPx)
        .map(({ text }) => text)
        .filter((text) => text !== "");
    expect(labels([1, 2, 4, 8], 700)).toEqual(["1", "2", "4", "8"]);
    const powers = Array.from({ length: 13 }, (_, power) => 2 ** power);
    expect(ticksOf(powers, 340)).toHaveLength(13);
    const thinned = labels(powers, 340);
    expect(thinned.length).toBeLessThan(11);
    expect([thinned[0], thinned.at(-1)]).toEqual(["1", "4096"]);
    // One size is no row of ticks: round numbers then.
    expect(labels([3], 700).length).toBeGreaterThan(0);
  });
  test("numbers of ticks are short, grouped and have a real minus", () => {
    expect(axisNumber(0.1 + 0.2, plainUnit)).toBe("0.3");
    expect(axisNumber(-12_000, plainUnit)).toBe("\u221212\u2009000");
    expect(axisNumber(1_500_000, timeUnits.ms)).toBe("1.5");
  });
  test("without values, and with one, an axis still stands", () => {
    expect(placeAxis(time, [], room).ticks.length).toBeGreaterThan(1);
    expect(placeAxis(batch, [], room).toPx(3)).not.toBeNull();
    expect(placeAxis(time, [5e6], room).toPx(5e6)).toBeGreaterThan(100);
  });
});

const series: readonly LineSeries[] = [
  {
    id: "fast",
    title: "fast",
    role: "measured",
    points: [
      { x: 1, y: 4e6, low: 3e6, high: 5e6 },
      { x: 2, y: 2e6, low: 1.5e6, high: 2.5e6 },
      { x: 4, y: 9e6, excluded: "outside the tolerance" },
    ],
  },
  {
    id: "published",
    title: "published",
    role: "reference",
    points: [
      { x: 1, y: 8e6 },
      { x: 0, y: 1 },
    ],
  },
  {
    id: "ideal",
    title: "ideal",
    role: "model",
    lookOf: "fast",
    points: [
      { x: 1, y: 4e6 },
      { x: 4, y: 1e6 },
    ],
  },
];
const size = { widthPx: 600, heightPx: 300 };
const none: ReadonlySet<string> = new Set();

describe("lines", () => {
  const layout = layoutLines(series, none, { x: batch, y: time }, size);
  test("a band needs intervals, a line leaves excluded points out, a reference has neither", () => {
    const [fast, published] = layout.series;
    expect(fast?.bandPath).toMatch(/^M/);
    expect(fast?.points).toHaveLength(3);
    expect(fast?.linePath?.match(/[ML]/g)).toHaveLength(2);
    expect(published?.linePath).toBeNull();
    expect(layout.leftOut).toBe(1);
  });
  test("hiding a series keeps the looks of the others", () => {
    const before = layout.series[1]?.look;
    const after = layoutLines(series, new Set(["fast"]), { x: batch, y: time }, size).series[0]?.look;
    expect(after).toEqual(before);
    const [fast, fit, published] = legendOf(series);
    expect(fit).toMatchObject({ color: fast?.color, sign: "line", partTitle: "ideal" });
    expect(fast?.isHollow).toBe(false);
    const outside = series.slice(0, 1).map((one) => ({
      ...one,
      points: one.points.map((point) => ({ ...point, excluded: "outside its tolerance" })),
    }));
    expect(legendOf(outside)[0]?.isHollow).toBe(true);
    expect(published?.color).not.toBe(fast?.color);
    expect(published?.sign).not.toBe(fast?.sign);
  });
  test("the pointer finds the nearest mark, never a model", () => {
    const mark = layout.series[0]?.points[1];
    if (mark === undefined) throw new Error("no mark");
    expect(pointNear(layout, mark.xPx + 5, mark.yPx - 5, 20)).toBe(mark);
    expect(pointNear(layout, mark.xPx + 50, mark.yPx - 50, 20)).toBeNull();
  });
  test("arrows walk along a series, stop at its ends, and change to the nearest point of another", () => {
    const first = walkPoints(layout, null, "ArrowRight");
    expect(first?.point.x).toBe(1);
    const second = walkPoints(layout, first, "ArrowRight");
    expect(second?.point.x).toBe(2);
    expect(walkPoints(layout, first, "ArrowLeft")).toBe(first);
    expect(walkPoints(layout, second, "ArrowDown")?.series).toBe(1);
    expect(walkPoints(layout, second, "x")).toBeNull();
  });
});

describe("waterfall", () => {
  const rows: readonly WaterfallRow[] = [
    { kind: "total", id: "a", title: "before", valueNs: 100e6 },
    { kind: "change", id: "x", title: "copy", deltaNs: -30e6, tone: "faster", lowNs: -32e6, highNs: -28e6 },
    { kind: "change", id: "y", title: "sort", deltaNs: 10e6, tone: "slower" },
    { kind: "total", id: "b", title: "after", valueNs: 80e6 },
  ];
  const { bars, axis } = layoutWaterfall(rows, timeUnits.ms, 1000);
  const px = (ns: number): number => axis.toPx(ns) ?? Number.NaN;
  test("every change starts where the one before ended, and the last bar ends at the sum", () => {
    expect(bars[1]?.leftPx).toBeCloseTo(px(70e6), 6);
    expect((bars[1]?.leftPx ?? 0) + (bars[1]?.widthPx ?? 0)).toBeCloseTo(px(100e6), 6);
    expect(bars[2]?.leftPx).toBeCloseTo(px(70e6), 6);
    expect(bars[2]?.endPx).toBeCloseTo(bars[3]?.endPx ?? 0, 6);
    expect(bars[1]?.whisker?.[0]).toBeCloseTo(px(68e6), 6);
  });
  test("whiskers stay between titles and numbers, however wide", () => {
    const wide = layoutWaterfall(
      [
        { kind: "total", id: "a", title: "before", valueNs: 10e6 },
        { kind: "change", id: "x", title: "copy", deltaNs: -1e6, tone: "even", lowNs: -14e6, highNs: 12e6 },
        { kind: "total", id: "b", title: "after", valueNs: 9e6 },
      ],
      timeUnits.ms,
      1000,
    );
    const [from, to] = wide.bars[1]?.whisker ?? [0, Infinity];
    expect(from).toBe(wide.barsFromPx);
    expect(to).toBeLessThanOrEqual(wide.barsToPx);
    expect(to).toBeCloseTo(wide.axis.toPx(22e6) ?? Number.NaN, 6);
  });
  test("small changes of a large total get an axis of their own", () => {
    const far = layoutWaterfall(
      [
        { kind: "total", id: "a", title: "before", valueNs: 100e6 },
        { kind: "change", id: "x", title: "copy", deltaNs: -1e6, tone: "faster" },
        { kind: "total", id: "b", title: "after", valueNs: 99e6 },
      ],
      timeUnits.ms,
      1000,
    );
    expect(far.bars[1]?.widthPx).toBeGreaterThan(200);
    expect(far.bars[0]?.leftPx).toBe(far.barsFromPx);
  });
});

describe("distributions", () => {
  test("an ECDF has one step a distinct value and ends at 1", () => {
    expect(ecdfOf([3, 1, 1, 2])).toEqual([
      { value: 1, share: 0.5 },
      { value: 2, share: 0.75 },
      { value: 3, share: 1 },
    ]);
    expect(ecdfOf([])).toEqual([]);
  });
  test("bins are common, hold every value once, and equal values share one", () => {
    const a = Array.from({ length: 100 }, (_, index) => index);
    const { edges, counts } = binsOf([a, [0, 99, 99]]);
    expect(edges[0]).toBe(0);
    expect(edges.at(-1)).toBe(99);
    expect(counts.map((group) => group.reduce((sum, count) => sum + count, 0))).toEqual([100, 3]);
    expect(binsOf([[5, 5, 5]])).toEqual({ edges: [5, 5], counts: [[3]] });
    expect(binsOf([[]]).edges).toEqual([]);
  });
  test("quantiles lie between order statistics", () => {
    expect(quantile([1, 2, 3, 4], 0.5)).toBe(2.5);
    expect(quantile([1, 2, 3, 4], 0)).toBe(1);
  });
});

describe("words and numbers", () => {
  test("deltas carry their sign, and never read 0.00", () => {
    expect(signedDuration(12_400_000)).toBe("+12.4\u2009ms");
    expect(signedDuration(-3_100)).toBe("\u22123.10\u2009µs");
    expect(signedPercent(0.29)).toBe("+29.0\u2009%");
    expect(signedPercent(-0.00001)).toBe("\u2212<\u20090.01\u2009%");
    expect(signedPercent(0)).toBe("0\u2009%");
  });
  test("long names keep both ends", () => {
    expect(truncateMiddle("aten::convolution_backward", 12)).toBe("aten::co…ard");
    expect(truncateMiddle("short", 12)).toBe("short");
  });
  test("CSV quotes what needs it, leaves nothing for what was not collected, and starts no formula", () => {
    const table = {
      columns: [
        { title: "Name", align: "start" as const },
        { title: "Time, ns", align: "end" as const },
      ],
      rows: [
        ['a "b", c', 12.5],
        ["=1+1", null],
      ],
    };
    expect(toCsv(table)).toBe('Name,"Time, ns"\n"a ""b"", c",12.5\n\'=1+1,\n');
  });
  test("shades go from least to most, by factors where values span many", () => {
    const even = shadeOf([0, 50, 100, null]);
    expect([even(0), even(50), even(100)]).toEqual([0, 2, 4]);
    const wide = shadeOf([1, 100, 10_000]);
    expect([wide(1), wide(100), wide(10_000)]).toEqual([0, 2, 4]);
    expect(shadeOf([7])(7)).toBe(0);
  });
});

test("published series differ in their marks, however many curves stand beside them", () => {
  const point = [{ x: 1, y: 1 }];
  const ids = ["a", "b", "c", "d", "e", "f"];
  for (let count = 1; count <= ids.length; count++) {
    const series: LineSeries[] = [
      ...ids.slice(0, count).map((id) => ({ id, title: id, role: "measured" as const, points: point })),
      { id: "ideal", title: "ideal", role: "ideal", points: point },
      ...["loop", "batched"].map((id) => ({ id, title: id, role: "reference" as const, points: point })),
    ];
    const legend = legendOf(series);
    const references = legend.filter(({ isHollow }) => isHollow === true);
    expect(references.map(({ sign }) => sign)).toEqual(["square", "triangle"]);
    const colors = (ids_: readonly string[]): readonly string[] =>
      legend.filter(({ id }) => ids_.includes(id)).map(({ color }) => color);
    expect(new Set(colors(["loop", "batched", "ideal"]))).toEqual(new Set(["var(--series-neutral)"]));
    expect(new Set(colors(ids)).size).toBe(count);
    expect(colors(ids)).not.toContain("var(--series-neutral)");
  }
});
